package org.orrery.inference;

import java.util.Arrays;
import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Normal distributions as a network gives them: mean m, logarithms a of the precisions' roots and, for a full covariance, the
/// entries b below the diagonal of a unit triangle.
///
/// The whitened residual is z_i = e^(a_i) (u_i + sum_(j < i) b_ij u_j) with u = theta - m, and
/// log N = -|z|^2 / 2 + sum a - d log(2 pi) / 2. Any numbers give a covariance, and no matrix is inverted in training:
/// e^(-a_i) is the standard deviation of theta_i given those before it, and -b_ij how it depends on them (Pourahmadi 1999).
///
/// @param dimensions d
/// @param full whether there are entries b
record GaussianNumbers(int dimensions, boolean full) {
  private static final double HALF_LOG_2_PI = 0.91893853320467274178;

  int pairs() {
    return full ? dimensions * (dimensions - 1) / 2 : 0;
  }

  /// How many numbers a distribution has.
  int count() {
    return 2 * dimensions + pairs();
  }

  /// log N of each component: numbers `[examples, components, count]` and standardized theta `[examples, dimensions]` to
  /// `[examples, components]`.
  Tensor logDensity(Tensor numbers, Tensor theta) {
    List<Tensor> parts = numbers.split(2, dimensions, dimensions, pairs());
    Tensor residual = theta.unsqueeze(1).subtract(parts.get(0));
    Tensor mixed = residual;
    if (pairs() > 0) {
      Tensor before = Backends.with(numbers.backend(), () -> selection(false));
      Tensor after = Backends.with(numbers.backend(), () -> selection(true)).transpose();
      mixed = residual.add(residual.matmul(before).multiply(parts.get(2)).matmul(after));
    }
    Tensor white = mixed.multiply(parts.get(1).exp());
    return white.square().multiply(-0.5).add(parts.get(1)).subtract(HALF_LOG_2_PI).sum(-1);
  }

  /// The columns i (or j) of the pairs i > j, as a matrix of 0 and 1: `[dimensions, pairs]`.
  private Tensor selection(boolean later) {
    double[] chosen = new double[dimensions * pairs()];
    int pair = 0;
    for (int i = 1; i < dimensions; i++) {
      for (int j = 0; j < i; j++, pair++) {
        chosen[(later ? i : j) * pairs() + pair] = 1;
      }
    }
    return Tensor.of(chosen, dimensions, pairs());
  }

  /// The mean in own units of the distribution whose numbers start at a place.
  double[] mean(double[] numbers, int from, double[] offset, double[] scale) {
    double[] mean = new double[dimensions];
    Arrays.setAll(mean, i -> offset[i] + scale[i] * numbers[from + i]);
    return mean;
  }

  /// The factor of its covariance, L = (diag(e^a) (1 + b))^-1, in own units.
  CovarianceFactor factor(String who, double[] numbers, int from, double[] scale) {
    double[][] lower = new double[dimensions][dimensions];
    int pair = from + 2 * dimensions;
    for (int i = 0; i < dimensions; i++) {
      for (int j = 0; j < i && full; j++) { // row i of L: u_i = e^(-a_i) z_i - sum_j b_ij u_j
        double b = numbers[pair++];
        Require.that(Double.isFinite(b), who, "the network gives " + b + "; finite numbers are required");
        for (int k = 0; k <= j; k++) {
          lower[i][k] -= b * lower[j][k];
        }
      }
      lower[i][i] = Math.exp(-numbers[from + dimensions + i]);
    }
    return CovarianceFactor.ofLower(who, lower).scaled(scale);
  }
}
