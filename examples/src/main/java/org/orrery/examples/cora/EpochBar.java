package org.orrery.examples.cora;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.orrery.training.History;
import org.orrery.training.Progress;

/// A bar on standard error that fills with the epochs and goes when training ends.
public final class EpochBar implements Progress {
  private static final int COLUMNS = 100;

  private final String task;
  private final int epochs;
  private @Nullable ProgressBar bar;

  /// A bar for a training of at most so many epochs.
  ///
  /// @param task stands in front of the bar
  public EpochBar(String task, int epochs) {
    this.task = task;
    this.epochs = epochs;
  }

  @Override
  public void started(long from, long to) {
    bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(epochs).setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200).clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS)).build();
  }

  @Override
  public void finished(History.Row row, boolean best) {
    if (bar != null) {
      bar.step();
      bar.setExtraMessage(String.format(Locale.ROOT, "loss %.3f", row.trainLoss()));
    }
  }

  @Override
  public void ended() {
    if (bar != null) {
      bar.close();
    }
  }
}
