package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import org.jspecify.annotations.Nullable;

/// Sums over the slots of rows with vectors, plain, weighted, and with weights of several heads. The row of a result stays
/// in registers while the slots run, in strips of four vectors. Plain and weighted sums take what is left in one more strip,
/// whose last vectors end with the row and overlap those before: both write the same sums. The others go on with one
/// vector at a time, the last with a mask. Every column adds its terms in slot order.
final class VectorSums {
  private static final int STRIP = 4 * LANES;

  private VectorSums() {
  }

  static void plain(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow) {
    int[] offsets = slots.offsets();
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; width - j == STRIP || width - j >= 2 * STRIP; j += STRIP) {
        sumStrip(slots.columns(), offsets[r], offsets[r + 1], x, width, j, j + LANES, j + 2 * LANES, j + 3 * LANES, y,
            r * width);
      }
      int last = width - LANES;
      if (width - j > STRIP) {
        sumWide(slots.columns(), offsets[r], offsets[r + 1], x, width, j, last, y, r * width);
      } else if (width - j > 2 * LANES) {
        sumStrip(slots.columns(), offsets[r], offsets[r + 1], x, width, j, j + LANES, Math.min(j + 2 * LANES, last),
            last, y, r * width);
      } else if (width - j > LANES) {
        sumPair(slots.columns(), offsets[r], offsets[r + 1], x, width, j, last, y, r * width);
      } else if (j < width) {
        j = Math.min(j, Math.max(0, last));
        sumVector(slots.columns(), offsets[r], offsets[r + 1], x, width, j, y, r * width + j, Lanes.columns(width, j));
      }
    }
  }

  /// Four vectors of columns from j0, j1, j2 and j3 on.
  private static void sumStrip(int @Nullable [] columns, int from, int to, float[] x, int width, int j0, int j1, int j2,
      int j3, float[] y, int at) {
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width;
      s0 = s0.add(load(x, p + j0));
      s1 = s1.add(load(x, p + j1));
      s2 = s2.add(load(x, p + j2));
      s3 = s3.add(load(x, p + j3));
    }
    s0.intoArray(y, at + j0);
    s1.intoArray(y, at + j1);
    s2.intoArray(y, at + j2);
    s3.intoArray(y, at + j3);
  }

  /// Eight vectors of columns from j on, none beyond the last.
  private static void sumWide(int @Nullable [] columns, int from, int to, float[] x, int width, int j, int last,
      float[] y,
      int at) {
    int j1 = Math.min(j + 1 * LANES, last);
    int j2 = Math.min(j + 2 * LANES, last);
    int j3 = Math.min(j + 3 * LANES, last);
    int j4 = Math.min(j + 4 * LANES, last);
    int j5 = Math.min(j + 5 * LANES, last);
    int j6 = Math.min(j + 6 * LANES, last);
    int j7 = Math.min(j + 7 * LANES, last);
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width;
      s0 = s0.add(load(x, p + j));
      s1 = s1.add(load(x, p + j1));
      s2 = s2.add(load(x, p + j2));
      s3 = s3.add(load(x, p + j3));
      s4 = s4.add(load(x, p + j4));
      s5 = s5.add(load(x, p + j5));
      s6 = s6.add(load(x, p + j6));
      s7 = s7.add(load(x, p + j7));
    }
    s0.intoArray(y, at + j);
    s1.intoArray(y, at + j1);
    s2.intoArray(y, at + j2);
    s3.intoArray(y, at + j3);
    s4.intoArray(y, at + j4);
    s5.intoArray(y, at + j5);
    s6.intoArray(y, at + j6);
    s7.intoArray(y, at + j7);
  }

  private static void sumPair(int @Nullable [] columns, int from, int to, float[] x, int width, int j0, int j1,
      float[] y, int at) {
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width;
      s0 = s0.add(load(x, p + j0));
      s1 = s1.add(load(x, p + j1));
    }
    s0.intoArray(y, at + j0);
    s1.intoArray(y, at + j1);
  }

  private static void sumVector(int @Nullable [] columns, int from, int to, float[] x, int width, int j, float[] y,
      int at, VectorMask<Float> mask) {
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      sum = sum.add(FloatVector.fromArray(Lanes.SPECIES, x, p, mask));
    }
    sum.intoArray(y, at, mask);
  }

  static void weighted(Slots slots, float[] weights, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    int[] offsets = slots.offsets();
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; width - j == STRIP || width - j >= 2 * STRIP; j += STRIP) {
        weightedStrip(slots, offsets[r], offsets[r + 1], weights, x, width, j, j + LANES, j + 2 * LANES, j + 3 * LANES,
            y,
            r * width);
      }
      int last = width - LANES;
      if (width - j > STRIP) {
        weightedWide(slots, offsets[r], offsets[r + 1], weights, x, width, j, last, y, r * width);
      } else if (width - j > 2 * LANES) {
        weightedStrip(slots, offsets[r], offsets[r + 1], weights, x, width, j, j + LANES, Math.min(j + 2 * LANES, last),
            last, y, r * width);
      } else if (width - j > LANES) {
        weightedPair(slots, offsets[r], offsets[r + 1], weights, x, width, j, last, y, r * width);
      } else if (j < width) {
        j = Math.min(j, Math.max(0, last));
        weightedVector(slots, offsets[r], offsets[r + 1], weights, 1, 0, x, width, j, y, r * width + j,
            Lanes.columns(width, j));
      }
    }
  }

  /// Four vectors of columns from j0, j1, j2 and j3 on.
  private static void weightedStrip(Slots slots, int from, int to, float[] weights, float[] x, int width, int j0,
      int j1, int j2, int j3, float[] y, int at) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width;
      FloatVector w = every(weights[edges == null ? s - origin : edges[s]]);
      s0 = w.fma(load(x, p + j0), s0);
      s1 = w.fma(load(x, p + j1), s1);
      s2 = w.fma(load(x, p + j2), s2);
      s3 = w.fma(load(x, p + j3), s3);
    }
    s0.intoArray(y, at + j0);
    s1.intoArray(y, at + j1);
    s2.intoArray(y, at + j2);
    s3.intoArray(y, at + j3);
  }

  /// Eight vectors of columns from j on, none beyond the last.
  private static void weightedWide(Slots slots, int from, int to, float[] weights, float[] x, int width, int j,
      int last,
      float[] y, int at) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    int j1 = Math.min(j + 1 * LANES, last);
    int j2 = Math.min(j + 2 * LANES, last);
    int j3 = Math.min(j + 3 * LANES, last);
    int j4 = Math.min(j + 4 * LANES, last);
    int j5 = Math.min(j + 5 * LANES, last);
    int j6 = Math.min(j + 6 * LANES, last);
    int j7 = Math.min(j + 7 * LANES, last);
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width;
      FloatVector w = every(weights[edges == null ? s - origin : edges[s]]);
      s0 = w.fma(load(x, p + j), s0);
      s1 = w.fma(load(x, p + j1), s1);
      s2 = w.fma(load(x, p + j2), s2);
      s3 = w.fma(load(x, p + j3), s3);
      s4 = w.fma(load(x, p + j4), s4);
      s5 = w.fma(load(x, p + j5), s5);
      s6 = w.fma(load(x, p + j6), s6);
      s7 = w.fma(load(x, p + j7), s7);
    }
    s0.intoArray(y, at + j);
    s1.intoArray(y, at + j1);
    s2.intoArray(y, at + j2);
    s3.intoArray(y, at + j3);
    s4.intoArray(y, at + j4);
    s5.intoArray(y, at + j5);
    s6.intoArray(y, at + j6);
    s7.intoArray(y, at + j7);
  }

  private static void weightedPair(Slots slots, int from, int to, float[] weights, float[] x, int width, int j0,
      int j1, float[] y, int at) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width;
      FloatVector w = every(weights[edges == null ? s - origin : edges[s]]);
      s0 = w.fma(load(x, p + j0), s0);
      s1 = w.fma(load(x, p + j1), s1);
    }
    s0.intoArray(y, at + j0);
    s1.intoArray(y, at + j1);
  }

  private static void weightedVector(Slots slots, int from, int to, float[] weights, int heads, int head, float[] x,
      int width, int j, float[] y, int at, VectorMask<Float> mask) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      FloatVector w = every(weights[(edges == null ? s - origin : edges[s]) * heads + head]);
      sum = w.fma(FloatVector.fromArray(Lanes.SPECIES, x, p, mask), sum);
    }
    sum.intoArray(y, at, mask);
  }

  static void headed(Slots slots, float[] weights, int heads, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    int[] offsets = slots.offsets();
    int channels = width / heads;
    boolean aligned = channels % LANES == 0;
    List<HeadSpread> spreads = aligned ? List.of() : HeadSpread.of(width, channels);
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; aligned && j <= width - STRIP; j += STRIP) {
        headedStrip(slots, offsets[r], offsets[r + 1], weights, heads, channels, x, width, j, y, r * width + j);
      }
      for (; j < width; j += LANES) {
        if (aligned) {
          weightedVector(slots, offsets[r], offsets[r + 1], weights, heads, j / channels, x, width, j, y,
              r * width + j, Lanes.ALL);
        } else {
          HeadSpread spread = spreads.get(j / LANES);
          spreadVector(slots, offsets[r], offsets[r + 1], weights, heads, spread.first(), spread.present(),
              spread.lanes(), x, width, j, y, r * width + j, Lanes.columns(width, j));
        }
      }
    }
  }

  /// Which head each lane of a vector of x belongs to, where a vector lies across several.
  private record HeadSpread(int first, VectorMask<Float> present, VectorShuffle<Float> lanes) {
    static List<HeadSpread> of(int width, int channels) {
      List<HeadSpread> spreads = new ArrayList<>();
      for (int j = 0; j < width; j += LANES) {
        int start = j;
        int first = start / channels;
        int last = Math.min(width - 1, start + LANES - 1) / channels;
        spreads.add(new HeadSpread(first, Lanes.first(last - first + 1),
            VectorShuffle.fromOp(Lanes.SPECIES, lane -> Math.min(last, (start + lane) / channels) - first)));
      }
      return spreads;
    }
  }

  /// Four vectors, each of one head.
  private static void headedStrip(Slots slots, int from, int to, float[] weights, int heads, int channels, float[] x,
      int width, int j, float[] y, int at) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    int h0 = j / channels;
    int h1 = (j + LANES) / channels;
    int h2 = (j + 2 * LANES) / channels;
    int h3 = (j + 3 * LANES) / channels;
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int w = (edges == null ? s - origin : edges[s]) * heads;
      s0 = every(weights[w + h0]).fma(load(x, p), s0);
      s1 = every(weights[w + h1]).fma(load(x, p + LANES), s1);
      s2 = every(weights[w + h2]).fma(load(x, p + 2 * LANES), s2);
      s3 = every(weights[w + h3]).fma(load(x, p + 3 * LANES), s3);
    }
    Lanes.store(y, at, s0, s1, s2, s3);
  }

  /// One vector across several heads: their weights are loaded side by side and spread over the lanes.
  private static void spreadVector(Slots slots, int from, int to, float[] weights, int heads, int first,
      VectorMask<Float> present, VectorShuffle<Float> lanes, float[] x, int width, int j, float[] y, int at,
      VectorMask<Float> mask) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int w = (edges == null ? s - origin : edges[s]) * heads + first;
      FloatVector spread = FloatVector.fromArray(Lanes.SPECIES, weights, w, present).rearrange(lanes);
      sum = spread.fma(FloatVector.fromArray(Lanes.SPECIES, x, p, mask), sum);
    }
    sum.intoArray(y, at, mask);
  }

  static void sloped(Slots slots, float[] weights, int heads, float[] own, float[] other, float slope, int width,
      float[] y, int fromRow, int toRow) {
    int channels = width / heads;
    boolean aligned = channels % LANES == 0;
    List<HeadSpread> spreads = aligned ? List.of() : HeadSpread.of(width, channels);
    int[] offsets = slots.offsets();
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; aligned && j <= width - STRIP; j += STRIP) {
        slopedStrip(slots, offsets[r], offsets[r + 1], weights, heads, channels, own, other, slope, width, j, y,
            r * width + j);
      }
      for (; j < width; j += LANES) {
        if (aligned) {
          slopedVector(slots, offsets[r], offsets[r + 1], weights, heads, j / channels, own, other, slope, width, j, y,
              r * width + j);
        } else {
          HeadSpread spread = spreads.get(j / LANES);
          slopedSpread(slots, offsets[r], offsets[r + 1], weights, heads, spread.first(), spread.present(),
              spread.lanes(), own, other, slope, width, j, y, r * width + j, Lanes.columns(width, j));
        }
      }
    }
  }

  /// Four vectors, each of one head.
  private static void slopedStrip(Slots slots, int from, int to, float[] weights, int heads, int channels, float[] own,
      float[] other, float slope, int width, int j, float[] y, int at) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    int h0 = j / channels;
    int h1 = (j + LANES) / channels;
    int h2 = (j + 2 * LANES) / channels;
    int h3 = (j + 3 * LANES) / channels;
    FloatVector own0 = load(own, at);
    FloatVector own1 = load(own, at + LANES);
    FloatVector own2 = load(own, at + 2 * LANES);
    FloatVector own3 = load(own, at + 3 * LANES);
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int w = (edges == null ? s - origin : edges[s]) * heads;
      s0 = s0.add(sloped(every(weights[w + h0]), own0.add(load(other, p)), slope));
      s1 = s1.add(sloped(every(weights[w + h1]), own1.add(load(other, p + LANES)), slope));
      s2 = s2.add(sloped(every(weights[w + h2]), own2.add(load(other, p + 2 * LANES)), slope));
      s3 = s3.add(sloped(every(weights[w + h3]), own3.add(load(other, p + 3 * LANES)), slope));
    }
    Lanes.store(y, at, s0, s1, s2, s3);
  }

  /// The weight where z is above 0, slope times it elsewhere.
  private static FloatVector sloped(FloatVector weight, FloatVector z, float slope) {
    return weight.mul(slope).blend(weight, z.compare(VectorOperators.GT, 0f));
  }

  private static void slopedVector(Slots slots, int from, int to, float[] weights, int heads, int head, float[] own,
      float[] other, float slope, int width, int j, float[] y, int at) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    FloatVector mine = load(own, at);
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      float w = weights[(edges == null ? s - origin : edges[s]) * heads + head];
      VectorMask<Float> above = mine.add(load(other, p)).compare(VectorOperators.GT, 0f);
      sum = sum.add(every(slope * w).blend(every(w), above));
    }
    sum.intoArray(y, at);
  }

  private static void slopedSpread(Slots slots, int from, int to, float[] weights, int heads, int first,
      VectorMask<Float> present, VectorShuffle<Float> lanes, float[] own, float[] other, float slope, int width, int j,
      float[] y, int at, VectorMask<Float> mask) {
    int[] columns = slots.columns();
    int[] edges = slots.edges();
    int origin = slots.origin();
    FloatVector mine = FloatVector.fromArray(Lanes.SPECIES, own, at, mask);
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int w = (edges == null ? s - origin : edges[s]) * heads + first;
      FloatVector spread = FloatVector.fromArray(Lanes.SPECIES, weights, w, present).rearrange(lanes);
      VectorMask<Float> above = mine.add(FloatVector.fromArray(Lanes.SPECIES, other, p, mask))
          .compare(VectorOperators.GT, 0f);
      sum = sum.add(spread.mul(slope).blend(spread, above));
    }
    sum.intoArray(y, at, mask);
  }
}
