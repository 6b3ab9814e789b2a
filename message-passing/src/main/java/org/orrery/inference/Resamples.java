package org.orrery.inference;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// The bootstrap: a statistic over many resamples of the examples, each of the same size and with replacement.
final class Resamples {
  private Resamples() {
  }

  /// The statistic of each resample, in ascending order.
  static double[] sorted(int examples, int resamples, Key key, ToDoubleFunction<int[]> statistic) {
    Require.positive("bootstrap", "resamples", resamples);
    double[] values = new double[resamples];
    Parallel.current().forEach(resamples,
        b -> values[b] = statistic.applyAsDouble(key.fold(b).integers(examples, examples)));
    Arrays.sort(values);
    return values;
  }

  static CredibleInterval interval(int examples, double confidence, int resamples, Key key,
      ToDoubleFunction<int[]> statistic) {
    Checks.probability("bootstrap", "confidence", confidence);
    double[] values = sorted(examples, resamples, key, statistic);
    return new CredibleInterval(quantile(values, (1 - confidence) / 2), quantile(values, (1 + confidence) / 2));
  }

  /// Between sorted values, of which the k-th of n stands at k / (n - 1).
  static double quantile(double[] sorted, double probability) {
    double at = probability * (sorted.length - 1);
    int below = Math.min((int) at, Math.max(0, sorted.length - 2));
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  static double[] taken(double[] values, int[] chosen) {
    double[] taken = new double[chosen.length];
    Arrays.setAll(taken, i -> values[chosen[i]]);
    return taken;
  }
}
