package org.orrery.optimizers;

import java.util.Map;
import java.util.TreeMap;
import org.orrery.nn.Require;

/// A rate that falls by a factor where a metric has not improved for more than `patience` epochs.
///
/// In the form and with the numbers of `torch.optim.lr_scheduler.ReduceLROnPlateau`, except where the best value is negative:
/// there a share of it is a share of its size, so that an equal value is no improvement. It remembers the best value, so one object
/// serves one training.
public final class ReduceOnPlateau implements Schedule {
  /// What counts as an improvement: by a share of the best value, or by an amount.
  public enum Threshold {
    /// metric below best - threshold |best|, or above best + threshold |best| for a score
    RELATIVE,
    /// metric below best - threshold, or above best + threshold for a score
    ABSOLUTE
  }

  /// The numbers of the rule.
  ///
  /// @param goal whether the metric is to fall or to rise
  /// @param factor what the rate is multiplied by
  /// @param patience epochs without improvement that are borne
  /// @param threshold the smallest improvement that counts
  /// @param kind how the threshold is meant
  /// @param cooldown epochs after a fall in which nothing is counted
  /// @param lowest the rate does not fall below it
  /// @param smallest a fall by less does not happen
  public record Options(Goal goal, double factor, int patience, double threshold, Threshold kind, int cooldown,
      double lowest, double smallest) {
    /// A loss, factor 0.1, patience 10, threshold 1e-4 relative, no cooldown, down to 0.
    public Options() {
      this(Goal.LOWEST, 0.1, 10, 1e-4, Threshold.RELATIVE, 0, 0, 1e-8);
    }

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException naming the one that does not do
    public Options {
      Require.fraction("reduce on plateau", "factor", factor);
      Require.notNegative("reduce on plateau", "patience", patience);
      Require.notNegative("reduce on plateau", "threshold", threshold);
      Require.notNegative("reduce on plateau", "cooldown", cooldown);
    }

    /// With this factor.
    public Options withFactor(double value) {
      return new Options(goal, value, patience, threshold, kind, cooldown, lowest, smallest);
    }

    /// With this patience.
    public Options withPatience(int value) {
      return new Options(goal, factor, value, threshold, kind, cooldown, lowest, smallest);
    }
  }

  private final Options options;
  private final double initial;
  private double rate;
  private double best;
  private int bad;
  private int rest;

  /// Starts at a rate.
  public ReduceOnPlateau(double initial, Options options) {
    Require.notNegative("reduce on plateau", "initial rate", initial);
    this.options = options;
    this.initial = initial;
    this.rate = initial;
    this.best = options.goal.worst();
  }

  @Override
  public double rate(long step) {
    return rate;
  }

  @Override
  public void observe(long step, double metric) {
    if (improves(metric)) {
      best = metric;
      bad = 0;
    } else {
      bad++;
    }
    if (rest > 0) {
      rest--;
      bad = 0;
    }
    if (bad > options.patience) {
      double lower = Math.max(rate * options.factor, options.lowest);
      if (rate - lower > options.smallest) {
        rate = lower;
      }
      rest = options.cooldown;
      bad = 0;
    }
  }

  private boolean improves(double metric) {
    if (Double.isInfinite(best)) {
      return options.goal.isBetter(metric, best); // a share of it is no number
    }
    double sign = options.goal == Goal.LOWEST ? -1 : 1;
    double bar = switch (options.kind) {
      case RELATIVE -> best * (1 + sign * Math.signum(best) * options.threshold);
      case ABSOLUTE -> best + sign * options.threshold;
    };
    return options.goal.isBetter(metric, bar);
  }

  @Override
  public Map<String, Double> state() {
    Map<String, Double> state = new TreeMap<>();
    state.put("rate", rate);
    state.put("best", best);
    state.put("bad", (double) bad);
    state.put("rest", (double) rest);
    return state;
  }

  @Override
  public void restore(Map<String, Double> state) {
    Require.that(state.keySet().equals(state().keySet()), "reduce on plateau",
        "a state " + state.keySet() + "; " + state().keySet() + " is required");
    rate = state.getOrDefault("rate", rate);
    best = state.getOrDefault("best", best);
    bad = state.getOrDefault("bad", 0.0).intValue();
    rest = state.getOrDefault("rest", 0.0).intValue();
  }

  /// How it began, not where it is.
  @Override
  public String toString() {
    return "ReduceOnPlateau[initial=" + initial + ", " + options + "]";
  }
}
