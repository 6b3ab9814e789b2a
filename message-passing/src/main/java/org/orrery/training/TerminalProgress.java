package org.orrery.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar that fills with the epochs, or with the time budget where there is one, the time spent and left, and the last
/// numbers; it goes when training ends. From the second epoch on it moves with the steps.
final class TerminalProgress implements Progress {
  private static final int COLUMNS = 79; // given, so that no native library is loaded to ask the terminal
  private static final long PARTS = 1000; // of an epoch, or of a budget

  private final String task;
  private final PrintStream to;
  private @Nullable ProgressBar bar;
  private String numbers = "";
  private boolean budgeted;
  private long stepsOfLast; // epoch; 0 where none is done
  private long firstStep = -1; // of the running epoch
  private long nextStep;

  TerminalProgress(String task, PrintStream to) {
    this.task = task;
    this.to = to;
  }

  @Override
  public void started(long from, long until) {
    numbers = "";
    budgeted = false;
    stepsOfLast = 0;
    firstStep = -1;
    long epochs = Math.min(until, Integer.MAX_VALUE); // more means that the time budget ends it
    bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(epochs * PARTS).setUnit("", PARTS)
        .startsFrom(from * PARTS, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(200).clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(to, COLUMNS)).build();
  }

  @Override
  public void stepped(long epoch, long step, double loss) {
    if (firstStep < 0) {
      firstStep = step;
    }
    if (bar != null) {
      if (!budgeted && stepsOfLast > 0) {
        bar.stepTo(epoch * PARTS + Math.min(PARTS - 1, (step + 1 - firstStep) * PARTS / stepsOfLast));
      }
      bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4g%s", loss, numbers));
    }
    nextStep = step + 1;
  }

  @Override
  public void spent(double used) {
    if (bar != null) {
      budgeted = true;
      bar.maxHint(PARTS);
      bar.stepTo((long) (used * PARTS));
    }
  }

  @Override
  public void finished(History.Row row, boolean best) {
    StringBuilder text = new StringBuilder();
    row.metrics().forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
    numbers = text.toString();
    stepsOfLast = firstStep < 0 ? 0 : nextStep - firstStep;
    firstStep = -1;
    if (bar != null) {
      if (!budgeted) {
        bar.stepTo((row.epoch() + 1) * PARTS);
      }
      bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4g%s", row.trainLoss(), numbers));
    }
  }

  @Override
  public void ended() {
    if (bar != null) {
      bar.close();
    }
  }
}
