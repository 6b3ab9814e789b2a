package org.orrery.inference;

import org.orrery.tensor.Key;

/// What is known of the parameters of one example: a probability density p(theta | x), in the parameters' own units and
/// double precision.
///
/// A parameter is numbered from 0. Moments, marginals and levels that have a formula use it; the others are averages over
/// [#points], a fixed set of points without randomness, so that a posterior says the same each time it is asked.
/// ```java
/// Posterior posterior = head.posteriors(summary).getFirst();
/// CredibleInterval omega = posterior.credibleInterval(0, 0.68);
/// double[][] draws = posterior.sample(key, 1000);
/// ```
public interface Posterior {
  /// How many parameters.
  int dimensions();

  /// The mean of theta.
  double[] mean();

  /// The mean of (theta - mean) (theta - mean)^T, a row each.
  double[][] covariance();

  /// The square roots of the variances.
  default double[] standardDeviation() {
    double[][] covariance = covariance();
    double[] sigma = new double[covariance.length];
    for (int i = 0; i < sigma.length; i++) {
      sigma[i] = Math.sqrt(covariance[i][i]);
    }
    return sigma;
  }

  /// C_ij / sqrt(C_ii C_jj) of the covariance C.
  default double[][] correlation() {
    double[][] covariance = covariance();
    int size = covariance.length;
    double[][] correlation = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        correlation[i][j] = i == j ? 1 : covariance[i][j] / Math.sqrt(covariance[i][i] * covariance[j][j]);
      }
    }
    return correlation;
  }

  /// log p(theta), constants included; minus infinity where the density is 0.
  ///
  /// @throws IllegalArgumentException where theta has another number of parameters
  double logDensity(double... theta);

  /// log p of each row.
  default double[] logDensities(double[][] thetas) {
    double[] result = new double[thetas.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = logDensity(thetas[i]);
    }
    return result;
  }

  /// Independent draws, a row each. The first draws do not depend on how many there are.
  double[][] sample(Key key, int count);

  /// Points that fill the posterior evenly, a row each, without randomness: the average of a smooth function over them
  /// is its mean, with an error that falls nearly as 1 / count.
  double[][] points(int count);

  /// P(theta_i <= value): the marginal distribution of a parameter.
  double cumulative(int parameter, double value);

  /// The value that a parameter stays below with this probability.
  ///
  /// @throws IllegalArgumentException unless the probability lies between 0 and 1, both excluded
  double quantile(int parameter, double probability);

  /// The central interval of a parameter: as much is left out on either side.
  ///
  /// @param level the probability inside, as in 0.68
  default CredibleInterval credibleInterval(int parameter, double level) {
    return new CredibleInterval(quantile(parameter, (1 - level) / 2), quantile(parameter, (1 + level) / 2));
  }

  /// The credibility of the smallest region that touches theta: P(p(theta') > p(theta)) for theta' from the posterior. It
  /// is uniform on 0 to 1 over true values where posteriors are right (highest posterior density).
  double credibility(double... theta);

  /// The posterior with its spread about the mean multiplied: theta' = mean + factor (theta - mean).
  ///
  /// @param factors one for each parameter, positive
  default Posterior widened(double... factors) {
    return new WidenedPosterior(this, factors);
  }

  /// The posterior cut to a prior: its density is 0 outside, and divided by the probability inside that was left.
  ///
  /// @throws IllegalArgumentException where none of the posterior lies in the box, as far as its points tell
  default Posterior within(PriorBox prior) {
    return new TruncatedPosterior(this, prior);
  }
}
