package org.orrery.optimizers;

/// Whether a metric is to fall, like a loss, or to rise, like an accuracy.
public enum Goal {
  /// The lowest value is the best.
  LOWEST,
  /// The highest value is the best.
  HIGHEST;

  /// Whether the first value is better than the second. NaN is never better.
  public boolean isBetter(double value, double than) {
    return this == LOWEST ? value < than : value > than;
  }

  /// What every number is better than.
  public double worst() {
    return this == LOWEST ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }
}
