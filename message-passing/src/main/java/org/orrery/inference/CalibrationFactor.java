package org.orrery.inference;

import java.util.Arrays;
import org.orrery.nn.Require;

/// Factors on the spread of posteriors about their means, fitted on a validation set that neither training nor test has seen.
/// ```java
/// CalibrationFactor factor = CalibrationFactor.chiSquared(validation);
/// Posterior honest = factor.apply(posterior);
/// ```
/// A factor above 1 says that posteriors were too narrow. It changes neither means nor correlations, and cannot mend a
/// bias or a width that is right on average only. From n normal examples it is known to about 1 / sqrt(2 n) of itself.
public final class CalibrationFactor {
  private static final String NAME = "calibration";

  private final double[] factors;

  private CalibrationFactor(double[] factors) {
    this.factors = factors;
    for (int i = 0; i < factors.length; i++) {
      Require.positive(NAME, "factor of parameter " + i, factors[i]);
    }
  }

  /// These factors, one for each parameter.
  public static CalibrationFactor of(double... factors) {
    return new CalibrationFactor(factors.clone());
  }

  /// One factor for each parameter, with which its reduced chi-squared over the validation set is 1: the root of what it was.
  public static CalibrationFactor chiSquared(Predictions validation) {
    ReducedChiSquared before = ReducedChiSquared.of(validation);
    double[] factors = new double[validation.dimensions()];
    Arrays.setAll(factors, i -> Math.sqrt(before.value(i)));
    return new CalibrationFactor(factors);
  }

  /// One factor for all parameters, with which the joint reduced chi-squared over the validation set is 1.
  public static CalibrationFactor jointChiSquared(Predictions validation) {
    double[] factors = new double[validation.dimensions()];
    Arrays.fill(factors, Math.sqrt(ReducedChiSquared.of(validation).joint()));
    return new CalibrationFactor(factors);
  }

  /// One factor for each parameter, with which central intervals of this level cover this share of the validation set: robust against a
  /// few outliers, and right at this level alone.
  ///
  /// Each example needs a factor (truth - m) / (q - m) to lie just inside, q the end of its interval on that side; the
  /// one that the share of examples needs at most is taken.
  ///
  /// @param level as in 0.68
  /// @throws IllegalArgumentException where an interval does not hold its own mean, or the factor would be 0
  public static CalibrationFactor coverage(Predictions validation, double level) {
    Checks.probability(NAME, "level", level);
    double[] factors = new double[validation.dimensions()];
    for (int i = 0; i < factors.length; i++) {
      double[] needed = new double[validation.size()];
      for (int n = 0; n < needed.length; n++) {
        Posterior posterior = validation.posterior(n);
        double mean = posterior.mean()[i];
        CredibleInterval interval = posterior.credibleInterval(i, level);
        Require.that(interval.low() < mean && mean < interval.high(), NAME,
            "the mean " + mean + " of parameter " + i + " of example " + n + " is not inside " + interval);
        double off = validation.truth(n)[i] - mean;
        needed[n] = off / ((off > 0 ? interval.high() : interval.low()) - mean);
      }
      Arrays.sort(needed);
      factors[i] = Resamples.quantile(needed, level);
    }
    return new CalibrationFactor(factors);
  }

  /// The factor of a parameter.
  public double factor(int parameter) {
    Checks.parameter(NAME, parameter, factors.length);
    return factors[parameter];
  }

  /// The posterior with its spread multiplied.
  ///
  /// @throws IllegalArgumentException where it has another number of parameters
  public Posterior apply(Posterior posterior) {
    return posterior.widened(factors);
  }

  /// Each posterior with its spread multiplied.
  public Predictions apply(Predictions predictions) {
    return predictions.map(this::apply);
  }

  /// As in `factors [1.2, 0.97]`.
  @Override
  public String toString() {
    return "factors " + Arrays.toString(factors);
  }
}
