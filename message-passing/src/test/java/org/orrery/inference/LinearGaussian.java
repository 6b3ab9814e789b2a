package org.orrery.inference;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// A problem whose posterior is known. With u ~ N(0, 1) in two dimensions the data are
/// x_0 = u_0 + u_1 + n_0 / sqrt 13 and x_1 = u_0 - u_1 + n_1 with standard normal n. The precision of u given x is
/// 1 + A^T N^-1 A = [[15, 12], [12, 15]], so its covariance is [[15, -12], [-12, 15]] / 81: a correlation of -0.8 and standard deviations of
/// sqrt(15 / 81) = 0.4303. Its mean is C A^T N^-1 x = C (13 x_0 + x_1, 13 x_0 - x_1). The parameters are
/// theta = (0.3 + 0.1 u_0, 0.8 + 0.05 u_1).
final class LinearGaussian {
  static final double[] CENTER = {0.3, 0.8};
  static final double[] SPREAD = {0.1, 0.05};
  static final double SIGMA = Math.sqrt(15.0 / 81);
  static final double CORRELATION = -0.8;

  private final double[][] theta;
  private final double[][] x;

  private LinearGaussian(double[][] theta, double[][] x) {
    this.theta = theta;
    this.x = x;
  }

  double[] theta(int example) {
    return theta[example].clone();
  }

  double[] x(int example) {
    return x[example].clone();
  }

  double[][] theta() {
    return theta;
  }

  static LinearGaussian draw(Key key, int examples) {
    float[] normal = key.normal(4 * examples);
    double[][] theta = new double[examples][2];
    double[][] x = new double[examples][2];
    for (int n = 0; n < examples; n++) {
      double first = normal[4 * n];
      double second = normal[4 * n + 1];
      theta[n] = new double[] {CENTER[0] + SPREAD[0] * first, CENTER[1] + SPREAD[1] * second};
      x[n] = new double[] {first + second + normal[4 * n + 2] / Math.sqrt(13), first - second + normal[4 * n + 3]};
    }
    return new LinearGaussian(theta, x);
  }

  static GaussianMixture exact(double[] x) {
    double first = (15 * (13 * x[0] + x[1]) - 12 * (13 * x[0] - x[1])) / 81;
    double second = (-12 * (13 * x[0] + x[1]) + 15 * (13 * x[0] - x[1])) / 81;
    double covariance = -12.0 / 81 * SPREAD[0] * SPREAD[1];
    return GaussianMixture.normal(new double[] {CENTER[0] + SPREAD[0] * first, CENTER[1] + SPREAD[1] * second},
        new double[][] {{15.0 / 81 * SPREAD[0] * SPREAD[0], covariance},
          {covariance, 15.0 / 81 * SPREAD[1] * SPREAD[1]}});
  }

  List<Posterior> exact() {
    List<Posterior> posteriors = new ArrayList<>();
    for (double[] data : x) {
      posteriors.add(exact(data));
    }
    return posteriors;
  }

  Predictions predictions() {
    return Predictions.of(exact(), theta);
  }

  /// Three standard deviations of the prior about its center.
  static PriorBox box() {
    return PriorBox.of(new double[] {0, 0.65}, new double[] {0.6, 0.95});
  }

  Tensor thetaTensor() {
    return rows(theta);
  }

  Tensor xTensor() {
    return rows(x);
  }

  static Tensor rows(double[][] rows) {
    double[] flat = new double[rows.length * rows[0].length];
    for (int k = 0; k < flat.length; k++) {
      flat[k] = rows[k / rows[0].length][k % rows[0].length];
    }
    return Tensor.of(flat, rows.length, rows[0].length);
  }
}
