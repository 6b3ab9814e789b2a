package org.orrery.graph.space;

import java.util.Arrays;

/// Points at the same place. Searches for what is near compare each place once, or a few times, however many points stand
/// there.
final class Piles {
  private Piles() {
  }

  /// For each of the points from `first` on, the lowest of them at the same place, counted from 0.
  ///
  /// @param positions `[points, dimensions]`, row-major
  static int[] lowest(double[] positions, int dimensions, int first, int count) {
    int capacity = Integer.highestOneBit(Math.max(1, count)) << 1;
    int[] table = new int[Math.max(2, capacity)];
    Arrays.fill(table, -1);
    int[] lowest = new int[count];
    for (int i = 0; i < count; i++) {
      int slot = hash(positions, (first + i) * dimensions, dimensions) & (table.length - 1);
      while (table[slot] >= 0 && !areTogether(positions, dimensions, first + table[slot], first + i)) {
        slot = (slot + 1) & (table.length - 1);
      }
      if (table[slot] < 0) {
        table[slot] = i;
      }
      lowest[i] = table[slot];
    }
    return lowest;
  }

  /// The points, counted from `first`, of which fewer than `most` of lower index are at the same place; ascending.
  static int[] lowestFew(double[] positions, int dimensions, int first, int count, int most) {
    int[] lowest = lowest(positions, dimensions, first, count);
    int[] before = new int[count];
    int[] kept = new int[count];
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (before[lowest[i]]++ < most) {
        kept[size++] = i;
      }
    }
    return Arrays.copyOf(kept, size);
  }

  private static boolean areTogether(double[] positions, int dimensions, int a, int b) {
    for (int axis = 0; axis < dimensions; axis++) {
      if (positions[a * dimensions + axis] != positions[b * dimensions + axis]) {
        return false;
      }
    }
    return true;
  }

  /// Of all bits: numbers on a lattice differ in the first few alone. MurmurHash3's last step (Appleby 2011).
  private static int hash(double[] positions, int at, int dimensions) {
    long mixed = 0;
    for (int axis = 0; axis < dimensions; axis++) {
      mixed = mixed * 31 + Double.doubleToRawLongBits(positions[at + axis] + 0.0); // + 0.0 makes -0 a 0
      mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
      mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
      mixed ^= mixed >>> 33;
    }
    return (int) mixed;
  }
}
