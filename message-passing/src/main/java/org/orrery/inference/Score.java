package org.orrery.inference;

import java.util.Arrays;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// How good posterior means are, for one parameter over all examples: one number.
/// ```java
/// double r2 = Score.R2.of(predictions, 0);
/// CredibleInterval within = Score.R2.interval(predictions, 0, 0.95, 2000, key);
/// ```
public enum Score {
  /// 1 - sum (m - t)^2 / sum (t - mean t)^2: 1 is perfect, 0 no better than one value for all. Undefined where all truths are equal.
  R2 {
    @Override
    double of(double[] predicted, double[] truth) {
      double mean = Arrays.stream(truth).sum() / truth.length;
      double error = 0;
      double spread = 0;
      for (int i = 0; i < truth.length; i++) {
        error += (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
        spread += (truth[i] - mean) * (truth[i] - mean);
      }
      Require.that(spread > 0, "r2", "all " + truth.length + " truths are " + truth[0] + "; a spread is required");
      return 1 - error / spread;
    }
  },
  /// sqrt(mean (m - t)^2).
  RMSE {
    @Override
    double of(double[] predicted, double[] truth) {
      double sum = 0;
      for (int i = 0; i < truth.length; i++) {
        sum += (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
      }
      return Math.sqrt(sum / truth.length);
    }
  },
  /// mean (m - t).
  BIAS {
    @Override
    double of(double[] predicted, double[] truth) {
      double sum = 0;
      for (int i = 0; i < truth.length; i++) {
        sum += predicted[i] - truth[i];
      }
      return sum / truth.length;
    }
  },
  /// mean |m - t| / |t|. Undefined where a truth is 0.
  RELATIVE_ERROR {
    @Override
    double of(double[] predicted, double[] truth) {
      double sum = 0;
      for (int i = 0; i < truth.length; i++) {
        Require.that(truth[i] != 0, "relative error", "truth of example " + i + " is 0; others are required");
        sum += Math.abs((predicted[i] - truth[i]) / truth[i]);
      }
      return sum / truth.length;
    }
  };

  abstract double of(double[] predicted, double[] truth);

  /// The score of a parameter's posterior means.
  ///
  /// @throws IllegalArgumentException where it is not defined
  public double of(Predictions predictions, int parameter) {
    return of(predictions.means(parameter), predictions.truths(parameter));
  }

  /// Where the score lies with this confidence, given how the examples happened to fall: percentiles over resamples of
  /// the examples with replacement (bootstrap, Efron 1979).
  ///
  /// @param confidence as in 0.95
  /// @param resamples as in 2000
  /// @throws IllegalArgumentException where the score is not defined
  public CredibleInterval interval(Predictions predictions, int parameter, double confidence, int resamples,
      Key key) {
    double[] means = predictions.means(parameter);
    double[] truths = predictions.truths(parameter);
    return Resamples.interval(predictions.size(), confidence, resamples, key,
        chosen -> of(Resamples.taken(means, chosen), Resamples.taken(truths, chosen)));
  }
}
