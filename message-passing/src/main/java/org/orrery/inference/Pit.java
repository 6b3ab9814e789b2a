package org.orrery.inference;

import java.util.stream.IntStream;
import org.orrery.nn.Require;

/// Probability integral transform: u = F(truth), F the marginal distribution of a parameter's posterior. Uniform on 0 to 1 where
/// posteriors are right on average. Dawid 1984.
///
/// In a histogram a U is overconfident, a hump too wide, a slope a bias: high to the right where truths lie above the
/// posteriors. A bin of n examples in k bins holds a binomial number with p = 1 / k.
public final class Pit {
  private final double[][] values;
  private final Uniformity[] marginal;

  private Pit(double[][] values) {
    this.values = values;
    this.marginal = IntStream.range(0, values.length).mapToObj(i -> new Uniformity(values[i]))
        .toArray(Uniformity[]::new);
  }

  /// The values of all examples.
  public static Pit of(Predictions predictions) {
    double[][] values = new double[predictions.dimensions()][predictions.size()];
    for (int n = 0; n < predictions.size(); n++) {
      double[] truth = predictions.truth(n);
      for (int i = 0; i < values.length; i++) {
        values[i][n] = predictions.posterior(n).cumulative(i, truth[i]);
      }
    }
    return new Pit(values);
  }

  /// u of each example, for a parameter.
  public double[] values(int parameter) {
    Checks.parameter("pit", parameter, values.length);
    return values[parameter].clone();
  }

  /// The share of examples in each of so many equal bins; u = 1 is in the last.
  public double[] histogram(int parameter, int bins) {
    Require.positive("pit", "bins", bins);
    double[] shares = new double[bins];
    for (double u : values(parameter)) {
      shares[Math.min((int) (u * bins), bins - 1)] += 1.0 / values[parameter].length;
    }
    return shares;
  }

  /// Where the share of one bin lies with this confidence.
  public BinomialBand band(int bins, double confidence) {
    Require.positive("pit", "bins", bins);
    return BinomialBand.of(values[0].length, 1.0 / bins, confidence);
  }

  /// Where the shares of all bins lie at once with this confidence, at least: each bin gets 1 / bins of the risk (Bonferroni).
  public BinomialBand bandOfAll(int bins, double confidence) {
    Checks.probability("pit", "confidence", confidence);
    return band(bins, 1 - (1 - confidence) / bins);
  }

  /// mean u - 1/2: above 0 where truths lie above the posteriors. 0 +- [#shiftError] without bias.
  public double shift(int parameter) {
    Checks.parameter("pit", parameter, values.length);
    return marginal[parameter].mean() - 0.5;
  }

  /// The standard deviation of a shift if posteriors are right: 1 / sqrt(12 n) for n examples.
  public double shiftError() {
    return Uniformity.errorOfMean(values[0].length);
  }

  /// The probability of values as far from uniform, if posteriors are right (Kolmogorov-Smirnov).
  public double pValue(int parameter) {
    Checks.parameter("pit", parameter, values.length);
    return marginal[parameter].kolmogorovSmirnov();
  }
}
