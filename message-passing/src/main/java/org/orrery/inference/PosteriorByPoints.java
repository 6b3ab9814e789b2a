package org.orrery.inference;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;

/// A posterior without formulas for moments and marginals: they are those of [Posterior#points].
abstract class PosteriorByPoints implements Posterior {
  /// How many points are enough, as a rule.
  static final int POINTS = 1024;

  private volatile @Nullable Moments measured;
  private volatile double @Nullable [] sortedDensities;

  private static final class Moments {
    private final double[] mean;
    private final double[][] covariance;
    private final double[][] sorted;

    Moments(double[] mean, double[][] covariance, double[][] sorted) {
      this.mean = mean;
      this.covariance = covariance;
      this.sorted = sorted;
    }
  }

  private Moments moments() {
    Moments known = measured;
    if (known == null) {
      known = measure(); // the same whoever measures: no lock
      measured = known;
    }
    return known;
  }

  /// How many points moments and marginals are averages over.
  int pointsOfMoments() {
    return POINTS;
  }

  private Moments measure() {
    double[][] points = points(pointsOfMoments());
    Require.that(points.length > 0, "posterior", "no points; at least one is required");
    int size = dimensions();
    double[] mean = new double[size];
    for (double[] point : points) {
      for (int i = 0; i < size; i++) {
        mean[i] += point[i] / points.length;
      }
    }
    double[][] covariance = new double[size][size];
    for (double[] point : points) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          covariance[i][j] += (point[i] - mean[i]) * (point[j] - mean[j]) / points.length;
        }
      }
    }
    double[][] sorted = new double[size][points.length];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < points.length; k++) {
        sorted[i][k] = points[k][i];
      }
      Arrays.sort(sorted[i]);
    }
    return new Moments(mean, covariance, sorted);
  }

  @Override
  public double[] mean() {
    return moments().mean.clone();
  }

  @Override
  public double[][] covariance() {
    return Checks.copy(moments().covariance);
  }

  /// The k-th of n sorted points stands at (k + 1/2) / n; straight lines between them.
  @Override
  public double cumulative(int parameter, double value) {
    Checks.parameter("cumulative", parameter, dimensions());
    double[] sorted = moments().sorted[parameter];
    return place(sorted, value);
  }

  private static double place(double[] sorted, double value) {
    int at = Arrays.binarySearch(sorted, value);
    if (at >= 0) {
      int first = at;
      int last = at;
      while (first > 0 && sorted[first - 1] == value) {
        first--;
      }
      while (last < sorted.length - 1 && sorted[last + 1] == value) {
        last++;
      }
      return ((first + last) / 2.0 + 0.5) / sorted.length;
    }
    int after = -at - 1;
    if (after == 0) {
      return 0;
    }
    if (after == sorted.length) {
      return 1;
    }
    double share = (value - sorted[after - 1]) / (sorted[after] - sorted[after - 1]);
    return (after - 0.5 + share) / sorted.length;
  }

  @Override
  public double quantile(int parameter, double probability) {
    Checks.parameter("quantile", parameter, dimensions());
    Checks.probability("quantile", "probability", probability);
    double[] sorted = moments().sorted[parameter];
    double at = Math.clamp(probability * sorted.length - 0.5, 0, sorted.length - 1);
    int below = (int) Math.min(Math.floor(at), sorted.length - 2.0);
    if (below < 0) {
      return sorted[0];
    }
    return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
  }

  @Override
  public double credibility(double... theta) {
    double[] densities = sortedDensities;
    if (densities == null) {
      densities = logDensities(points(Math.min(POINTS, pointsOfMoments())));
      Arrays.sort(densities);
      sortedDensities = densities;
    }
    return 1 - place(densities, logDensity(theta));
  }
}
