package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.orrery.inference.GaussianMixture;
import org.orrery.inference.Posterior;

/// A baseline without a network: ridge regression of the parameters on a [Statistic], `theta = m + B^T (z - mean z)` with
/// `B = (Z^T Z + lambda I)^-1 Z^T (theta - m)`. Hoerl & Kennard 1970.
///
/// The columns of z are the standardized numbers of a box, drawn in beyond 5 standard deviations; where they are few, their products of two
/// too. Each parameter takes the penalty lambda with the least error on the validation boxes. The posterior is normal about the estimate,
/// with the covariance of the errors on the validation boxes.
final class LeastSquares implements Estimator {
  /// With at most so many numbers a box, products of two are columns too.
  static final int FEW = 36;

  private static final double LIMIT = 5;
  private static final double LEAST = 1e-3;
  private static final double MOST = 3e4;
  private static final double STEP = 3;

  private final StatisticTable numbers;
  private final double[] shift;
  private final double[] scale;
  private final double[] columnMeans;
  private final double[] parameterMeans;
  private final double[] penalties;
  private final double[][] slopes;
  private final double[][] covariance;

  private LeastSquares(StatisticTable numbers, double[][] training, double[][] truths, double[][] validation,
      double[][] validationTruths) {
    this.numbers = numbers;
    this.shift = means(training);
    this.scale = deviations(training, shift);
    double[][] z = columns(training);
    this.columnMeans = means(z);
    this.parameterMeans = means(truths);
    int parameters = parameterMeans.length;
    this.penalties = new double[parameters];
    this.slopes = new double[parameters][z[0].length];
    double[][] unseen = columns(validation);
    DMatrixRMaj centered = centered(z, columnMeans);
    DMatrixRMaj targets = centered(truths, parameterMeans);
    DMatrixRMaj gram = new DMatrixRMaj(z[0].length, z[0].length);
    CommonOps_DDRM.multInner(centered, gram);
    DMatrixRMaj right = new DMatrixRMaj(z[0].length, parameters);
    CommonOps_DDRM.multTransA(centered, targets, right);
    double[] least = new double[parameters];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (double penalty = LEAST; penalty < MOST; penalty *= STEP) {
      double[][] found = solve(gram, right, penalty);
      for (int p = 0; p < parameters; p++) {
        double error = squares(found[p], p, unseen, validationTruths);
        if (error < least[p]) {
          least[p] = error;
          penalties[p] = penalty;
          slopes[p] = found[p];
        }
      }
    }
    this.covariance = errors(unseen, validationTruths);
  }

  /// Fits the slopes to training boxes, and chooses penalties and the covariance by validation boxes.
  static LeastSquares fit(StatisticTable numbers, List<Simulation> training, List<Simulation> validation) {
    return new LeastSquares(numbers, numbers.of(training), truths(training), numbers.of(validation),
        truths(validation));
  }

  private static double[][] truths(List<Simulation> boxes) {
    return boxes.stream().map(Simulation::parameters).toArray(double[][]::new);
  }

  /// The penalty that was chosen for a parameter.
  double penalty(int parameter) {
    return penalties[parameter];
  }

  /// How many columns a box has.
  int width() {
    return columnMeans.length;
  }

  private double[][] columns(double[][] rows) {
    return Arrays.stream(rows).map(this::columns).toArray(double[][]::new);
  }

  private double[] columns(double[] row) {
    int n = row.length;
    double[] z = new double[n <= FEW ? n + n * (n + 1) / 2 : n];
    for (int i = 0; i < n; i++) {
      z[i] = Math.clamp((row[i] - shift[i]) * scale[i], -LIMIT, LIMIT);
    }
    int at = n;
    for (int i = 0; i < n && at < z.length; i++) {
      for (int j = i; j < n; j++) {
        z[at++] = z[i] * z[j];
      }
    }
    return z;
  }

  private static double[] means(double[][] rows) {
    double[] means = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < means.length; i++) {
        means[i] += row[i] / rows.length;
      }
    }
    return means;
  }

  /// One over each standard deviation; 0 for a column that is the same in all boxes.
  private static double[] deviations(double[][] rows, double[] means) {
    double[] inverse = new double[means.length];
    for (int i = 0; i < inverse.length; i++) {
      double sum = 0;
      for (double[] row : rows) {
        sum += (row[i] - means[i]) * (row[i] - means[i]);
      }
      double deviation = Math.sqrt(sum / rows.length);
      inverse[i] = deviation > 1e-9 * Math.max(1, Math.abs(means[i])) ? 1 / deviation : 0;
    }
    return inverse;
  }

  private static DMatrixRMaj centered(double[][] rows, double[] means) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows.length, means.length);
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < means.length; i++) {
        matrix.set(r, i, rows[r][i] - means[i]);
      }
    }
    return matrix;
  }

  private static double[][] solve(DMatrixRMaj gram, DMatrixRMaj right, double penalty) {
    DMatrixRMaj damped = gram.copy();
    for (int i = 0; i < damped.numRows; i++) {
      damped.add(i, i, penalty);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(damped.numRows);
    if (!solver.setA(damped)) {
      throw new ArithmeticException("least squares: Z^T Z + " + penalty + " I is not positive definite");
    }
    DMatrixRMaj solution = new DMatrixRMaj(right.numRows, right.numCols);
    solver.solve(right, solution);
    double[][] slopes = new double[right.numCols][right.numRows];
    for (int p = 0; p < slopes.length; p++) {
      for (int i = 0; i < slopes[p].length; i++) {
        slopes[p][i] = solution.get(i, p);
      }
    }
    return slopes;
  }

  private double estimate(double[] slope, int parameter, double[] z) {
    double sum = parameterMeans[parameter];
    for (int i = 0; i < z.length; i++) {
      sum += slope[i] * (z[i] - columnMeans[i]);
    }
    return sum;
  }

  private double squares(double[] slope, int parameter, double[][] z, double[][] truths) {
    double sum = 0;
    for (int r = 0; r < z.length; r++) {
      double error = estimate(slope, parameter, z[r]) - truths[r][parameter];
      sum += error * error;
    }
    return sum;
  }

  /// The mean products of errors of two parameters.
  private double[][] errors(double[][] z, double[][] truths) {
    double[][] products = new double[slopes.length][slopes.length];
    for (int r = 0; r < z.length; r++) {
      double[] found = mean(z[r]);
      for (int p = 0; p < products.length; p++) {
        for (int q = 0; q < products.length; q++) {
          products[p][q] += (found[p] - truths[r][p]) * (found[q] - truths[r][q]) / z.length;
        }
      }
    }
    return products;
  }

  private double[] mean(double[] z) {
    double[] mean = new double[slopes.length];
    Arrays.setAll(mean, p -> estimate(slopes[p], p, z));
    return mean;
  }

  @Override
  public List<Posterior> posteriors(List<Simulation> boxes) {
    return Arrays.stream(columns(numbers.of(boxes)))
        .<Posterior>map(z -> GaussianMixture.normal(mean(z), covariance)).toList();
  }
}
