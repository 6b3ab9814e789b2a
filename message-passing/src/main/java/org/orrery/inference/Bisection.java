package org.orrery.inference;

import java.util.function.DoubleUnaryOperator;

/// Where a rising function is 0, to the last bit.
final class Bisection {
  private Bisection() {
  }

  /// @param low where it is not above 0
  /// @param high where it is not below 0
  static double of(DoubleUnaryOperator rising, double low, double high) {
    double a = low;
    double b = high;
    while (true) {
      double middle = a + (b - a) / 2;
      if (!(middle > a && middle < b)) {
        return middle;
      }
      if (rising.applyAsDouble(middle) < 0) {
        a = middle;
      } else {
        b = middle;
      }
    }
  }
}
