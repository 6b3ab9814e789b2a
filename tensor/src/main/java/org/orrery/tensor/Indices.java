package org.orrery.tensor;

import java.util.Arrays;

/// An immutable array of int32: neighbors, labels, rows to gather. It is made on the host, where structure is built;
/// a device backend keeps its own copy beside it.
public final class Indices {
  private static final Indices EMPTY = new Indices(new int[0]);

  private final int[] values;

  private Indices(int[] values) {
    this.values = values;
  }

  /// A copy of these values.
  public static Indices of(int... values) {
    return values.length == 0 ? EMPTY : new Indices(values.clone());
  }

  /// These values without a copy: the caller gives the array away and must not write to it again.
  public static Indices wrap(int[] values) {
    return new Indices(values);
  }

  /// These 64-bit values.
  ///
  /// @throws IllegalArgumentException naming the first that does not fit into 32 bits
  public static Indices of(long[] values) {
    int[] narrow = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (int) values[i];
      if (narrow[i] != values[i]) {
        throw new IllegalArgumentException("indices: entry " + i + " is " + values[i] + "; 32 bits are required");
      }
    }
    return new Indices(narrow);
  }

  /// from, from + 1, ..., to - 1.
  public static Indices range(int from, int to) {
    int[] values = new int[Math.max(0, to - from)];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + i;
    }
    return new Indices(values);
  }

  /// How many.
  public int size() {
    return values.length;
  }

  /// The entry at a position.
  public int at(int position) {
    return values[position];
  }

  /// A copy.
  public int[] toArray() {
    return values.clone();
  }

  /// The array itself, for kernels and structure code that read it many times. It must never be written to.
  public int[] raw() {
    return values;
  }

  /// The entries at these positions.
  public Indices at(Indices positions) {
    int[] taken = new int[positions.size()];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = values[positions.values[i]];
    }
    return new Indices(taken);
  }

  /// Whether all are 0 up to, not including, the bound: signs are collected without a branch.
  public boolean areBelow(int bound) {
    int signs = 0;
    for (int value : values) {
      signs |= value | (bound - 1 - value);
    }
    return bound > 0 ? signs >= 0 : values.length == 0;
  }

  /// Checks that every entry lies in 0 to bound - 1.
  ///
  /// @throws IndexOutOfBoundsException naming the first that does not; `what` starts the message
  public Indices requireBelow(int bound, String what) {
    if (areBelow(bound)) {
      return this;
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= bound) {
        throw new IndexOutOfBoundsException(
            what + ": entry " + i + " is " + values[i] + "; 0 to " + (bound - 1) + " are allowed");
      }
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Indices indices && Arrays.equals(values, indices.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    if (values.length <= 20) {
      return Arrays.toString(values);
    }
    String head = Arrays.toString(Arrays.copyOf(values, 10));
    return head.substring(0, head.length() - 1) + ", ... (" + values.length + ")]";
  }
}
