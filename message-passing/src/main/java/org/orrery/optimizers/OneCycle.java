package org.orrery.optimizers;

import org.orrery.nn.Require;

/// One cycle over a whole training: from highest / divisor up to highest in the first `rise` of the steps, then down to
/// highest / (divisor finalDivisor); in three phases down as fast as up first, then to the lowest.
///
/// Smith & Topin 2019, in the form and with the numbers of `torch.optim.lr_scheduler.OneCycleLR`. Momentum is not
/// cycled.
///
/// @param highest the rate at the top
/// @param steps in the whole training
/// @param rise the share of the steps that go up
/// @param divisor highest over the first rate
/// @param finalDivisor first rate over the last
/// @param curve between the corners
/// @param phases two or three
public record OneCycle(double highest, int steps, double rise, double divisor, double finalDivisor, Curve curve,
    Phases phases) implements Schedule {
  /// How the rate goes from corner to corner.
  public enum Curve {
    /// Half a cosine.
    COSINE,
    /// A straight line.
    LINEAR;

    private double between(double from, double to, double share) {
      return switch (this) {
        case COSINE -> to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * share));
        case LINEAR -> from + (to - from) * share;
      };
    }
  }

  /// How many phases there are.
  public enum Phases {
    /// Up, then down to the lowest rate.
    TWO,
    /// Up, down to the first rate, then to the lowest.
    THREE
  }

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming the one that does not do
  public OneCycle {
    Require.positive("one cycle", "highest", highest);
    Require.positive("one cycle", "steps", steps);
    double top = rise * steps - 1;
    double longest = phases == Phases.TWO ? steps - 1 : (steps - 1) / 2.0;
    Require.that(top > 0 && top < longest, "one cycle", "rise " + rise + " of " + steps + " steps ends at step " + top
        + "; more than 0 and less than " + longest + " is required, so that no phase is empty");
    Require.positive("one cycle", "divisor", divisor);
    Require.positive("one cycle", "final divisor", finalDivisor);
  }

  /// Rise 0.3, divisor 25, final divisor 10000, cosine, two phases.
  public OneCycle(double highest, int steps) {
    this(highest, steps, 0.3, 25, 1e4, Curve.COSINE, Phases.TWO);
  }

  /// {@inheritDoc}
  ///
  /// @throws IllegalArgumentException after the last step, which is `steps - 1`
  @Override
  public double rate(long step) {
    Require.that(step >= 0 && step < steps, "one cycle",
        "step " + step + "; 0 to " + (steps - 1) + " is required in a cycle of " + steps + " steps");
    double first = highest / divisor;
    double last = first / finalDivisor;
    double top = rise * steps - 1;
    if (step <= top) {
      return curve.between(first, highest, step / top);
    }
    if (phases == Phases.TWO) {
      return curve.between(highest, last, (step - top) / (steps - 1 - top));
    }
    double middle = 2 * rise * steps - 2;
    return step <= middle
        ? curve.between(highest, first, (step - top) / (middle - top))
        : curve.between(first, last, (step - middle) / (steps - 1 - middle));
  }
}
