package org.orrery.inference;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.orrery.nn.Require;

/// A baseline without a network: ridge regression of parameters on summaries, `theta = m + B^T (z - mean z)` with
/// `B = (Z^T Z + lambda I)^-1 Z^T (theta - m)`. Hoerl & Kennard 1970.
///
/// The columns of z are the standardized summaries, drawn in beyond 5 standard deviations, and with [Columns#QUADRATIC] their products of two
/// too. Each parameter takes the penalty lambda with the least error on the validation set. The posterior is normal about the estimate, with
/// the covariance of the errors on the validation set.
///
/// ```java
/// LeastSquares baseline = LeastSquares.fit(Columns.LINEAR, x, theta, unseenX, unseenTheta);
/// Predictions predictions = Predictions.of(baseline.posteriors(testX), testTheta);
/// ```
public final class LeastSquares {
  private static final String NAME = "least squares";
  private static final double LIMIT = 5;
  private static final double LEAST = 1e-3;
  private static final double MOST = 3e4;
  private static final double STEP = 3;

  private final Columns form;
  private final double[] shift;
  private final double[] scale;
  private final double[] columnMeans;
  private final double[] parameterMeans;
  private final double[] penalties;
  private final double[][] slopes;
  private final double[][] covariance;

  /// What the columns are.
  public enum Columns {
    /// each summary
    LINEAR,
    /// and the products of two summaries
    QUADRATIC
  }

  private LeastSquares(Columns form, double[][] x, double[][] theta, double[][] unseenX, double[][] unseenTheta) {
    this.form = form;
    shift = means(x);
    scale = inverseDeviations(x, shift);
    double[][] z = columns(x);
    columnMeans = means(z);
    parameterMeans = means(theta);
    int parameters = parameterMeans.length;
    int width = columnMeans.length;
    penalties = new double[parameters];
    slopes = new double[parameters][width];
    double[][] unseen = columns(unseenX);
    DMatrixRMaj centered = centered(z, columnMeans);
    DMatrixRMaj gram = new DMatrixRMaj(width, width);
    CommonOps_DDRM.multInner(centered, gram);
    DMatrixRMaj right = new DMatrixRMaj(width, parameters);
    CommonOps_DDRM.multTransA(centered, centered(theta, parameterMeans), right);
    double[] least = new double[parameters];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (double penalty = LEAST; penalty < MOST; penalty *= STEP) {
      double[][] found = solve(gram, right, penalty);
      for (int p = 0; p < parameters; p++) {
        double error = squares(found[p], p, unseen, unseenTheta);
        if (error < least[p]) {
          least[p] = error;
          penalties[p] = penalty;
          slopes[p] = found[p];
        }
      }
    }
    covariance = errors(unseen, unseenTheta);
  }

  /// Fits slopes to a training set, and chooses penalties and the covariance by a validation set.
  ///
  /// @param x summaries, a row an example
  /// @param theta parameters, a row an example
  /// @param unseenX summaries of the validation set
  /// @param unseenTheta its parameters
  /// @throws IllegalArgumentException where rows differ in number or width, are too few, or hold what is not finite; or where a
  ///     parameter is estimated without any error, so that there is no covariance
  public static LeastSquares fit(Columns columns, double[][] x, double[][] theta, double[][] unseenX,
      double[][] unseenTheta) {
    check("training", x, theta);
    check("validation", unseenX, unseenTheta);
    Require.that(x[0].length == unseenX[0].length && theta[0].length == unseenTheta[0].length, NAME,
        "rows of " + x[0].length + " and " + theta[0].length + " numbers to train, of " + unseenX[0].length + " and "
            + unseenTheta[0].length + " to validate; the same are required");
    return new LeastSquares(columns, x, theta, unseenX, unseenTheta);
  }

  private static void check(String what, double[][] x, double[][] theta) {
    Require.that(x.length == theta.length && x.length > 2, NAME,
        x.length + " summaries and " + theta.length + " parameters to " + what
            + "; as many, and 3 at least, are required");
    for (double[][] rows : List.of(x, theta)) {
      for (int r = 0; r < rows.length; r++) {
        Require.that(rows[r].length == rows[0].length && Arrays.stream(rows[r]).allMatch(Double::isFinite), NAME,
            what + " row " + r + " has " + rows[r].length + " numbers, or one that is not finite; " + rows[0].length
                + " finite ones are required");
      }
    }
  }

  /// The penalty that was chosen for a parameter.
  public double penalty(int parameter) {
    return penalties[parameter];
  }

  /// How many columns there are.
  public int width() {
    return columnMeans.length;
  }

  /// The posteriors of examples, a row of summaries each.
  public List<Posterior> posteriors(double[][] x) {
    return Arrays.stream(columns(x)).<Posterior>map(z -> GaussianMixture.normal(mean(z), covariance)).toList();
  }

  private double[][] columns(double[][] rows) {
    return Arrays.stream(rows).map(this::columns).toArray(double[][]::new);
  }

  private double[] columns(double[] row) {
    int n = row.length;
    Require.that(n == shift.length, NAME, n + " summaries; " + shift.length + " are required");
    double[] z = new double[form == Columns.QUADRATIC ? n + n * (n + 1) / 2 : n];
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

  /// One over each standard deviation; 0 for a column that is the same in all examples.
  private static double[] inverseDeviations(double[][] rows, double[] means) {
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
    Require.that(solver.setA(damped), NAME, "Z^T Z + " + penalty + " I is not positive definite");
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
    for (int p = 0; p < products.length; p++) {
      Require.that(products[p][p] > 0, NAME,
          "parameter " + p + " is estimated without any error; a parameter that the summaries do not give is required");
    }
    return products;
  }

  private double[] mean(double[] z) {
    double[] mean = new double[slopes.length];
    Arrays.setAll(mean, p -> estimate(slopes[p], p, z));
    return mean;
  }
}
