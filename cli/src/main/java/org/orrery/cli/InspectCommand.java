package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.orrery.io.ArrayFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what is in a file of arrays: names, types, shapes and metadata, and what was not read.
@Command(name = "inspect", mixinStandardHelpOptions = true, description = "Print names, types, shapes and metadata of a file of arrays.")
final class InspectCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A file of arrays; the end of its name tells the format.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ArrayFile content = ArrayFile.read(file);
    long numbers = content.arrays().values().stream().mapToLong(array -> array.shape().elements()).sum();
    out.println(file + ": " + content.format() + ", " + content.arrays().size() + " tensors, " + numbers + " numbers");
    int width = width(content.arrays().keySet());
    content.arrays().forEach((name, array) -> out.println(padded(name, width) + padded(array.type().name(), 4)
        + array.shape()));
    print(out, "metadata", content.metadata());
    print(out, "skipped, not read", content.skipped());
    return 0;
  }

  private static void print(PrintWriter out, String title, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      out.println(title);
      int names = width(texts.keySet());
      texts.forEach((name, value) -> out.println(padded(name, names) + printable(value)));
    }
  }

  private static int width(Set<String> names) {
    return Math.min(80, names.stream().mapToInt(name -> printable(name).length()).max().orElse(0));
  }

  private static String padded(String text, int width) {
    String shown = printable(text);
    return shown + " ".repeat(Math.max(0, width - shown.length()) + 2);
  }

  /// A file's texts must not steer the terminal.
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
