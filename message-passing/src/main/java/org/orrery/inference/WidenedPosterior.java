package org.orrery.inference;

import java.util.Arrays;
import org.orrery.tensor.Key;

/// A posterior with its spread about the mean multiplied: p'(theta) = p(m + (theta - m) / f) / prod f.
final class WidenedPosterior implements Posterior {
  private final Posterior narrow;
  private final double[] factors;
  private final double[] mean;
  private final double logVolume;

  WidenedPosterior(Posterior narrow, double[] factors) {
    Checks.factors("widened", factors, narrow.dimensions());
    this.narrow = narrow;
    this.factors = factors.clone();
    this.mean = narrow.mean();
    this.logVolume = Arrays.stream(factors).map(Math::log).sum();
  }

  private double[] before(double[] theta) {
    Checks.dimensions("posterior", theta, mean.length);
    double[] inner = new double[theta.length];
    Arrays.setAll(inner, i -> mean[i] + (theta[i] - mean[i]) / factors[i]);
    return inner;
  }

  private double[][] moved(double[][] inner) {
    for (double[] point : inner) {
      Arrays.setAll(point, i -> mean[i] + factors[i] * (point[i] - mean[i]));
    }
    return inner;
  }

  @Override
  public int dimensions() {
    return mean.length;
  }

  @Override
  public double[] mean() {
    return mean.clone();
  }

  @Override
  public double[][] covariance() {
    double[][] covariance = narrow.covariance();
    for (int i = 0; i < mean.length; i++) {
      for (int j = 0; j < mean.length; j++) {
        covariance[i][j] *= factors[i] * factors[j];
      }
    }
    return covariance;
  }

  @Override
  public double logDensity(double... theta) {
    return narrow.logDensity(before(theta)) - logVolume;
  }

  @Override
  public double[] logDensities(double[][] thetas) {
    double[] densities = narrow.logDensities(Arrays.stream(thetas).map(this::before).toArray(double[][]::new));
    return Arrays.stream(densities).map(density -> density - logVolume).toArray();
  }

  @Override
  public double[][] sample(Key key, int count) {
    return moved(narrow.sample(key, count));
  }

  @Override
  public double[][] points(int count) {
    return moved(narrow.points(count));
  }

  @Override
  public double cumulative(int parameter, double value) {
    Checks.parameter("cumulative", parameter, mean.length);
    return narrow.cumulative(parameter, mean[parameter] + (value - mean[parameter]) / factors[parameter]);
  }

  @Override
  public double quantile(int parameter, double probability) {
    double inner = narrow.quantile(parameter, probability);
    return mean[parameter] + factors[parameter] * (inner - mean[parameter]);
  }

  @Override
  public double credibility(double... theta) {
    return narrow.credibility(before(theta));
  }
}
