package org.orrery.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The entry of `./orrery`. A new command is a class `...Command` with `@Command` in its own file of this package: it is found.
///
/// Exit codes: 0 success, 1 the command failed, 2 the command line was wrong, 130 Ctrl-C ended it.
@Command(name = "orrery", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, description = "Graph neural networks for physical systems.", synopsisSubcommandLabel = "COMMAND", footer = {
  "",
  "And, by the launcher:", "  run FILE.java  Run a Java source file against the library.",
  "  test           Run every check.", "  format         Format the sources.",
  "  bench          Time workloads and kernels.", "  jdk            Print the JDK in use."})
public final class Main implements Runnable {
  private static final int MOST_THREADS = 4096;

  @Spec
  private CommandSpec spec;

  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
  private boolean debug;

  @Option(names = "--threads", paramLabel = "N", scope = ScopeType.INHERIT, description = "How many threads the CPU backend uses; results do not depend on it. Default: ORRERY_THREADS, else one for each processor")
  private @Nullable Integer threads;

  /// Runs a command line and ends the process with its exit code.
  ///
  /// @param arguments the command and its options
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /// Runs a command line on the standard streams and returns its exit code.
  static int run(String... arguments) {
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    int code = executed(out, arguments);
    if (out.checkError()) {
      System.err.println("orrery: the output could not be written");
      return code == 0 ? CommandLine.ExitCode.SOFTWARE : code;
    }
    return code;
  }

  private static int executed(PrintWriter out, String... arguments) {
    try {
      return commandLine().setOut(out).execute(arguments);
    } catch (RuntimeException | Error failure) { // before a command runs
      System.err.println("orrery: " + Failures.message(failure));
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /// The commands, writing to the standard streams unless told otherwise.
  static CommandLine commandLine() {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    Commands.found().forEach(line::addSubcommand);
    return line.setExecutionExceptionHandler(main::report).setExecutionStrategy(main::execute);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }

  /// Says how many threads before a command makes the first tensor: the backend reads it once.
  private int execute(ParseResult parsed) {
    if (threads != null) {
      if (threads < 1 || threads > MOST_THREADS) {
        throw new CommandLine.ParameterException(spec.commandLine(),
            "--threads: " + threads + "; 1 to " + MOST_THREADS + " is required");
      }
      System.setProperty("orrery.threads", threads.toString());
    }
    CommandLine command = parsed.asCommandLineList().getLast();
    String wrong = FileArguments.wrong(parsed);
    if (wrong != null) {
      command.getErr().println("orrery: " + wrong);
      command.getErr().flush();
      return CommandLine.ExitCode.USAGE;
    }
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error failure) { // what the virtual machine ran out of, and defects: one line too
      return report(failure, command, parsed);
    }
  }

  private int report(Throwable error, CommandLine command, @Nullable ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (debug) {
      error.printStackTrace(err);
    } else {
      err.println("orrery: " + Failures.message(error));
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /// The version in the jar's manifest; a class folder has none.
  static final class Version implements IVersionProvider {
    static String current() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(development)" : version;
    }

    @Override
    public String[] getVersion() { return new String[] {"orrery " + current()}; }
  }
}
