package org.orrery.inference;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.orrery.nn.Require;

/// The lower triangular L of a covariance C = L L^T (Cholesky), with what needs it: distances, determinants, draws.
final class CovarianceFactor {
  private final double[][] lower;

  private CovarianceFactor(double[][] lower) {
    this.lower = lower;
  }

  /// The factor of a covariance.
  ///
  /// @throws IllegalArgumentException where it is not symmetric and positive definite
  static CovarianceFactor of(String who, double[][] covariance) {
    int size = covariance.length;
    DMatrixRMaj matrix = new DMatrixRMaj(size, size);
    for (int i = 0; i < size; i++) {
      Require.that(covariance[i].length == size, who,
          "row " + i + " of the covariance has " + covariance[i].length + " entries; " + size + " are required");
      for (int j = 0; j < size; j++) {
        double scale = Math.sqrt(Math.abs(covariance[i][i] * covariance[j][j]));
        Require.that(Math.abs(covariance[i][j] - covariance[j][i]) <= 1e-9 * scale, who,
            "covariance of " + i + " and " + j + " is " + covariance[i][j] + " and " + covariance[j][i]
                + "; a symmetric matrix is required");
        matrix.set(i, j, covariance[i][j]);
      }
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(size, true);
    Require.that(cholesky.decompose(matrix), who, "the covariance is not positive definite");
    DMatrixRMaj factor = cholesky.getT(null);
    double[][] lower = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        lower[i][j] = factor.get(i, j);
      }
    }
    return ofLower(who, lower);
  }

  /// The factor that is a lower triangle already.
  static CovarianceFactor ofLower(String who, double[][] lower) {
    for (int i = 0; i < lower.length; i++) {
      Require.that(lower[i][i] > 0 && Double.isFinite(lower[i][i]), who,
          "conditional standard deviation of parameter " + i + " is " + lower[i][i]
              + "; a positive number is required");
    }
    return new CovarianceFactor(lower);
  }

  int size() {
    return lower.length;
  }

  /// L L^T.
  double[][] covariance() {
    int size = lower.length;
    double[][] covariance = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        for (int k = 0; k <= j; k++) {
          covariance[i][j] += lower[i][k] * lower[j][k];
        }
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  /// sqrt(C_ii).
  double sigma(int i) {
    double sum = 0;
    for (int k = 0; k <= i; k++) {
      sum += lower[i][k] * lower[i][k];
    }
    return Math.sqrt(sum);
  }

  /// log det L, half that of C.
  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < lower.length; i++) {
      sum += Math.log(lower[i][i]);
    }
    return sum;
  }

  /// (x - m)^T C^-1 (x - m).
  double squaredDistance(double[] x, double[] mean) {
    double[] white = new double[lower.length];
    double sum = 0;
    for (int i = 0; i < white.length; i++) {
      double rest = x[i] - mean[i];
      for (int j = 0; j < i; j++) {
        rest -= lower[i][j] * white[j];
      }
      white[i] = rest / lower[i][i];
      sum += white[i] * white[i];
    }
    return sum;
  }

  /// m + L z.
  double[] colored(double[] z, double[] mean) {
    double[] x = mean.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j <= i; j++) {
        x[i] += lower[i][j] * z[j];
      }
    }
    return x;
  }

  /// The factor of x with coordinates multiplied.
  CovarianceFactor scaled(double... factors) {
    double[][] scaled = Checks.copy(lower);
    for (int i = 0; i < scaled.length; i++) {
      for (int j = 0; j <= i; j++) {
        scaled[i][j] *= factors[i];
      }
    }
    return new CovarianceFactor(scaled);
  }
}
