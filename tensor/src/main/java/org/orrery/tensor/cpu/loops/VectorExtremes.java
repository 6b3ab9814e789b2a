package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Products and extremes over segments, and the gradients of extremes, with vectors: of rows at least a vector wide. The columns
/// of a vector stay in registers while the slots of a row run; the last vector ends with the row and overlaps the one before, and
/// both write the same numbers.
final class VectorExtremes {
  private static final int STRIP = 4 * LANES;

  private VectorExtremes() {
  }

  static void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      int from = slots.offsets()[r];
      int to = slots.offsets()[r + 1];
      if (from == to) {
        Arrays.fill(y, r * width, (r + 1) * width, empty);
      } else if (kind == Reduction.PRODUCT) {
        for (int j = 0; j < width; j += LANES) {
          product(slots.columns(), from, to, x, width, Lanes.start(width, j), y, r * width);
        }
      } else {
        extremes(slots.columns(), from, to, kind == Reduction.MAXIMUM ? 1f : -1f, x, width, y, r * width);
      }
    }
  }

  private static void product(int @Nullable [] columns, int from, int to, float[] x, int width, int j, float[] y,
      int at) {
    FloatVector product = every(1f);
    for (int s = from; s < to; s++) {
      product = product.mul(load(x, (columns == null ? s : columns[s]) * width + j));
    }
    product.intoArray(y, at + j);
  }

  /// The maximum of sign x, times sign: with -1 it is the minimum of x.
  private static void extremes(int @Nullable [] columns, int from, int to, float sign, float[] x, int width, float[] y,
      int at) {
    int j = 0;
    for (; j <= width - STRIP; j += STRIP) {
      extremeStrip(columns, from, to, sign, x, width, j, y, at + j);
    }
    for (; j < width; j += LANES) {
      extremeVector(columns, from, to, sign, x, width, Lanes.start(width, j), y, at);
    }
  }

  private static void extremeStrip(int @Nullable [] columns, int from, int to, float sign, float[] x, int width, int j,
      float[] y, int at) {
    FloatVector s0 = every(Float.NEGATIVE_INFINITY);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      s0 = s0.max(load(x, p).mul(sign));
      s1 = s1.max(load(x, p + LANES).mul(sign));
      s2 = s2.max(load(x, p + 2 * LANES).mul(sign));
      s3 = s3.max(load(x, p + 3 * LANES).mul(sign));
    }
    Lanes.store(y, at, s0.mul(sign), s1.mul(sign), s2.mul(sign), s3.mul(sign));
  }

  private static void extremeVector(int @Nullable [] columns, int from, int to, float sign, float[] x, int width, int j,
      float[] y, int at) {
    FloatVector most = every(Float.NEGATIVE_INFINITY);
    for (int s = from; s < to; s++) {
      most = most.max(load(x, (columns == null ? s : columns[s]) * width + j).mul(sign));
    }
    most.mul(sign).intoArray(y, at + j);
  }

  static void gradient(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] share, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j += LANES) {
        gradient(slots.columns(), slots.offsets()[r], slots.offsets()[r + 1], x, width, Lanes.start(width, j), y,
            upstream, r * width, share);
      }
    }
  }

  private static void gradient(int @Nullable [] columns, int from, int to, float[] x, int width, int j, float[] y,
      float[] upstream, int at, float[] share) {
    FloatVector zero = FloatVector.zero(Lanes.SPECIES);
    FloatVector extreme = load(y, at + j);
    FloatVector each = load(upstream, at + j).div(ties(columns, from, to, x, width, j, extreme));
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      zero.blend(each, load(x, p).compare(VectorOperators.EQ, extreme)).intoArray(share, p);
    }
  }

  /// How many of the slots hold the extreme, at least 1.
  private static FloatVector ties(int @Nullable [] columns, int from, int to, float[] x, int width, int j,
      FloatVector extreme) {
    FloatVector zero = FloatVector.zero(Lanes.SPECIES);
    FloatVector ties = zero;
    for (int s = from; s < to; s++) {
      FloatVector v = load(x, (columns == null ? s : columns[s]) * width + j);
      ties = ties.add(zero.blend(1f, v.compare(VectorOperators.EQ, extreme)));
    }
    return ties.max(1f);
  }

  static void tieShares(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] each, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j += LANES) {
        int at = r * width + Lanes.start(width, j);
        FloatVector ties = ties(slots.columns(), slots.offsets()[r], slots.offsets()[r + 1], x, width,
            Lanes.start(width, j), load(y, at));
        load(upstream, at).div(ties).intoArray(each, at);
      }
    }
  }

  static void tiedSum(Slots slots, float[] own, float[] other, float[] each, int width, float[] share, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j += LANES) {
        tiedSum(slots.columns(), slots.offsets()[r], slots.offsets()[r + 1], own, other, each, width,
            Lanes.start(width, j), r * width, share);
      }
    }
  }

  private static void tiedSum(int @Nullable [] columns, int from, int to, float[] own, float[] other, float[] each,
      int width, int j, int at, float[] share) {
    FloatVector zero = FloatVector.zero(Lanes.SPECIES);
    FloatVector mine = load(own, at + j);
    FloatVector sum = zero;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      VectorMask<Float> held = load(other, p).compare(VectorOperators.EQ, mine);
      sum = sum.add(zero.blend(load(each, p), held));
    }
    sum.intoArray(share, at + j);
  }
}
