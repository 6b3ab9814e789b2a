package org.orrery.inference;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// A model against a baseline on the same examples: a score of both over resamples of the examples with replacement, the same resample for
/// both, so that what makes an example hard for both cancels. Efron & Tibshirani 1993, chapter 8.
/// ```java
/// PairedBootstrap rmse = PairedBootstrap.of(Score.RMSE, model, baseline, 0, 4000, key);
/// CredibleInterval ratio = rmse.ratio(0.95);   // below 1: better than the baseline
/// ```
/// An interval says how the examples happened to fall. It does not know how another training would have ended.
public final class PairedBootstrap {
  private final double model;
  private final double baseline;
  private final double[] modelValues;
  private final double[] baselineValues;

  private PairedBootstrap(double model, double baseline, double[] modelValues, double[] baselineValues) {
    this.model = model;
    this.baseline = baseline;
    this.modelValues = modelValues;
    this.baselineValues = baselineValues;
  }

  /// The comparison of posterior means of a parameter.
  ///
  /// @param resamples as in 4000
  /// @throws IllegalArgumentException where the truths of both are not the same
  public static PairedBootstrap of(Score score, Predictions model, Predictions baseline, int parameter, int resamples,
      Key key) {
    double[] truths = model.truths(parameter);
    Require.that(Arrays.equals(truths, baseline.truths(parameter)), "paired bootstrap",
        "truths of " + model.size() + " and " + baseline.size()
            + " examples differ; the same in the same order are required");
    return of(score, model.means(parameter), baseline.means(parameter), truths, resamples, key);
  }

  /// The comparison of predictions of one number.
  ///
  /// @throws IllegalArgumentException where there are none, or their numbers differ
  public static PairedBootstrap of(Score score, double[] model, double[] baseline, double[] truths, int resamples,
      Key key) {
    Require.that(truths.length > 0 && model.length == truths.length && baseline.length == truths.length,
        "paired bootstrap", model.length + " and " + baseline.length + " predictions of " + truths.length
            + " truths; as many of each, at least one, are required");
    Require.positive("paired bootstrap", "resamples", resamples);
    double[] first = new double[resamples];
    double[] second = new double[resamples];
    Parallel.current().forEach(resamples, b -> {
      int[] chosen = key.fold(b).integers(truths.length, truths.length);
      double[] truth = Resamples.taken(truths, chosen);
      first[b] = score.of(Resamples.taken(model, chosen), truth);
      second[b] = score.of(Resamples.taken(baseline, chosen), truth);
    });
    return new PairedBootstrap(score.of(model, truths), score.of(baseline, truths), first, second);
  }

  /// The score of the model over all examples.
  public double model() {
    return model;
  }

  /// The score of the baseline over all examples.
  public double baseline() {
    return baseline;
  }

  /// Where model - baseline lies with this confidence (percentiles).
  public CredibleInterval difference(double confidence) {
    return interval((a, b) -> a - b, confidence);
  }

  /// Where model / baseline lies with this confidence (percentiles).
  public CredibleInterval ratio(double confidence) {
    return interval((a, b) -> a / b, confidence);
  }

  private CredibleInterval interval(DoubleBinaryOperator join, double confidence) {
    Checks.probability("paired bootstrap", "confidence", confidence);
    double[] values = new double[modelValues.length];
    Arrays.setAll(values, b -> join.applyAsDouble(modelValues[b], baselineValues[b]));
    Arrays.sort(values);
    return new CredibleInterval(Resamples.quantile(values, (1 - confidence) / 2),
        Resamples.quantile(values, (1 + confidence) / 2));
  }

  /// The share of resamples in which the model's score is lower; for an error, in which it is better.
  public double shareLower() {
    int lower = 0;
    for (int b = 0; b < modelValues.length; b++) {
      lower += modelValues[b] < baselineValues[b] ? 1 : 0;
    }
    return lower / (double) modelValues.length;
  }
}
