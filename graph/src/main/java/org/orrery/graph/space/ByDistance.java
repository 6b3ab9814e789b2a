package org.orrery.graph.space;

/// Sorts neighbors by the squares of their distances, equal ones by a key of which none is there twice: by Shell's method
/// with the gaps of Ciura (2001), in place.
final class ByDistance {
  private static final int[] GAPS = {1, 4, 10, 23, 57, 132, 301, 701, 1750};

  private ByDistance() {
  }

  static void sort(double[] squares, long[] keys, int size) {
    int largest = GAPS[GAPS.length - 1];
    while (largest < size / 2) {
      largest = (int) (largest * 2.25);
    }
    for (int gap = largest; gap > GAPS[GAPS.length - 1]; gap = (int) (gap / 2.25)) {
      sort(squares, keys, size, gap);
    }
    for (int g = GAPS.length - 1; g >= 0; g--) {
      sort(squares, keys, size, GAPS[g]);
    }
  }

  private static void sort(double[] squares, long[] keys, int size, int gap) {
    for (int i = gap; i < size; i++) {
      double square = squares[i];
      long key = keys[i];
      int hole = i;
      while (hole >= gap
          && (square < squares[hole - gap] || (square == squares[hole - gap] && key < keys[hole - gap]))) {
        squares[hole] = squares[hole - gap];
        keys[hole] = keys[hole - gap];
        hole -= gap;
      }
      squares[hole] = square;
      keys[hole] = key;
    }
  }
}
