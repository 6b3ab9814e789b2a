package org.orrery.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar that fills with the epochs, and the last numbers; it goes when training ends.
final class TerminalProgress implements Progress {
  private static final int COLUMNS = 79; // given, so that no native library is loaded to ask the terminal

  private final String task;
  private final PrintStream to;
  private @Nullable ProgressBar bar;
  private String numbers = "";

  TerminalProgress(String task, PrintStream to) {
    this.task = task;
    this.to = to;
  }

  @Override
  public void started(long from, long until) {
    numbers = "";
    bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(until).startsFrom(from, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(200).clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(to, COLUMNS)).build();
  }

  @Override
  public void stepped(long epoch, long step, double loss) {
    if (bar != null) {
      bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4g%s", loss, numbers));
    }
  }

  @Override
  public void finished(History.Row row, boolean best) {
    StringBuilder text = new StringBuilder();
    row.metrics().forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
    numbers = text.toString();
    if (bar != null) {
      bar.stepTo(row.epoch() + 1);
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
