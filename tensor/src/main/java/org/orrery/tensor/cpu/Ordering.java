package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.backend.Reduction;

/// Sorting, the place of the extreme, and prefix sums.
final class Ordering {
  private static final int CHUNK = 1 << 14;

  private Ordering() {
  }

  /// For each row of x `[outer, length]` the stable order of its entries. A number becomes the upper half of a long and
  /// its position the lower half, so that one sort of longs is stable.
  static int[] sort(Parallel parallel, float[] x, int outer, int length, boolean descending) {
    int[] order = new int[outer * length];
    parallel.forChunks(outer, Math.max(1, CHUNK / Math.max(1, length)), (from, to) -> {
      long[] keys = new long[length];
      for (int o = from; o < to; o++) {
        for (int i = 0; i < length; i++) {
          int rank = rank(x[o * length + i]);
          keys[i] = ((long) (descending ? ~rank : rank) << 32) | i;
        }
        Arrays.sort(keys);
        for (int i = 0; i < length; i++) {
          order[o * length + i] = (int) keys[i];
        }
      }
    });
    return order;
  }

  /// An int that orders as the number does: 0 and -0 alike, NaN largest.
  private static int rank(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /// Where along the middle axis of x `[outer, length, inner]` the first extreme is; NaN is one.
  static int[] argReduce(Parallel parallel, Reduction kind, float[] x, int outer, int length, int inner) {
    if (kind != Reduction.MAXIMUM && kind != Reduction.MINIMUM) {
      throw new IllegalArgumentException("argReduce: " + kind + "; MAXIMUM or MINIMUM is required");
    }
    boolean most = kind == Reduction.MAXIMUM;
    int[] places = new int[outer * inner];
    parallel.forChunks(outer, Math.max(1, CHUNK / Math.max(1, length * Math.max(1, inner))), (from, to) -> {
      float[] best = new float[inner];
      for (int o = from; o < to; o++) {
        System.arraycopy(x, o * length * inner, best, 0, inner);
        for (int i = 1; i < length; i++) {
          improve(most, x, (o * length + i) * inner, best, i, places, o * inner);
        }
      }
    });
    return places;
  }

  private static void improve(boolean most, float[] x, int at, float[] best, int i, int[] places, int placesAt) {
    for (int n = 0; n < best.length; n++) {
      float value = x[at + n];
      boolean better = most ? value > best[n] : value < best[n];
      if (better || (Float.isNaN(value) && !Float.isNaN(best[n]))) {
        best[n] = value;
        places[placesAt + n] = i;
      }
    }
  }

  /// y[o, i, n] = sum of x[o, j, n] over j up to and including i, or from i on where `reversed`; summed in double.
  static void prefixSum(Parallel parallel, float[] x, int outer, int length, int inner, boolean reversed, float[] y) {
    parallel.forChunks(outer, Math.max(1, CHUNK / Math.max(1, length * Math.max(1, inner))), (from, to) -> {
      double[] sums = new double[inner];
      for (int o = from; o < to; o++) {
        Arrays.fill(sums, 0);
        for (int step = 0; step < length; step++) {
          int at = (o * length + (reversed ? length - 1 - step : step)) * inner;
          for (int n = 0; n < inner; n++) {
            sums[n] += x[at + n];
            y[at + n] = (float) sums[n];
          }
        }
      }
    });
  }
}
