package org.orrery.inference;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.orrery.nn.Require;

/// Where the share of successes lies if each of n trials succeeds with probability p: the central band that holds at least
/// the stated confidence, so that a value outside speaks against p.
///
/// Ends are the (1 - c) / 2 and (1 + c) / 2 quantiles of the binomial distribution, divided by n. For p above 1/2 the failures are
/// counted instead, since sums that start from (1 - p)^n underflow there.
///
/// @param low the lowest share in the band
/// @param high the highest
public record BinomialBand(double low, double high) {
  /// The band for n trials.
  ///
  /// @throws IllegalArgumentException unless n is positive, p is of [0, 1] and the confidence between 0 and 1
  public static BinomialBand of(int trials, double probability, double confidence) {
    Require.positive("binomial band", "trials", trials);
    Require.that(probability >= 0 && probability <= 1, "binomial band",
        "probability " + probability + "; a number of 0 to 1 is required");
    Checks.probability("binomial band", "confidence", confidence);
    if (probability > 0.5) {
      BinomialBand failures = of(trials, 1 - probability, confidence);
      return new BinomialBand(1 - failures.high, 1 - failures.low);
    }
    BinomialDistribution counts = BinomialDistribution.of(trials, probability);
    return new BinomialBand(counts.inverseCumulativeProbability((1 - confidence) / 2) / (double) trials,
        counts.inverseCumulativeProbability((1 + confidence) / 2) / (double) trials);
  }

  /// Whether a share lies in the band, ends included (up to rounding).
  public boolean contains(double share) {
    return share >= low - 1e-12 && share <= high + 1e-12;
  }
}
