package org.orrery.training;

import java.time.Duration;

/// Which part of a training is done, as a listener can know it: of the time budget where there is one, else epochs, and
/// steps of the running epoch from the second epoch on.
final class FractionDone implements Progress {
  private long until;
  private long epoch;
  private long stepsOfLast; // epoch; 0 where none is done
  private long firstStep; // of the running epoch; -1 before it
  private long nextStep;
  private double start;
  private double used = Double.NaN; // of the budget

  @Override
  public void started(long from, long to) {
    until = to;
    epoch = from;
    stepsOfLast = 0;
    firstStep = -1;
    used = Double.NaN;
    start = value();
  }

  @Override
  public void stepped(long running, long step, double loss) {
    epoch = running;
    nextStep = step + 1;
    if (firstStep < 0) {
      firstStep = step;
    }
  }

  @Override
  public void spent(double part) {
    if (Double.isNaN(used)) {
      start = part; // that of the first step is small
    }
    used = part;
  }

  @Override
  public void finished(History.Row row, boolean best) {
    stepsOfLast = firstStep < 0 ? 0 : nextStep - firstStep;
    firstStep = -1;
    epoch = row.epoch() + 1;
  }

  /// 0 to 1.
  double value() {
    if (!Double.isNaN(used)) {
      return used;
    }
    double steps = firstStep < 0 || stepsOfLast == 0 ? 0 : Math.min(1, (nextStep - firstStep) / (double) stepsOfLast);
    return until == 0 ? 1 : Math.min(1, (epoch + steps) / until);
  }

  /// The time left where so much took so long, as `2:05` or `1:02:05`; empty where nothing can be said.
  String left(double seconds) {
    double done = value() - start;
    return done > 0 ? time((1 - value()) / done * seconds) : "";
  }

  private static String time(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(Math.min(seconds, 1e9)));
    return left.toHours() > 0
        ? "%d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart())
        : "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
