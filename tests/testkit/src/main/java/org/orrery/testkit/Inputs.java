package org.orrery.testkit;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

/// Seeded numbers and structures that laws are tried on.
final class Inputs {
  private static final long SEED = 20_110_912;

  private Inputs() {
  }

  /// A test that gets a key of its own; the name says what it is tried on, and the seed is added to it.
  static DynamicTest law(String name, Consumer<Key> law) {
    return DynamicTest.dynamicTest(name + ", seed " + SEED, () -> law.accept(Key.of(SEED).fold(name)));
  }

  /// Normal numbers with this standard deviation.
  static float[] normal(Key key, int size, double deviation) {
    float[] values = key.normal(size);
    for (int i = 0; i < size; i++) {
      values[i] *= (float) deviation;
    }
    return values;
  }

  /// Numbers between `from` and `to`.
  static float[] between(Key key, int size, double from, double to) {
    float[] values = key.uniform(size);
    for (int i = 0; i < size; i++) {
      values[i] = (float) (from + (to - from) * values[i]);
    }
    return values;
  }

  /// Whole numbers from -2 to 2: many of them are equal.
  static float[] whole(Key key, int size) {
    int[] integers = key.integers(size, 5);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = integers[i] - 2;
    }
    return values;
  }

  /// The same numbers, every fifth or so replaced by one of these.
  static float[] salted(Key key, float[] values, float... salt) {
    float[] salted = values.clone();
    int[] choice = key.integers(values.length, 5 * salt.length);
    for (int i = 0; i < salted.length; i++) {
      if (choice[i] < salt.length) {
        salted[i] = salt[choice[i]];
      }
    }
    return salted;
  }

  /// Where each of so many rows begins when so many entries are dealt to them at random; every third row or so is empty,
  /// and one is long.
  static Indices offsets(Key key, int rows, int entries) {
    int[] offsets = new int[rows + 1];
    if (rows == 0) {
      return Indices.wrap(offsets);
    }
    int[] cuts = key.integers(Math.max(0, rows - 1), entries + 1);
    Arrays.sort(cuts);
    for (int r = 1; r < rows; r++) {
      offsets[r] = r % 3 == 0 ? offsets[r - 1] : cuts[r - 1];
    }
    offsets[rows] = entries;
    return Indices.wrap(offsets);
  }

  /// A random order of so many things.
  static Indices order(Key key, int size) {
    return Indices.wrap(key.permutation(size));
  }

  /// Random entries below a bound: some come twice and some never.
  static Indices choices(Key key, int size, int bound) {
    return Indices.wrap(size == 0 ? new int[0] : key.integers(size, bound));
  }
}
