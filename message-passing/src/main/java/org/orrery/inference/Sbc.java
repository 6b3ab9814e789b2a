package org.orrery.inference;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// Simulation-based calibration: the rank of the truth among draws from the posterior, parameter by parameter. With L draws it is uniform on
/// 0 to L where truths come from the prior and posteriors are right. Talts et al. 2018.
///
/// In the histogram a U is overconfident, a hump too wide, a slope a bias, as in [Pit], which needs distributions where this needs draws
/// alone. For chi-squared the expected number in a bin should be at least 5.
public final class Sbc {
  private final int[][] ranks;
  private final Uniformity[] smooth;
  private final int draws;

  private Sbc(int[][] ranks, Uniformity[] smooth, int draws) {
    this.ranks = ranks;
    this.smooth = smooth;
    this.draws = draws;
  }

  /// The ranks of all examples.
  ///
  /// @param draws from each posterior; one less than a multiple of the bins that will be looked at
  public static Sbc of(Predictions predictions, int draws, Key key) {
    Require.positive("sbc", "draws", draws);
    int size = predictions.dimensions();
    int[][] ranks = new int[size][predictions.size()];
    double[][] smooth = new double[size][predictions.size()];
    Parallel.current().forEach(predictions.size(), n -> {
      Key own = key.fold(n);
      double[][] drawn = predictions.posterior(n).sample(own.fold("draws"), draws);
      double[] truth = predictions.truth(n);
      double[] u = own.fold("within").uniformDouble(size);
      for (int i = 0; i < size; i++) {
        int parameter = i;
        ranks[i][n] = (int) Arrays.stream(drawn).filter(draw -> draw[parameter] < truth[parameter]).count();
        smooth[i][n] = (ranks[i][n] + u[i]) / (draws + 1);
      }
    });
    return new Sbc(ranks,
        IntStream.range(0, size).mapToObj(i -> new Uniformity(smooth[i])).toArray(Uniformity[]::new), draws);
  }

  /// How many draws of each example lie below the truth.
  public int[] ranks(int parameter) {
    Checks.parameter("sbc", parameter, ranks.length);
    return ranks[parameter].clone();
  }

  /// The number of examples in each of so many equal bins of ranks.
  ///
  /// @throws IllegalArgumentException unless draws + 1 is a multiple of the bins: others would hold different numbers of ranks
  public int[] histogram(int parameter, int bins) {
    Require.that(bins > 1 && (draws + 1) % bins == 0, "sbc",
        bins + " bins of " + (draws + 1) + " ranks; at least 2 that divide them are required");
    int[] counts = new int[bins];
    for (int rank : ranks(parameter)) {
      counts[rank / ((draws + 1) / bins)]++;
    }
    return counts;
  }

  /// Where the share of one bin lies with this confidence.
  public BinomialBand band(int bins, double confidence) {
    Require.positive("sbc", "bins", bins);
    return BinomialBand.of(ranks[0].length, 1.0 / bins, confidence);
  }

  /// The probability of a histogram as uneven: Pearson's chi-squared of bins - 1 degrees of freedom.
  public double chiSquaredPValue(int parameter, int bins) {
    double expected = ranks[0].length / (double) bins;
    double sum = Arrays.stream(histogram(parameter, bins)).mapToDouble(c -> (c - expected) * (c - expected) / expected)
        .sum();
    return ChiSquaredDistribution.of(bins - 1.0).survivalProbability(sum);
  }

  /// The probability of ranks as far from uniform (Kolmogorov-Smirnov), each rank spread evenly over its place by a number of the key, so
  /// that steps do not count.
  public double pValue(int parameter) {
    Checks.parameter("sbc", parameter, ranks.length);
    return smooth[parameter].kolmogorovSmirnov();
  }
}
