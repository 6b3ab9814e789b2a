package org.orrery.tensor.backend;

import java.util.function.DoubleBinaryOperator;

/// The elementwise functions of two arguments. Comparisons give 1 or 0.
@SuppressWarnings("ImmutableEnumChecker") // functions without state
public enum Binary {
  /// a + b
  ADD((a, b) -> a + b),
  /// a - b
  SUBTRACT((a, b) -> a - b),
  /// a b
  MULTIPLY((a, b) -> a * b),
  /// a / b
  DIVIDE((a, b) -> a / b),
  /// the larger; NaN if either is
  MAXIMUM(Math::max),
  /// the smaller; NaN if either is
  MINIMUM(Math::min),
  /// a^b
  POWER(StrictMath::pow),
  /// a > b
  GREATER((a, b) -> a > b ? 1 : 0),
  /// a >= b
  GREATER_EQUAL((a, b) -> a >= b ? 1 : 0),
  /// a = b
  EQUAL((a, b) -> a == b ? 1 : 0);

  private final DoubleBinaryOperator value;

  Binary(DoubleBinaryOperator value) {
    this.value = value;
  }

  /// f(a, b) in double precision, the definition.
  public double apply(double a, double b) {
    return value.applyAsDouble(a, b);
  }
}
