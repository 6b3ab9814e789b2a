package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.orrery.io.ArrayFile;
import org.orrery.io.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes the arrays of one file in the format of another; what has no place there is named.
@Command(name = "convert", mixinStandardHelpOptions = true, description = "Convert a file of arrays to .safetensors, .npz or .npy.")
final class ConvertCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "IN", description = "A file of arrays; the end of its name tells the format.")
  private Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to write or replace: .safetensors, .npz or .npy.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    ArrayFile.Format target = ArrayFile.Format.of(out);
    if (Files.exists(in) && Files.exists(out) && Files.isSameFile(in, out)) {
      throw new IOException(in + " and " + out + " are one file; two are required");
    }
    WholeFile.requireWritable(out);
    ArrayFile content = ArrayFile.read(in);
    content.write(out);
    PrintWriter err = spec.commandLine().getErr();
    if (target != ArrayFile.Format.SAFETENSORS && !content.metadata().isEmpty()) {
      err.println("orrery: " + out + " holds no metadata; "
          + InspectCommand.printable(String.join(", ", content.metadata().keySet())) + " is left out");
    }
    if (!content.skipped().isEmpty()) {
      err.println("orrery: " + in + " holds what is not read; "
          + InspectCommand.printable(String.join(", ", content.skipped().keySet())) + " is left out");
    }
    spec.commandLine().getOut().println(out + ": " + target + ", " + content.arrays().size() + " tensors");
    return 0;
  }
}
