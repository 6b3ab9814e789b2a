package org.orrery.inference;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// A posterior that is a normal distribution, or a mixture of some: p(theta) = sum_c a_c N(theta; m_c, C_c).
///
/// Densities, moments and marginals are exact; quantiles of a mixture come from a bisection to the last bit, and the
/// [#credibility] of a mixture from [#points].
public final class GaussianMixture implements Posterior {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double HALF_LOG_2_PI = 0.91893853320467274178;
  private static final String NAME = "gaussian mixture";

  private final double[] weights;
  private final double[][] means;
  private final List<CovarianceFactor> factors;

  GaussianMixture(double[] weights, double[][] means, List<CovarianceFactor> factors) {
    this.weights = weights;
    this.means = means;
    this.factors = List.copyOf(factors);
    for (double[] mean : means) {
      for (double m : mean) {
        Require.that(Double.isFinite(m), NAME, "a mean of " + m + "; a finite number is required");
      }
    }
  }

  /// A normal distribution.
  ///
  /// @throws IllegalArgumentException unless the covariance is symmetric, positive definite and of the size of the mean
  public static GaussianMixture normal(double[] mean, double[][] covariance) {
    return of(new double[] {1}, new double[][] {mean}, new double[][][] {covariance});
  }

  /// A mixture of normal distributions.
  ///
  /// @param weights positive; they are divided by their sum
  /// @param means a row for each component
  /// @param covariances a matrix for each component
  /// @throws IllegalArgumentException where the sizes do not fit, or a covariance is none
  public static GaussianMixture of(double[] weights, double[][] means, double[][][] covariances) {
    Require.that(weights.length > 0 && means.length == weights.length && covariances.length == weights.length, NAME,
        weights.length + " weights, " + means.length + " means and " + covariances.length
            + " covariances; as many of each, at least one, are required");
    for (int c = 0; c < weights.length; c++) {
      Require.positive(NAME, "weight", weights[c]);
      Require.that(means[c].length == means[0].length && covariances[c].length == means[0].length, NAME,
          "component " + c + " has a mean of " + means[c].length + " and a covariance of " + covariances[c].length
              + "; " + means[0].length + " are required");
    }
    double total = Arrays.stream(weights).sum();
    return new GaussianMixture(Arrays.stream(weights).map(w -> w / total).toArray(), Checks.copy(means),
        Arrays.stream(covariances).map(c -> CovarianceFactor.of(NAME, c)).toList());
  }

  /// How many components.
  public int components() {
    return weights.length;
  }

  /// The weights of the components; they sum to 1.
  public double[] weights() {
    return weights.clone();
  }

  /// One component.
  public GaussianMixture component(int number) {
    return new GaussianMixture(new double[] {1}, new double[][] {means[number]}, List.of(factors.get(number)));
  }

  @Override
  public int dimensions() {
    return means[0].length;
  }

  @Override
  public double[] mean() {
    double[] mean = new double[dimensions()];
    for (int c = 0; c < weights.length; c++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += weights[c] * means[c][i];
      }
    }
    return mean;
  }

  /// sum_c a_c (C_c + (m_c - m) (m_c - m)^T).
  @Override
  public double[][] covariance() {
    double[] mean = mean();
    double[][] sum = new double[mean.length][mean.length];
    for (int c = 0; c < weights.length; c++) {
      double[][] own = factors.get(c).covariance();
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          sum[i][j] += weights[c] * (own[i][j] + (means[c][i] - mean[i]) * (means[c][j] - mean[j]));
        }
      }
    }
    return sum;
  }

  @Override
  public double logDensity(double... theta) {
    Checks.dimensions(NAME, theta, dimensions());
    double top = Double.NEGATIVE_INFINITY;
    double[] terms = new double[weights.length];
    for (int c = 0; c < terms.length; c++) {
      CovarianceFactor factor = factors.get(c);
      terms[c] = Math.log(weights[c]) - 0.5 * factor.squaredDistance(theta, means[c]) - factor.logDeterminant()
          - theta.length * HALF_LOG_2_PI;
      top = Math.max(top, terms[c]);
    }
    if (terms.length == 1 || top == Double.NEGATIVE_INFINITY) {
      return top;
    }
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - top);
    }
    return top + Math.log(sum);
  }

  @Override
  public double[][] sample(Key key, int count) {
    int size = dimensions();
    float[] normal = key.fold("normal").normal(Math.multiplyExact(count, size));
    double[] choice = key.fold("component").uniformDouble(count);
    double[][] draws = new double[count][];
    for (int k = 0; k < count; k++) {
      double[] z = new double[size];
      for (int i = 0; i < size; i++) {
        z[i] = normal[k * size + i];
      }
      int c = chosen(choice[k]);
      draws[k] = factors.get(c).colored(z, means[c]);
    }
    return draws;
  }

  private int chosen(double uniform) {
    double sum = 0;
    for (int c = 0; c < weights.length - 1; c++) {
      sum += weights[c];
      if (uniform < sum) {
        return c;
      }
    }
    return weights.length - 1;
  }

  @Override
  public double[][] points(int count) {
    int size = dimensions();
    double[][] uniform = EvenPoints.uniform(count, weights.length == 1 ? size : size + 1);
    double[][] points = new double[count][];
    for (int k = 0; k < count; k++) {
      int c = weights.length == 1 ? 0 : chosen(uniform[k][size]);
      double[] z = Arrays.copyOf(uniform[k], size);
      EvenPoints.toNormal(z);
      points[k] = factors.get(c).colored(z, means[c]);
    }
    return points;
  }

  @Override
  public double cumulative(int parameter, double value) {
    Checks.parameter("cumulative", parameter, dimensions());
    double sum = 0;
    for (int c = 0; c < weights.length; c++) {
      sum += weights[c] * NORMAL.cumulativeProbability((value - means[c][parameter]) / factors.get(c).sigma(parameter));
    }
    return sum;
  }

  @Override
  public double quantile(int parameter, double probability) {
    Checks.parameter("quantile", parameter, dimensions());
    Checks.probability("quantile", "probability", probability);
    double z = NORMAL.inverseCumulativeProbability(probability);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < weights.length; c++) {
      double own = means[c][parameter] + z * factors.get(c).sigma(parameter);
      low = Math.min(low, own);
      high = Math.max(high, own);
    }
    return Bisection.of(x -> cumulative(parameter, x) - probability, low, high);
  }

  /// For one component the distribution of chi-squared at the squared Mahalanobis distance of theta.
  @Override
  public double credibility(double... theta) {
    if (weights.length == 1) {
      Checks.dimensions(NAME, theta, dimensions());
      return ChiSquaredDistribution.of(theta.length)
          .cumulativeProbability(factors.getFirst().squaredDistance(theta, means[0]));
    }
    double own = logDensity(theta);
    double[][] points = points(PosteriorByPoints.POINTS);
    int above = 0;
    for (double[] point : points) {
      above += logDensity(point) > own ? 1 : 0;
    }
    return above / (double) points.length;
  }

  /// The distribution of some parameters, whatever the others are.
  ///
  /// @throws IllegalArgumentException where a parameter does not exist or is named twice
  public GaussianMixture marginal(int... parameters) {
    Require.that(parameters.length > 0 && Arrays.stream(parameters).distinct().count() == parameters.length, "marginal",
        "parameters " + Arrays.toString(parameters) + "; at least one, each once, is required");
    Arrays.stream(parameters).forEach(parameter -> Checks.parameter("marginal", parameter, dimensions()));
    double[][] kept = new double[weights.length][];
    double[][][] covariances = new double[weights.length][parameters.length][parameters.length];
    for (int c = 0; c < weights.length; c++) {
      double[] mean = means[c];
      kept[c] = Arrays.stream(parameters).mapToDouble(i -> mean[i]).toArray();
      double[][] all = factors.get(c).covariance();
      for (int i = 0; i < parameters.length; i++) {
        for (int j = 0; j < parameters.length; j++) {
          covariances[c][i][j] = all[parameters[i]][parameters[j]];
        }
      }
    }
    return of(weights, kept, covariances);
  }

  /// Exact: a mixture again.
  @Override
  public GaussianMixture widened(double... multipliers) {
    Checks.factors("widened", multipliers, dimensions());
    double[] center = mean();
    double[][] moved = Checks.copy(means);
    for (double[] mean : moved) {
      for (int i = 0; i < center.length; i++) {
        mean[i] = center[i] + multipliers[i] * (mean[i] - center[i]);
      }
    }
    return new GaussianMixture(weights, moved, factors.stream().map(factor -> factor.scaled(multipliers)).toList());
  }

  /// As in `mean [0.3, 0.8], sigma [0.02, 0.05]`.
  @Override
  public String toString() {
    return "mean " + Arrays.toString(mean()) + ", sigma " + Arrays.toString(standardDeviation());
  }
}
