package org.orrery.training;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Told how a training goes, to show it. Nothing in it changes the training.
public interface Progress {
  /// Before the first epoch.
  ///
  /// @param from the first epoch that will run, above 0 where a training is resumed
  /// @param to one after the last
  default void started(long from, long to) {
  }

  /// After each step.
  ///
  /// @param step counted over all epochs from 0
  default void stepped(long epoch, long step, double loss) {
  }

  /// After each step of a training with a time budget.
  ///
  /// @param used the part of the budget that is used up, at most 1
  default void spent(double used) {
  }

  /// After each epoch.
  ///
  /// @param best whether it is the best so far
  default void finished(History.Row row, boolean best) {
  }

  /// Something that is allowed and seldom meant, once; it is logged as a warning unless this is overridden.
  default void noticed(String what) {
    System.getLogger(Progress.class.getPackageName()).log(System.Logger.Level.WARNING, what);
  }

  /// After the last epoch, or where training fails.
  default void ended() {
  }

  /// Shows nothing.
  static Progress silent() {
    return new Progress() {
    };
  }

  /// [#terminal(String)] of epochs.
  static Progress terminal() {
    return terminal("epochs");
  }

  /// A bar with the time left and the last numbers on the standard error stream where there is a terminal, which goes when
  /// training ends; else the same as a line every half minute.
  ///
  /// @param task stands in front
  @SuppressWarnings("SystemConsoleNull") // the console of JDK 25 is null again where there is no terminal
  static Progress terminal(String task) {
    Console console = System.console();
    return console != null && console.isTerminal()
        ? new TerminalProgress(task, System.err)
        : new SeldomLines(task, System.err, Duration.ofSeconds(30), System::nanoTime);
  }

  /// A line for each epoch.
  static Progress lines(PrintStream to) {
    return new Progress() {
      @Override
      public void finished(History.Row row, boolean best) {
        StringBuilder line = new StringBuilder(
            String.format(Locale.ROOT, "epoch %d  loss %.6g", row.epoch(), row.trainLoss()));
        row.metrics().forEach((name, value) -> line.append(String.format(Locale.ROOT, "  %s %.6g", name, value)));
        line.append(String.format(Locale.ROOT, "  rate %.3g  %.1f s%s", row.rate(), row.seconds(), best ? "  *" : ""));
        to.println(line);
      }
    };
  }
}
