package org.orrery.inference;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/// Reduced chi-squared of truths about posterior means. For a parameter: mean over examples of ((truth - m) / s)^2; jointly: mean of
/// r^T C^-1 r / d with r = truth - m and the covariance C. No example is left out, however far off.
///
/// 1 is expected where means and covariances are right: above 1 errors are larger than stated, by a factor of about its root,
/// below 1 smaller. For normal posteriors n times a value follows a chi-squared distribution of n degrees of freedom (n d jointly), from
/// which band and p-value come; posteriors with heavier tails scatter more.
public final class ReducedChiSquared {
  private final double[] values;
  private final double joint;
  private final int examples;

  private ReducedChiSquared(double[] values, double joint, int examples) {
    this.values = values;
    this.joint = joint;
    this.examples = examples;
  }

  /// The values over all examples.
  ///
  /// @throws IllegalArgumentException where a covariance is not positive definite
  public static ReducedChiSquared of(Predictions predictions) {
    int size = predictions.dimensions();
    double[] sums = new double[size];
    double joint = 0;
    for (int n = 0; n < predictions.size(); n++) {
      double[] truth = predictions.truth(n);
      double[] mean = predictions.posterior(n).mean();
      double[][] covariance = predictions.posterior(n).covariance();
      for (int i = 0; i < size; i++) {
        sums[i] += (truth[i] - mean[i]) * (truth[i] - mean[i]) / covariance[i][i] / predictions.size();
      }
      joint += CovarianceFactor.of("chi-squared", covariance).squaredDistance(truth, mean) / size / predictions.size();
    }
    return new ReducedChiSquared(sums, joint, predictions.size());
  }

  /// That of one parameter.
  public double value(int parameter) {
    Checks.parameter("chi-squared", parameter, values.length);
    return values[parameter];
  }

  /// That of all parameters together, correlations included.
  public double joint() {
    return joint;
  }

  /// Where the value of a parameter lies with this confidence.
  public CredibleInterval band(double confidence) {
    return band(examples, confidence);
  }

  /// Where the joint value lies with this confidence.
  public CredibleInterval jointBand(double confidence) {
    return band((double) examples * values.length, confidence);
  }

  private static CredibleInterval band(double degrees, double confidence) {
    Checks.probability("chi-squared", "confidence", confidence);
    ChiSquaredDistribution distribution = ChiSquaredDistribution.of(degrees);
    return new CredibleInterval(distribution.inverseCumulativeProbability((1 - confidence) / 2) / degrees,
        distribution.inverseSurvivalProbability((1 - confidence) / 2) / degrees);
  }

  /// The probability of a value as far off on either side.
  public double pValue(int parameter) {
    return pValue(value(parameter), examples);
  }

  /// The probability of a joint value as far off on either side.
  public double jointPValue() {
    return pValue(joint, (double) examples * values.length);
  }

  private static double pValue(double value, double degrees) {
    ChiSquaredDistribution distribution = ChiSquaredDistribution.of(degrees);
    double below = distribution.cumulativeProbability(value * degrees);
    return Math.min(1, 2 * Math.min(below, distribution.survivalProbability(value * degrees)));
  }
}
