package org.orrery.inference;

import org.apache.commons.statistics.distribution.NormalDistribution;

/// Points that fill the unit cube evenly: the k-th is the fractional part of 1/2 + k a, a_j = g^-j, where g is the positive root of
/// g^(d + 1) = g + 1, the golden ratio for d = 1.
///
/// Roberts 2018, "The unreasonable effectiveness of quasirandom sequences"; a Kronecker sequence.
final class EvenPoints {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private EvenPoints() {
  }

  /// Points in the open unit cube, a row each.
  static double[][] uniform(int count, int dimensions) {
    double ratio = 2;
    for (int i = 0; i < 64; i++) { // a contraction: each round halves the error or better
      ratio = Math.pow(1 + ratio, 1.0 / (dimensions + 1));
    }
    double[] step = new double[dimensions];
    for (int j = 0; j < dimensions; j++) {
      step[j] = Math.pow(ratio, -(j + 1));
    }
    double[][] points = new double[count][dimensions];
    for (int k = 0; k < count; k++) {
      for (int j = 0; j < dimensions; j++) {
        double x = 0.5 + (k + 1) * step[j];
        points[k][j] = Math.max(x - Math.floor(x), Double.MIN_NORMAL);
      }
    }
    return points;
  }

  /// Points that fill the standard normal distribution, a row each.
  static double[][] normal(int count, int dimensions) {
    double[][] points = uniform(count, dimensions);
    for (double[] point : points) {
      toNormal(point);
    }
    return points;
  }

  static void toNormal(double[] uniform) {
    for (int j = 0; j < uniform.length; j++) {
      uniform[j] = NORMAL.inverseCumulativeProbability(uniform[j]);
    }
  }
}
