package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Whatever goes wrong, a command ends with one line that says what to do, and an exit code.
class FailuresTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /// What it was given to throw.
  @Command(name = "fail")
  static final class Fail implements Runnable {
    private final Throwable failure;

    Fail(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void run() {
      switch (failure) {
        case Error error -> throw error;
        case RuntimeException error -> throw error;
        default -> throw new IllegalStateException(failure);
      }
    }
  }

  /// What overflows the stack by itself.
  @Command(name = "deep")
  static final class Deep implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("reached " + depth(0));
    }

    private static int depth(int from) {
      return from < 0 ? from : depth(from + 1) + 1;
    }
  }

  private int run(CommandLine line, String... arguments) {
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  private String line(Throwable failure) {
    err.getBuffer().setLength(0);
    assertEquals(1, run(Main.commandLine().addSubcommand(new Fail(failure)), "fail"));
    String said = err.toString();
    assertTrue(said.startsWith("orrery: ") && said.lines().count() == 1, said);
    return said.strip();
  }

  @Test
  void aLimitOfTheVirtualMachineNamesTheOptionThatRaisesIt() {
    Map<Throwable, String> cures = Map.of(
        new OutOfMemoryError("Java heap space"), "out of memory (Java heap space): Java may use ",
        new OutOfMemoryError("GC overhead limit exceeded"), "more is ORRERY_JAVA_OPTS=-Xmx8g, or use less data at once",
        new OutOfMemoryError("Requested array size exceeds VM limit"), "an array would be longer than Java allows",
        new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory"),
        "ORRERY_JAVA_OPTS=-XX:MaxDirectMemorySize=8g",
        new OutOfMemoryError("unable to create native thread"), "ask for fewer by --threads",
        new StackOverflowError(), "more stack is ORRERY_JAVA_OPTS=-Xss64m",
        new IllegalStateException("a worker failed", new OutOfMemoryError("Java heap space")), "-Xmx8g");
    cures.forEach((failure, part) -> {
      String said = line(failure);
      assertTrue(said.contains(part), said);
    });
    err.getBuffer().setLength(0);
    assertEquals(1, run(Main.commandLine().addSubcommand(new Deep()), "deep"));
    assertEquals(line(new StackOverflowError()), err.toString().lines().toList().getFirst());
  }

  @Test
  void everyOtherFailureIsOneLineToo() {
    assertEquals("orrery: java.lang.ExceptionInInitializerError; this is a defect, and --debug shows where",
        line(new ExceptionInInitializerError((String) null)));
    assertEquals("orrery: java.lang.NullPointerException; --debug shows where", line(new NullPointerException()));
    assertEquals("orrery: first; second", line(new IllegalArgumentException("first\n  second\n")));
    assertEquals("orrery: x.csv: no such file or folder",
        line(new UncheckedIOException(new NoSuchFileException("x.csv"))));
    assertEquals("orrery: no end", line(new UncheckedIOException("no end", new IOException("other"))));
    RuntimeException circle = new IllegalStateException("circle");
    circle.initCause(new IllegalStateException("back", circle));
    assertEquals("orrery: circle", line(circle));
  }

  @Test
  void debugShowsWhereAnErrorCameFrom() {
    assertEquals(1, run(Main.commandLine().addSubcommand(new Fail(new OutOfMemoryError("Java heap space"))), "--debug",
        "fail"));
    assertTrue(err.toString().contains("at org.orrery.cli"), err.toString());
  }

  private void refused(String message, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(Main.commandLine(), arguments), String.join(" ", arguments));
    assertEquals("orrery: " + message, err.toString().strip());
  }

  @Test
  void aFolderThatStandsForAFileIsRefusedByEveryCommand() throws IOException {
    Path file = Files.writeString(folder.resolve("data.csv"), "1");
    int checked = 0;
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      List<ArgSpec> arguments = new ArrayList<>(command.getCommandSpec().args());
      for (ArgSpec argument : arguments) {
        if (argument.type() != Path.class || argument.paramLabel().equals(FileArguments.EITHER)) {
          continue;
        }
        boolean isFolder = argument.paramLabel().equals("DIR");
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        List<String> line = new ArrayList<>(List.of(command.getCommandName()));
        for (ArgSpec other : arguments) {
          boolean needed = other.equals(argument) || (other.required() && other.type() == Path.class);
          if (needed) {
            boolean wantsFolder = other.paramLabel().equals("DIR");
            line.addAll(words(other, other.equals(argument) == wantsFolder ? file.toString() : folder.toString()));
          } else if (other.required()) {
            line.addAll(words(other, "1"));
          }
        }
        err.getBuffer().setLength(0);
        int code = run(Main.commandLine(), line.toArray(String[]::new));
        String wrong = isFolder
            ? name + ": " + file + " is a file; a folder is required"
            : ": " + folder + " is a folder; a file is required";
        assertEquals(2, code, line + ": " + err);
        assertTrue(err.toString().contains(wrong) || err.toString().contains("mutually exclusive"), line + ": " + err);
        checked++;
      }
    }
    assertTrue(checked >= 20, checked + " arguments");
  }

  private static List<String> words(ArgSpec argument, String value) {
    return argument instanceof OptionSpec option ? List.of(option.longestName(), value) : List.of(value);
  }

  @Test
  void aDashIsNoNameOfAFile() {
    refused("--out: - is no standard stream here; a file of that name is ./-", "karate", "--out", "-");
    refused("OUT: - is no standard stream here; a file of that name is ./-", "convert", "a.npz", "-");
    assertFalse(Files.exists(Path.of("-")));
  }

  @Test
  void whatCannotBeWrittenIsNamedBeforeAnyWork() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "all the world's a stage\n".repeat(100));
    Path gone = folder.resolve("gone").resolve("file");
    List<List<String>> commands = List.of(List.of("karate", "--out", gone + ".png"),
        List.of("shakespeare", "--data", text.toString(), "--checkpoint", gone.toString()),
        List.of("cora", "--data", folder.toString(), "--checkpoint", gone.toString()),
        List.of("galaxy-zoo", "--data", text.toString(), "--runs", "2", "--checkpoint", gone.toString()),
        List.of("convert", folder.resolve("none.npz").toString(), gone + ".npz"));
    for (List<String> command : commands) {
      err.getBuffer().setLength(0);
      assertEquals(1, run(Main.commandLine(), command.toArray(String[]::new)));
      assertTrue(err.toString().contains(": there is no folder " + gone.getParent()), err.toString());
    }
    assertEquals("", out.toString());
  }
}
