package org.orrery.graph.space;

import java.util.Arrays;

/// Runs of places in an array, in ascending order; runs that follow each other are one.
final class Places {
  private int[] ends = new int[64];
  private int length;
  private int count;

  void clear() {
    length = 0;
    count = 0;
  }

  /// Adds the places `from` up to, not including, `to`.
  ///
  /// @param from not before the end of the last run
  void add(int from, int to) {
    count += to - from;
    if (length > 0 && ends[length - 1] == from) {
      ends[length - 1] = to;
      return;
    }
    if (length == ends.length) {
      ends = Arrays.copyOf(ends, 2 * length);
    }
    ends[length++] = from;
    ends[length++] = to;
  }

  int runs() {
    return length / 2;
  }

  int from(int run) {
    return ends[2 * run];
  }

  int to(int run) {
    return ends[2 * run + 1];
  }

  /// How many places the runs have together.
  int count() {
    return count;
  }
}
