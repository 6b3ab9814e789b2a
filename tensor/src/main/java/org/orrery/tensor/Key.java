package org.orrery.tensor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Immutable randomness: the number at position p is a function of key and p alone, so any thread on any device can make
/// any part of an array, and the same key gives the same numbers everywhere.
///
/// The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
/// A key holds 128 bits: the cipher's 64-bit key and 64 bits of a stream, which are the upper half of the counter. The
/// lowest word of the counter numbers blocks of four 32-bit words; the one above it says what the block is for.
///
/// All kinds of numbers are cut from the same words: a key is meant to be asked once, and [#fold] or [#split] give
/// fresh ones.
public final class Key {
  private static final int NUMBERS = 0;
  private static final int FOLD_LOW = 1;
  private static final int FOLD_HIGH = 2;
  private static final int SPLIT = 3;
  private static final int NAME = 4;
  private static final int RETRY = 16; // and above: one purpose for each further attempt

  private static final int WORDS = 4;

  private final long cipher;
  private final long stream;

  private Key(long cipher, long stream) {
    this.cipher = cipher;
    this.stream = stream;
  }

  /// The key of a seed.
  public static Key of(long seed) {
    return new Key(seed, 0);
  }

  /// The key that [#state()] told of.
  ///
  /// @throws IllegalArgumentException unless there are two numbers
  public static Key ofState(long... state) {
    if (state.length != 2) {
      throw new IllegalArgumentException("key: a state of " + state.length + " numbers; 2 are required");
    }
    return new Key(state[0], state[1]);
  }

  /// The two numbers that this key is made of, to be saved and given to [#ofState].
  public long[] state() {
    return new long[] {cipher, stream};
  }

  /// The key derived from this one and a number: a step, an epoch, the rank of a layer.
  public Key fold(long data) {
    return derive(FOLD_LOW, (int) data).derive(FOLD_HIGH, (int) (data >>> 32));
  }

  /// The key derived from this one and a name, by its UTF-8 bytes.
  public Key fold(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    Key key = derive(NAME, bytes.length);
    for (int start = 0; start < bytes.length; start += Integer.BYTES) {
      int word = 0;
      for (int i = start; i < Math.min(start + Integer.BYTES, bytes.length); i++) {
        word |= (bytes[i] & 0xff) << (Byte.SIZE * (i - start));
      }
      key = key.derive(NAME, word);
    }
    return key;
  }

  /// So many keys derived from this one; the first of them do not depend on how many there are.
  ///
  /// @throws IllegalArgumentException where `count` is negative
  public List<Key> split(int count) {
    requireSize(count);
    List<Key> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(derive(SPLIT, i));
    }
    return List.copyOf(keys);
  }

  private Key derive(int purpose, int data) {
    int[] block = new int[WORDS];
    block(data, purpose, block);
    return new Key(join(block[1], block[0]), join(block[3], block[2]));
  }

  /// The 64 random bits at a position: words 2 p (low) and 2 p + 1 (high).
  ///
  /// @throws IndexOutOfBoundsException where the position is negative
  public long bits(int position) {
    if (position < 0) {
      throw new IndexOutOfBoundsException("key: position " + position + "; 0 or more is required");
    }
    int[] block = new int[WORDS];
    block(position >>> 1, NUMBERS, block);
    int low = (position & 1) << 1;
    return join(block[low + 1], block[low]);
  }

  /// Numbers k / 2^24, uniform on [0, 1): the upper 24 bits of word p at position p.
  ///
  /// @throws IllegalArgumentException where `size` is negative
  public float[] uniform(int size) {
    float[] numbers = new float[requireSize(size)];
    uniform(numbers, 0, size);
    return numbers;
  }

  /// Writes the part of [#uniform(int)] from position `from` up to `to` to the same places of an array.
  ///
  /// @throws IndexOutOfBoundsException where the array does not have these places
  public void uniform(float[] into, int from, int to) {
    requireRange(into, from, to);
    uniform(into, from, from, to);
  }

  /// Writes the part of [#uniform(int)] from position `from` up to `to` to the places from `at` on.
  ///
  /// @throws IndexOutOfBoundsException where the array does not have these places
  public void uniform(float[] into, int at, int from, int to) {
    Objects.checkFromIndexSize(at, to - from, into.length);
    int[] block = new int[WORDS];
    for (int p = from; p < to;) {
      block(p >>> 2, NUMBERS, block);
      for (int w = p & 3; w < WORDS && p < to; w++, p++) {
        into[at + p - from] = (block[w] >>> 8) * 0x1p-24f;
      }
    }
  }

  /// Numbers k / 2^53, uniform on [0, 1): the upper 53 of the [#bits] at each position.
  ///
  /// @throws IllegalArgumentException where `size` is negative
  public double[] uniformDouble(int size) {
    double[] numbers = new double[requireSize(size)];
    int[] block = new int[WORDS];
    for (int p = 0; p < size; p++) {
      int low = (p & 1) << 1;
      if (low == 0) {
        block(p >>> 1, NUMBERS, block);
      }
      numbers[p] = (join(block[low + 1], block[low]) >>> 11) * 0x1p-53;
    }
    return numbers;
  }

  /// Standard normal numbers by Box and Muller 1958. Positions p = 2 j and 2 j + 1 share the words a = w[2 j] and
  /// b = w[2 j + 1]: r = sqrt(-2 log((a + 1/2) / 2^32)) and the angle t = 2 pi b / 2^32 give r cos t and r sin t. None is
  /// farther out than 6.8.
  ///
  /// Computed in double precision with [StrictMath] and rounded once.
  ///
  /// @throws IllegalArgumentException where `size` is negative
  public float[] normal(int size) {
    float[] numbers = new float[requireSize(size)];
    normal(numbers, 0, size);
    return numbers;
  }

  /// Writes the part of [#normal(int)] from position `from` up to `to` to the same places of an array.
  ///
  /// @throws IndexOutOfBoundsException where the array does not have these places
  public void normal(float[] into, int from, int to) {
    requireRange(into, from, to);
    int[] block = new int[WORDS];
    int present = -1;
    for (int p = from; p < to;) {
      if (p >>> 2 != present) {
        present = p >>> 2;
        block(present, NUMBERS, block);
      }
      int pair = p & 2;
      double radius = StrictMath.sqrt(-2 * StrictMath.log((Integer.toUnsignedLong(block[pair]) + 0.5) * 0x1p-32));
      double angle = 2 * Math.PI * (Integer.toUnsignedLong(block[pair + 1]) * 0x1p-32);
      if ((p & 1) == 0) {
        into[p++] = (float) (radius * StrictMath.cos(angle));
      }
      if (p < to) {
        into[p++] = (float) (radius * StrictMath.sin(angle));
      }
    }
  }

  /// Whole numbers, each of 0 to bound - 1 exactly as likely as any other.
  ///
  /// @throws IllegalArgumentException where `size` is negative or `bound` is not positive
  public int[] integers(int size, int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("key: integers below " + bound + "; a positive bound is required");
    }
    int[] numbers = new int[requireSize(size)];
    int[] block = new int[WORDS];
    int[] attempts = new int[WORDS];
    for (int p = 0; p < size; p++) {
      if ((p & 3) == 0) {
        block(p >>> 2, NUMBERS, block);
      }
      numbers[p] = integer(p, block[p & 3], bound, attempts);
    }
    return numbers;
  }

  /// The numbers 0 to n - 1 in random order, every order as likely as any other (Fisher and Yates).
  ///
  /// @throws IllegalArgumentException where `n` is negative
  public int[] permutation(int n) {
    int[] order = new int[requireSize(n)];
    int[] block = new int[WORDS];
    int[] attempts = new int[WORDS];
    for (int p = 0; p < n; p++) {
      if ((p & 3) == 0) {
        block(p >>> 2, NUMBERS, block);
      }
      int place = integer(p, block[p & 3], p + 1, attempts);
      order[p] = order[place];
      order[place] = p;
    }
    return order;
  }

  /// word bound / 2^32, rounded down; the words that would make some results likelier are replaced (Lemire 2019).
  private int integer(int position, int word, int bound, int[] attempts) {
    long product = Integer.toUnsignedLong(word) * bound;
    if (Integer.compareUnsigned((int) product, bound) < 0) {
      int surplus = Integer.remainderUnsigned(-bound, bound); // 2^32 modulo bound
      for (int attempt = 0; Integer.compareUnsigned((int) product, surplus) < 0; attempt++) {
        block(position, RETRY + (attempt >>> 2), attempts);
        product = Integer.toUnsignedLong(attempts[attempt & 3]) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  private void block(int index, int purpose, int[] into) {
    philox(index, purpose, (int) stream, (int) (stream >>> 32), (int) cipher, (int) (cipher >>> 32), into);
  }

  /// Ten rounds of the cipher over the counter (c0, c1, c2, c3) with the key (k0, k1); four words come out.
  static void philox(int c0, int c1, int c2, int c3, int k0, int k1, int[] into) {
    int a = c0;
    int b = c1;
    int c = c2;
    int d = c3;
    int even = k0;
    int odd = k1;
    for (int round = 0; round < 10; round++) {
      long first = 0xD2511F53L * Integer.toUnsignedLong(a);
      long second = 0xCD9E8D57L * Integer.toUnsignedLong(c);
      a = (int) (second >>> 32) ^ b ^ even;
      b = (int) second;
      c = (int) (first >>> 32) ^ d ^ odd;
      d = (int) first;
      even += 0x9E3779B9; // the golden ratio
      odd += 0xBB67AE85; // sqrt 3 - 1
    }
    into[0] = a;
    into[1] = b;
    into[2] = c;
    into[3] = d;
  }

  private static long join(int high, int low) {
    return (long) high << 32 | Integer.toUnsignedLong(low);
  }

  private static int requireSize(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("key: " + size + " numbers; 0 or more are required");
    }
    return size;
  }

  private static void requireRange(float[] into, int from, int to) {
    if (from < 0 || to < from || to > into.length) {
      throw new IndexOutOfBoundsException(
          "key: positions " + from + " up to " + to + " of an array of " + into.length);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && cipher == key.cipher && stream == key.stream;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(cipher * 31 + stream);
  }

  /// As in `Key[2a, 0]`: the state in hexadecimal.
  @Override
  public String toString() {
    return "Key[" + Long.toHexString(cipher) + ", " + Long.toHexString(stream) + "]";
  }
}
