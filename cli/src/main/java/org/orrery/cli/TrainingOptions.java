package org.orrery.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.orrery.io.WholeFile;
import org.orrery.training.Progress;
import org.orrery.training.TrainingRun;
import org.orrery.training.TrainingStopped;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What commands that train have in common: a checkpoint that the same command goes on from, an orderly end at Ctrl-C, and
/// how much of it is shown.
final class TrainingOptions {
  /// The exit code of a command that Ctrl-C ended.
  static final int STOPPED = 130;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--checkpoint", paramLabel = "FILE", description = "Keep the training in this file, at Ctrl-C too; the same command goes on from it. With several runs, the second is kept in FILE-2 and so on")
  private @Nullable Path checkpoint;

  @Option(names = "--quiet", description = "The last line alone.")
  private boolean quiet;

  /// A command's work.
  @FunctionalInterface
  interface Work {
    /// Trains by the runs that it asks for.
    void run(Runs runs) throws Exception;
  }

  /// The runs of a command.
  @FunctionalInterface
  interface Runs {
    /// How run r is run.
    ///
    /// @param title stands in front of the progress
    TrainingRun at(int r, String title);
  }

  /// Keeps the training in this file where the command line names none.
  void keepIn(Path file) {
    if (checkpoint == null) {
      checkpoint = file;
    }
  }

  boolean isQuiet() { return quiet; }

  /// Does the work; where Ctrl-C or TERM ends it, says what was kept and how to go on.
  ///
  /// @param runs how many trainings there will be
  /// @return the exit code
  /// @throws java.io.IOException before any work where a checkpoint cannot be written
  int attend(int runs, Work work) throws Exception {
    for (int r = 0; checkpoint != null && r < runs; r++) {
      WholeFile.requireWritable(file(checkpoint, r));
    }
    try (StopSignal signal = StopSignal.install()) {
      return attend(signal, work);
    }
  }

  private int attend(StopSignal signal, Work work) throws Exception {
    try {
      work.run((r, title) -> signal.over(TrainingRun.silent()
          .withProgress(quiet ? Progress.silent() : Progress.terminal(title))
          .withCheckpoint(checkpoint == null ? null : file(checkpoint, r))));
      return 0;
    } catch (TrainingStopped stopped) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("orrery: " + stopped.getMessage() + (checkpoint == null
          ? "; with --checkpoint FILE the same command would go on from there"
          : ": run the same command again"));
      err.flush();
      return STOPPED;
    }
  }

  /// The checkpoint of run r: `run.safetensors`, `run-2.safetensors`, ...
  static Path file(Path first, int r) {
    if (r == 0) {
      return first;
    }
    String name = String.valueOf(first.getFileName());
    int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
    return first.resolveSibling(name.substring(0, dot) + "-" + (r + 1) + name.substring(dot));
  }
}
