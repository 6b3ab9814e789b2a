package org.orrery.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// A line now and then, for logs: how much is done, the last numbers and the time left.
final class SeldomLines implements Progress {
  private final String task;
  private final PrintStream to;
  private final long every;
  private final LongSupplier clock;
  private final FractionDone done = new FractionDone();
  private String numbers = "";
  private long began;
  private long last;

  /// @param every how long it is silent between two lines, and at first
  /// @param clock in nanoseconds
  SeldomLines(String task, PrintStream to, Duration every, LongSupplier clock) {
    this.task = task;
    this.to = to;
    this.every = every.toNanos();
    this.clock = clock;
  }

  @Override
  public void started(long from, long until) {
    numbers = "";
    began = clock.getAsLong();
    last = began;
    done.started(from, until);
  }

  @Override
  public void stepped(long epoch, long step, double loss) {
    done.stepped(epoch, step, loss);
    sayIfDue(String.format(Locale.ROOT, "loss %.4g%s", loss, numbers));
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
    sayIfDue(String.format(Locale.ROOT, "loss %.4g%s", row.trainLoss(), numbers));
  }

  private void sayIfDue(String shown) {
    long now = clock.getAsLong();
    if (now - last >= every) {
      last = now;
      String left = done.left((now - began) * 1e-9);
      to.println(String.format(Locale.ROOT, "%s  %.0f %%  %s%s", task, 100 * done.value(), shown,
          left.isEmpty() ? "" : "  " + left + " left"));
    }
  }
}
