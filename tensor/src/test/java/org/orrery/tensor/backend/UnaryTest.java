package org.orrery.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What each constant says of its function is consistent.
class UnaryTest {
  private static final double STEP = 1e-3;
  private static final double[] ALPHAS = {0.7, 2, 3, 1, 0};

  /// The five-point central difference, whose error is of fourth order in the step.
  private static double difference(Unary kind, double alpha, double x) {
    double near = kind.apply(x + STEP, alpha) - kind.apply(x - STEP, alpha);
    double far = kind.apply(x + 2 * STEP, alpha) - kind.apply(x - 2 * STEP, alpha);
    return (8 * near - far) / (12 * STEP);
  }

  @ParameterizedTest
  @EnumSource
  void theSlopeIsThatOfTheValue(Unary kind) {
    double start = Math.max(kind.least() + 0.3, -6) + 0.0137; // misses corners by more than two steps
    for (double alpha : ALPHAS) {
      for (double x = start; x < 6; x += 0.05) {
        double slope = kind.slope(alpha).evaluate(x, kind.apply(x, alpha));
        assertEquals(difference(kind, alpha, x), slope, 1e-7 * Math.max(1, Math.abs(slope)),
            kind + "' at " + x + " with alpha " + alpha);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void valueAndSlopeAreFiniteAboveTheLeastArgument(Unary kind) {
    double start = Math.max(kind.least(), -50) + 1e-3;
    for (double x = start; x < 50; x += 0.25) {
      double y = kind.apply(x, 0.7);
      assertTrue(Double.isFinite(y) && Double.isFinite(kind.slope(0.7).evaluate(x, y)), kind + " at " + x);
    }
  }
}
