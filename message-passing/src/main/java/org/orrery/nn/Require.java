package org.orrery.nn;

import org.orrery.tensor.Tensor;

/// Checks of numbers, with the message that the whole package uses: who asks, what came, what is required.
public final class Require {
  private Require() {
  }

  /// Nothing where it holds.
  ///
  /// @throws IllegalArgumentException `who: what` where it does not
  public static void that(boolean holds, String who, String what) {
    if (!holds) {
      throw new IllegalArgumentException(who + ": " + what);
    }
  }

  /// A finite number of 0 or more.
  public static void notNegative(String who, String name, double value) {
    that(value >= 0 && Double.isFinite(value), who, name + " " + value + "; a number of 0 or more is required");
  }

  /// A finite number above 0.
  public static void positive(String who, String name, double value) {
    that(value > 0 && Double.isFinite(value), who, name + " " + value + "; a positive number is required");
  }

  /// A number of [0, 1).
  public static void fraction(String who, String name, double value) {
    that(value >= 0 && value < 1, who, name + " " + value + "; at least 0 and below 1 is required");
  }

  /// A prediction of the shape of its target.
  public static void sameShape(String who, Tensor prediction, Tensor target) {
    that(prediction.shape().equals(target.shape()), who,
        "prediction " + prediction.shape() + " and target " + target.shape() + "; shapes must be equal");
  }
}
