package org.orrery.inference;

/// An interval of one parameter, in its own units.
///
/// @param low its lower end
/// @param high its upper end
public record CredibleInterval(double low, double high) {
  /// Whether a value lies in it, ends included.
  public boolean contains(double value) {
    return value >= low && value <= high;
  }

  /// high - low.
  public double width() {
    return high - low;
  }
}
