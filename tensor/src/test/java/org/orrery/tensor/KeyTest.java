package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  private static final int MANY = 1_000_000;

  /// The three vectors for philox4x32 with ten rounds that are published with Random123: counter, key, result.
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"})
  void publishedVectorsComeOut(String counter, String cipher, String expected) {
    int[] c = words(counter);
    int[] k = words(cipher);
    int[] result = new int[4];
    Key.philox(c[0], c[1], c[2], c[3], k[0], k[1], result);
    assertArrayEquals(words(expected), result);
  }

  private static int[] words(String hexadecimal) {
    return Arrays.stream(hexadecimal.split(" ")).mapToInt(word -> Integer.parseUnsignedInt(word, 16)).toArray();
  }

  @Test
  void numbersAreCutFromTheWordsInOrder() { // key 0, block 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8
    Key key = Key.of(0);
    assertEquals(0xe169c58d6627e8d5L, key.bits(0));
    assertEquals(0x9b00dbd8bc57ac4cL, key.bits(1));
    assertArrayEquals(new float[] {0x6627e8p-24f, 0xe169c5p-24f, 0xbc57acp-24f, 0x9b00dbp-24f}, key.uniform(4));
    assertEquals(0x1c2d38b1acc4fdp-53, key.uniformDouble(1)[0]); // e169c58d6627e8d5 >>> 11
    double radius = Math.sqrt(-2 * Math.log((0x6627e8d5 + 0.5) / 4294967296.0));
    double angle = 2 * Math.PI * 0xe169c58dL / 4294967296.0;
    assertEquals(radius * Math.cos(angle), key.normal(2)[0], 1e-6);
    assertEquals(radius * Math.sin(angle), key.normal(2)[1], 1e-6);
    assertEquals((0x6627e8d5L * 10) >>> 32, key.integers(1, 10)[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 97})
  void eachPartIsMadeByItself(int size) {
    Key key = Key.of(12);
    float[] uniform = key.uniform(97);
    float[] normal = key.normal(97);
    assertArrayEquals(Arrays.copyOf(uniform, size), key.uniform(size));
    assertArrayEquals(Arrays.copyOf(normal, size), key.normal(size));
    float[] uniformParts = new float[97];
    float[] normalParts = new float[97];
    key.uniform(uniformParts, size, 97);
    key.uniform(uniformParts, 0, size);
    key.normal(normalParts, size, 97);
    key.normal(normalParts, 0, size);
    assertArrayEquals(uniform, uniformParts);
    assertArrayEquals(normal, normalParts);
    double[] wide = key.uniformDouble(97);
    for (int p = 0; p < 97; p++) {
      assertEquals((key.bits(p) >>> 11) * 0x1p-53, wide[p], "position " + p);
    }
  }

  /// Mean 1/2 and variance 1/12: of 10^6 numbers the mean's error is 2.9e-4, and five of those are allowed. In 1024
  /// equal bins chi squared has mean 1023 and standard deviation 45.
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 20_110_912})
  void uniformNumbersAreUniform(long seed) {
    float[] numbers = Key.of(seed).uniform(MANY);
    double sum = 0;
    double squares = 0;
    int[] bins = new int[1024];
    for (float x : numbers) {
      assertTrue(x >= 0 && x < 1, () -> "seed " + seed + ": " + x);
      sum += x;
      squares += (x - 0.5) * (x - 0.5);
      bins[(int) (x * 1024)]++;
    }
    double chiSquared = 0;
    for (int count : bins) {
      chiSquared += Math.pow(count - MANY / 1024.0, 2) / (MANY / 1024.0);
    }
    assertEquals(0.5, sum / MANY, 1.5e-3, "seed " + seed);
    assertEquals(1.0 / 12, squares / MANY, 4e-4, "seed " + seed); // standard error 7.5e-5
    assertEquals(1023, chiSquared, 5 * 45, "seed " + seed);
  }

  /// Standard errors of 10^6 numbers: mean 1e-3, variance 1.4e-3, third moment sqrt(15) e-3, fourth sqrt(96) e-3; five of
  /// each are allowed. Beyond 3 there are 0.0027 of them, give or take 5.2e-5.
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 20_110_912})
  void normalNumbersAreNormal(long seed) {
    float[] numbers = Key.of(seed).normal(MANY);
    double[] moments = new double[5];
    int far = 0;
    double neighbors = 0;
    for (int p = 0; p < MANY; p++) {
      double x = numbers[p];
      for (int m = 1; m <= 4; m++) {
        moments[m] += Math.pow(x, m) / MANY;
      }
      far += Math.abs(x) > 3 ? 1 : 0;
      neighbors += p > 0 ? x * numbers[p - 1] / MANY : 0;
    }
    assertEquals(0, moments[1], 5e-3, "seed " + seed);
    assertEquals(1, moments[2], 7e-3, "seed " + seed);
    assertEquals(0, moments[3], 2e-2, "seed " + seed);
    assertEquals(3, moments[4], 5e-2, "seed " + seed);
    assertEquals(0.0027, far / (double) MANY, 2.6e-4, "seed " + seed);
    assertEquals(0, neighbors, 5e-3, "seed " + seed); // neighbors are independent
  }

  @Test
  void derivedKeysDifferFromEachOtherAndFromTheirOrigin() {
    Key key = Key.of(7);
    Set<Key> all = new HashSet<>(key.split(1000));
    all.add(key);
    for (int i = 0; i < 1000; i++) {
      all.add(key.fold(i));
      all.add(key.fold((long) i << 32 | 1L << 31));
      all.add(key.fold("layer." + i));
      all.add(Key.of(8 + i));
    }
    all.add(key.fold(""));
    all.add(key.fold("\0"));
    all.add(key.fold("\0\0"));
    assertEquals(1 + 1000 * 5 + 3, all.size());
    assertEquals(key.fold("a"), key.fold("a"));
    assertEquals(key.split(3), key.split(5).subList(0, 3));
  }

  /// The correlation of 10^5 numbers has standard error 1 / sqrt(10^5) = 3.2e-3; five of those are allowed.
  @Test
  void derivedKeysAreIndependent() {
    Key key = Key.of(3);
    List<Key> keys = List.of(key, key.fold(0), key.fold(1), key.fold("a"), key.split(2).get(0), key.split(2).get(1),
        Key.of(4));
    for (Key a : keys) {
      for (Key b : keys) {
        double expected = a.equals(b) ? 1 : 0;
        assertEquals(expected, correlation(a.uniform(100_000), b.uniform(100_000)), 1.6e-2, a + " and " + b);
      }
    }
  }

  private static double correlation(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += 12 * (a[i] - 0.5) * (b[i] - 0.5);
    }
    return sum / a.length;
  }

  /// Remainders of 3 come as often as they should, within five standard errors. Were no word ever replaced, those below
  /// 0x60000001 would come in shares of 3/8, 3/8 and 2/8, as 2^32 is 8/3 of it.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10, 1000, 0x60000001})
  void integersAreUnbiased(int bound) {
    int draws = 300_000;
    int[] numbers = Key.of(bound).integers(draws, bound);
    int[] counts = new int[3];
    for (int x : numbers) {
      assertTrue(x >= 0 && x < bound, () -> bound + ": " + x);
      counts[x % 3]++;
    }
    for (int remainder = 0; remainder < 3; remainder++) {
      double share = Math.floorDiv((long) bound + 2 - remainder, 3) / (double) bound;
      double error = Math.sqrt(draws * share * (1 - share));
      assertEquals(draws * share, counts[remainder], 5 * error + 1e-9, "bound " + bound + ", remainder " + remainder);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 17, 1000})
  void aPermutationHoldsEveryNumberOnce(int n) {
    int[] order = Key.of(n).permutation(n);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertArrayEquals(Indices.range(0, n).toArray(), sorted);
  }

  /// Each of the 24 orders of four things comes 1000 times in 24,000, give or take 31.
  @Test
  void everyOrderIsAsLikely() {
    int[] counts = new int[256];
    for (Key key : Key.of(99).split(24_000)) {
      int[] p = key.permutation(4);
      counts[p[0] + 4 * p[1] + 16 * p[2] + 64 * p[3]]++;
    }
    int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertEquals(24, seen.length);
    for (int count : seen) {
      assertEquals(1000, count, 155);
    }
  }

  @Test
  void aSavedKeyGoesOn() {
    Key key = Key.of(5).fold("noise").fold(17);
    Key restored = Key.ofState(key.state());
    assertEquals(key, restored);
    assertEquals(key.hashCode(), restored.hashCode());
    assertArrayEquals(key.normal(9), restored.normal(9));
    assertNotEquals(key, Key.of(5));
    assertEquals("Key[2a, 0]", Key.of(42).toString());
  }

  @Test
  void misuseIsNamed() {
    Key key = Key.of(1);
    assertEquals("key: -1 numbers; 0 or more are required",
        assertThrows(IllegalArgumentException.class, () -> key.uniform(-1)).getMessage());
    assertEquals("key: integers below 0; a positive bound is required",
        assertThrows(IllegalArgumentException.class, () -> key.integers(3, 0)).getMessage());
    assertEquals("key: positions 2 up to 5 of an array of 4",
        assertThrows(IndexOutOfBoundsException.class, () -> key.normal(new float[4], 2, 5)).getMessage());
    assertEquals("key: a state of 3 numbers; 2 are required",
        assertThrows(IllegalArgumentException.class, () -> Key.ofState(1, 2, 3)).getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> key.bits(-1));
  }
}
