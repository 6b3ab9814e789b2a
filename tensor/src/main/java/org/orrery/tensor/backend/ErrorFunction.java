package org.orrery.tensor.backend;

/// The error function in double precision, from a series and a continued fraction none of whose terms cancel.
final class ErrorFunction {
  private static final double ROOT_PI = 1.7724538509055160273;
  private static final double SPLIT = 1.5;
  private static final int DEPTH = 120;

  private ErrorFunction() {
  }

  /// 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, to a few units of the last place.
  static double erf(double x) {
    double size = Math.abs(x);
    return size < SPLIT ? series(x) : Math.signum(x) * (1 - fraction(size));
  }

  /// 1 - erf(x), without cancellation for large x.
  static double erfc(double x) {
    if (x < SPLIT) {
      return 1 - erf(x);
    }
    return fraction(x);
  }

  /// 2 / sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!; Abramowitz & Stegun 7.1.6.
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / ROOT_PI * StrictMath.exp(-x * x) * sum;
  }

  /// erfc(x) = e^(-x^2) / sqrt(pi) / (x + 1/2 / (x + 1 / (x + 3/2 / (x + ...)))); Abramowitz & Stegun 7.1.14. NaN gives NaN.
  private static double fraction(double x) {
    if (x == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double tail = x;
    for (int n = DEPTH; n >= 1; n--) {
      tail = x + n / 2.0 / tail;
    }
    return StrictMath.exp(-x * x) / (ROOT_PI * tail);
  }
}
