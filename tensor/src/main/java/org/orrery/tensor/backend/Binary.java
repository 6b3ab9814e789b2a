package org.orrery.tensor.backend;

/// The elementwise functions of two arguments. Comparisons give 1 or 0.
public enum Binary {
  /// a + b
  ADD,
  /// a - b
  SUBTRACT,
  /// a b
  MULTIPLY,
  /// a / b
  DIVIDE,
  /// the larger; NaN if either is
  MAXIMUM,
  /// the smaller; NaN if either is
  MINIMUM,
  /// a^b
  POWER,
  /// a > b
  GREATER,
  /// a >= b
  GREATER_EQUAL,
  /// a = b
  EQUAL
}
