package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Variances over segments and their gradient with vectors, of rows at least a vector wide. The last vector of a row ends with it
/// and overlaps the one before; both write the same numbers.
final class VectorVariances {
  private VectorVariances() {
  }

  static void variance(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j += LANES) {
        variance(slots.columns(), slots.offsets()[r], slots.offsets()[r + 1], x, width, Lanes.start(width, j), y,
            r * width);
      }
    }
  }

  private static void variance(int @Nullable [] columns, int from, int to, float[] x, int width, int j, float[] y,
      int at) {
    FloatVector first = first(columns, from, to, x, width, j);
    FloatVector mean = mean(columns, from, to, x, width, j, first);
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    FloatVector rest = sum;
    for (int s = from; s < to; s++) {
      FloatVector off = load(x, (columns == null ? s : columns[s]) * width + j).sub(first).sub(mean);
      sum = off.fma(off, sum);
      rest = rest.add(off);
    }
    float count = Math.max(1, to - from);
    sum.sub(rest.mul(rest).div(count)).max(0f).div(count).intoArray(y, at + j);
  }

  private static FloatVector first(int @Nullable [] columns, int from, int to, float[] x, int width, int j) {
    return from == to
        ? FloatVector.zero(Lanes.SPECIES)
        : load(x, (columns == null ? from : columns[from]) * width + j);
  }

  /// The mean over the slots of a row, less `first`.
  private static FloatVector mean(int @Nullable [] columns, int from, int to, float[] x, int width, int j,
      FloatVector first) {
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      sum = sum.add(load(x, (columns == null ? s : columns[s]) * width + j).sub(first));
    }
    return sum.div((float) Math.max(1, to - from));
  }

  static void gradient(Slots slots, float[] x, float[] upstream, int width, float[] share, int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j += LANES) {
        gradient(slots.columns(), slots.offsets()[r], slots.offsets()[r + 1], x, width, Lanes.start(width, j), upstream,
            r * width, share);
      }
    }
  }

  private static void gradient(int @Nullable [] columns, int from, int to, float[] x, int width, int j,
      float[] upstream, int at, float[] share) {
    FloatVector first = first(columns, from, to, x, width, j);
    FloatVector mean = mean(columns, from, to, x, width, j, first);
    FloatVector each = load(upstream, at + j).mul(2f).div((float) Math.max(1, to - from));
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      load(x, p).sub(first).sub(mean).mul(each).intoArray(share, p);
    }
  }
}
