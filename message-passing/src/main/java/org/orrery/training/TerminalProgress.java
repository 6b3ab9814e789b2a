package org.orrery.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar that fills with [FractionDone], the time spent and left, and the last numbers; it goes when training ends.
final class TerminalProgress implements Progress {
  private static final int COLUMNS = 79; // given, so that no native library is loaded to ask the terminal
  private static final long PARTS = 1000; // of an epoch

  private final String task;
  private final PrintStream to;
  private final FractionDone done = new FractionDone();
  private @Nullable ProgressBar bar;
  private String numbers = "";
  private long most;

  TerminalProgress(String task, PrintStream to) {
    this.task = task;
    this.to = to;
  }

  @Override
  public void started(long from, long until) {
    numbers = "";
    done.started(from, until);
    most = Math.min(until, Integer.MAX_VALUE) * PARTS; // more means that the time budget ends it
    bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(most).setUnit("", PARTS)
        .startsFrom(from * PARTS, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(200).clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(to, COLUMNS)).build();
  }

  @Override
  public void stepped(long epoch, long step, double loss) {
    done.stepped(epoch, step, loss);
    show(String.format(Locale.ROOT, "loss %.4g%s", loss, numbers));
  }

  @Override
  public void spent(double used) {
    done.spent(used);
  }

  @Override
  public void finished(History.Row row, boolean best) {
    StringBuilder text = new StringBuilder();
    row.metrics().forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
    numbers = text.toString();
    done.finished(row, best);
    show(String.format(Locale.ROOT, "loss %.4g%s", row.trainLoss(), numbers));
  }

  private void show(String message) {
    if (bar != null) {
      bar.stepTo(Math.round(done.value() * most));
      bar.setExtraMessage(message);
    }
  }

  @Override
  public void ended() {
    if (bar != null) {
      bar.close();
    }
  }
}
