package org.orrery.inference;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.orrery.nn.Require;

/// Numbers that are uniform on 0 to 1 if a posterior is right, and how far they are from it.
final class Uniformity {
  private final double[] sorted;

  Uniformity(double[] values) {
    sorted = values.clone();
    Arrays.sort(sorted);
    Require.that(sorted[0] >= 0 && sorted[sorted.length - 1] <= 1, "diagnostic",
        "probabilities from " + sorted[0] + " to " + sorted[sorted.length - 1] + "; 0 to 1 are required");
  }

  int size() {
    return sorted.length;
  }

  double mean() {
    return Arrays.stream(sorted).sum() / sorted.length;
  }

  /// The share of values up to this one.
  double share(double level) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= level) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low / (double) sorted.length;
  }

  /// How often uniform numbers have a larger Kolmogorov-Smirnov distance max|share(u) - u|.
  double kolmogorovSmirnov() {
    Require.that(sorted.length >= 2, "kolmogorov-smirnov", sorted.length + " examples; at least 2 are required");
    return KolmogorovSmirnovTest.withDefaults().test(sorted, u -> Math.clamp(u, 0, 1)).getPValue();
  }

  /// The standard deviation of the mean of n uniform numbers.
  static double errorOfMean(int n) {
    return 1 / Math.sqrt(12.0 * n);
  }

  /// The half width in standard deviations of a central band of the normal distribution.
  static double deviations(double confidence) {
    Checks.probability("band", "confidence", confidence);
    return NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
  }
}
