package org.orrery.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// How good predictions are, in double precision.
///
/// A prediction has a row for each example: `[rows]` for one number each, or `[..., columns]`, whose leading axes are the rows.
/// No rows and NaN are errors that name the metric, and the row and column of the NaN; [#r2(Tensor, Tensor)] alone is NaN for a
/// single row.
public final class Metrics {
  private Metrics() {
  }

  /// The share of rows `[rows, classes]` whose largest score is at the label; the first of equal ones counts.
  ///
  /// A single column is a single class, which every row gets: for one score a row of two classes see
  /// [#rocArea(Tensor, Indices)].
  ///
  /// @throws IllegalArgumentException where there are no rows, not one label a row, or a score is NaN
  /// @throws IndexOutOfBoundsException where a label is no class
  public static double accuracy(Tensor scores, Indices labels) {
    return accuracy(scores, labels, null);
  }

  /// The share of rows, where the mask is not 0, whose largest score is at the label. Rows that the mask leaves out may hold
  /// anything.
  ///
  /// @throws IllegalArgumentException where the mask (null for all) keeps no rows, there is not one label a row, or a score or the
  ///         mask is NaN
  /// @throws IndexOutOfBoundsException where a label is no class
  public static double accuracy(Tensor scores, Indices labels, @Nullable Tensor mask) {
    ConfusionMatrix matrix = ConfusionMatrix.ofScores("accuracy", scores, labels, mask);
    Require.that(matrix.total() > 0, "accuracy", scores.shape() + (mask == null
        ? "; at least one row is required"
        : " and a mask that keeps no row; at least one is required"));
    return matrix.accuracy();
  }

  /// The probability that a positive (label 1) has a higher score than a negative (label 0): [RocCurve#area()].
  ///
  /// @param scores `[rows]` or `[rows, 1]`
  /// @throws IllegalArgumentException as [RocCurve#of(Indices, Tensor)] says
  public static double rocArea(Tensor scores, Indices labels) {
    return RocCurve.of(labels, scores).area();
  }

  /// sqrt(mean (p - t)^2), the mean over all entries of all columns together.
  ///
  /// @throws IllegalArgumentException where shapes differ, there are no entries, or one is NaN
  public static double rootMeanSquaredError(Tensor prediction, Tensor target) {
    return Math.sqrt(meanSquare(residuals("root mean squared error", prediction, target)));
  }

  /// mean (p - t)^2, over all entries of all columns together.
  ///
  /// @throws IllegalArgumentException where shapes differ, there are no entries, or one is NaN
  public static double meanSquaredError(Tensor prediction, Tensor target) {
    return meanSquare(residuals("mean squared error", prediction, target));
  }

  private static double meanSquare(double[] residuals) {
    double sum = 0;
    for (double residual : residuals) {
      sum += residual * residual;
    }
    return sum / residuals.length;
  }

  /// mean |p - t|, over all entries of all columns together.
  ///
  /// @throws IllegalArgumentException where shapes differ, there are no entries, or one is NaN
  public static double meanAbsoluteError(Tensor prediction, Tensor target) {
    double[] residuals = residuals("mean absolute error", prediction, target);
    double sum = 0;
    for (double residual : residuals) {
      sum += Math.abs(residual);
    }
    return sum / residuals.length;
  }

  /// The coefficient of determination, the mean over the columns of [#r2OfColumns(Tensor, Tensor)]: 1 is perfect, 0 no better
  /// than the means of the columns. As scikit-learn's `r2_score`.
  ///
  /// @throws IllegalArgumentException where shapes differ, there are no entries, or one is NaN or infinite
  public static double r2(Tensor prediction, Tensor target) {
    return Arrays.stream(r2OfColumns(prediction, target)).average().orElse(Double.NaN);
  }

  /// The coefficient of determination of each column, 1 - sum (p - t)^2 / sum (t - mean t)^2 over its rows. A column whose
  /// targets are all equal gives 1 where they are met exactly, else 0; a single row gives NaN. As scikit-learn's `r2_score` with
  /// `multioutput="raw_values"`.
  ///
  /// @throws IllegalArgumentException where shapes differ, there are no entries, or one is NaN or infinite
  public static double[] r2OfColumns(Tensor prediction, Tensor target) {
    double[] residuals = residuals("r2", prediction, target);
    double[] t = target.toDoubles();
    int columns = columns(target);
    for (int i = 0; i < t.length; i++) {
      if (!Double.isFinite(t[i]) || !Double.isFinite(residuals[i])) {
        throw new IllegalArgumentException("r2: the " + (Double.isFinite(t[i]) ? "prediction" : "target") + " in"
            + place(i, columns) + " is infinite; finite numbers are required");
      }
    }
    double[] each = new double[columns];
    for (int k = 0; k < columns; k++) {
      each[k] = r2(residuals, t, k, columns);
    }
    return each;
  }

  /// That of one column, whose entries are those from k on in steps.
  private static double r2(double[] residuals, double[] t, int k, int step) {
    int rows = t.length / step;
    double shift = 0; // of the mean from the first target, which is 0 to the bit where all are equal
    for (int i = k; i < t.length; i += step) {
      shift += (t[i] - t[k]) / rows;
    }
    double error = 0;
    double spread = 0;
    for (int i = k; i < t.length; i += step) {
      double deviation = t[i] - t[k] - shift;
      error += residuals[i] * residuals[i];
      spread += deviation * deviation;
    }
    if (rows < 2) {
      return Double.NaN;
    }
    return spread > 0 ? 1 - error / spread : error == 0 ? 1 : 0;
  }

  private static double[] residuals(String who, Tensor prediction, Tensor target) {
    Require.sameShape(who, prediction, target);
    double[] p = prediction.toDoubles();
    double[] t = target.toDoubles();
    Require.that(p.length > 0, who, "prediction and target " + target.shape() + "; at least one row is required");
    for (int i = 0; i < p.length; i++) {
      double residual = p[i] - t[i];
      if (Double.isNaN(residual)) {
        throw new IllegalArgumentException(who + ": prediction " + p[i] + " and target " + t[i] + " in"
            + place(i, columns(target)) + "; their difference must be a number");
      }
      p[i] = residual;
    }
    return p;
  }

  private static int columns(Tensor x) {
    return x.rank() < 2 ? 1 : x.columns();
  }

  /// As in ` row 3`, with the column where there are several.
  private static String place(int entry, int columns) {
    return " row " + entry / columns + (columns == 1 ? "" : ", column " + entry % columns);
  }
}
