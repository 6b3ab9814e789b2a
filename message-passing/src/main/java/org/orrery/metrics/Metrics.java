package org.orrery.metrics;

import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// How good predictions are, in double precision over all values together.
public final class Metrics {
  private Metrics() {
  }

  /// The share of rows `[rows, classes]` whose largest score is at the label; the first of equal ones counts.
  public static double accuracy(Tensor scores, Indices labels) {
    return ConfusionMatrix.ofScores(scores, labels, null).accuracy();
  }

  /// The share of rows, where the mask is not 0, whose largest score is at the label.
  public static double accuracy(Tensor scores, Indices labels, @Nullable Tensor mask) {
    return ConfusionMatrix.ofScores(scores, labels, mask).accuracy();
  }

  /// The probability that a positive (label 1) has a higher score than a negative (label 0): [RocCurve#area()].
  public static double rocArea(Tensor scores, Indices labels) {
    return RocCurve.of(labels, scores).area();
  }

  /// sqrt(mean (p - t)^2).
  public static double rootMeanSquaredError(Tensor prediction, Tensor target) {
    return Math.sqrt(meanSquaredError(prediction, target));
  }

  /// mean (p - t)^2.
  public static double meanSquaredError(Tensor prediction, Tensor target) {
    double[] residuals = residuals("mean squared error", prediction, target);
    double sum = 0;
    for (double residual : residuals) {
      sum += residual * residual;
    }
    return sum / residuals.length;
  }

  /// mean |p - t|.
  public static double meanAbsoluteError(Tensor prediction, Tensor target) {
    double[] residuals = residuals("mean absolute error", prediction, target);
    double sum = 0;
    for (double residual : residuals) {
      sum += Math.abs(residual);
    }
    return sum / residuals.length;
  }

  /// The coefficient of determination 1 - sum (p - t)^2 / sum (t - mean t)^2: 1 is perfect, 0 no better than the mean of
  /// t. Targets that are all equal give NaN where met exactly, else minus infinity.
  public static double r2(Tensor prediction, Tensor target) {
    double[] residuals = residuals("r2", prediction, target);
    double[] t = target.toDoubles();
    double mean = 0;
    for (double value : t) {
      mean += value / t.length;
    }
    double error = 0;
    double spread = 0;
    for (int i = 0; i < t.length; i++) {
      error += residuals[i] * residuals[i];
      spread += (t[i] - mean) * (t[i] - mean);
    }
    return 1 - error / spread;
  }

  private static double[] residuals(String who, Tensor prediction, Tensor target) {
    Require.sameShape(who, prediction, target);
    double[] p = prediction.toDoubles();
    double[] t = target.toDoubles();
    for (int i = 0; i < p.length; i++) {
      p[i] -= t[i];
    }
    return p;
  }
}
