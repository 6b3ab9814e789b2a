package org.orrery.cosmology;

import org.orrery.tensor.Key;

/// Numbers of one key, one after the other, for algorithms that do not know beforehand how many they need.
final class Draws {
  private static final int BLOCK = 256;

  private final Key key;
  private double[] numbers = {};
  private int next;
  private long block;

  Draws(Key key) {
    this.key = key;
  }

  /// Uniform in `[0, 1)`.
  double uniform() {
    if (next == numbers.length) {
      numbers = key.fold(block++).uniformDouble(BLOCK);
      next = 0;
    }
    return numbers[next++];
  }

  /// Standard normal, by Box and Muller, of which one half is not used.
  double normal() {
    return Math.sqrt(-2 * Math.log1p(-uniform())) * Math.cos(2 * Math.PI * uniform());
  }

  /// A number of events of this mean: the exponential waiting times that fit into it.
  int poisson(double mean) {
    int count = 0;
    for (double time = -Math.log1p(-uniform()); time < mean; time -= Math.log1p(-uniform())) {
      count++;
    }
    return count;
  }
}
