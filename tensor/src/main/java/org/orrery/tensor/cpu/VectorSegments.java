package org.orrery.tensor.cpu;

import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.every;
import static org.orrery.tensor.cpu.Lanes.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Loops over segments with vectors. The row of a result stays in registers while the slots run: in strips of four
/// vectors, then of one, the last of them with a mask. Every column adds its terms in slot order.
final class VectorSegments implements SegmentLoops {
  private static final int STRIP = 4 * LANES;
  private static final int GROUP = 64;
  private static final VectorMask<Float> ALL = Lanes.SPECIES.maskAll(true);

  private final SegmentLoops scalar = new ScalarSegments();

  private static VectorMask<Float> columns(int width, int j) {
    return width - j >= LANES ? ALL : Lanes.first(width - j);
  }

  @Override
  public void sum(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    if (2 * width <= LANES && width > 0) {
      scalar.sum(slots, weights, heads, x, width, y, fromRow, toRow);
    } else if (weights == null) {
      plainSum(slots, x, width, y, fromRow, toRow);
    } else if (heads == 1) {
      weightedSum(slots, weights, x, width, y, fromRow, toRow);
    } else {
      headedSum(slots, weights, heads, x, width, y, fromRow, toRow);
    }
  }

  private static void plainSum(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow) {
    int[] offsets = slots.offsets();
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; j <= width - STRIP; j += STRIP) {
        sumStrip(slots.columns(), offsets[r], offsets[r + 1], x, width, j, y, r * width + j);
      }
      for (; j < width; j += LANES) {
        sumVector(slots.columns(), offsets[r], offsets[r + 1], x, width, j, y, r * width + j, columns(width, j));
      }
    }
  }

  private static void sumStrip(int @Nullable [] columns, int from, int to, float[] x, int width, int j, float[] y,
      int at) {
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      s0 = s0.add(load(x, p));
      s1 = s1.add(load(x, p + LANES));
      s2 = s2.add(load(x, p + 2 * LANES));
      s3 = s3.add(load(x, p + 3 * LANES));
    }
    store(y, at, s0, s1, s2, s3);
  }

  private static void store(float[] y, int at, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
    s0.intoArray(y, at);
    s1.intoArray(y, at + LANES);
    s2.intoArray(y, at + 2 * LANES);
    s3.intoArray(y, at + 3 * LANES);
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

  private static void weightedSum(Slots slots, float[] weights, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    int[] offsets = slots.offsets();
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; j <= width - STRIP; j += STRIP) {
        weightedStrip(slots.columns(), slots.edges(), offsets[r], offsets[r + 1], weights, x, width, j, y,
            r * width + j);
      }
      for (; j < width; j += LANES) {
        weightedVector(slots.columns(), slots.edges(), offsets[r], offsets[r + 1], weights, 1, 0, x, width, j, y,
            r * width + j, columns(width, j));
      }
    }
  }

  private static void weightedStrip(int @Nullable [] columns, int @Nullable [] edges, int from, int to, float[] weights,
      float[] x, int width, int j, float[] y, int at) {
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      FloatVector w = every(weights[edges == null ? s : edges[s]]);
      s0 = w.fma(load(x, p), s0);
      s1 = w.fma(load(x, p + LANES), s1);
      s2 = w.fma(load(x, p + 2 * LANES), s2);
      s3 = w.fma(load(x, p + 3 * LANES), s3);
    }
    store(y, at, s0, s1, s2, s3);
  }

  private static void weightedVector(int @Nullable [] columns, int @Nullable [] edges, int from, int to,
      float[] weights, int heads, int head, float[] x, int width, int j, float[] y, int at, VectorMask<Float> mask) {
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      FloatVector w = every(weights[(edges == null ? s : edges[s]) * heads + head]);
      sum = w.fma(FloatVector.fromArray(Lanes.SPECIES, x, p, mask), sum);
    }
    sum.intoArray(y, at, mask);
  }

  private static void headedSum(Slots slots, float[] weights, int heads, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    int[] offsets = slots.offsets();
    int channels = width / heads;
    boolean aligned = channels % LANES == 0;
    List<HeadSpread> spreads = aligned ? List.of() : HeadSpread.of(width, channels);
    for (int r = fromRow; r < toRow; r++) {
      int j = 0;
      for (; aligned && j <= width - STRIP; j += STRIP) {
        headedStrip(slots.columns(), slots.edges(), offsets[r], offsets[r + 1], weights, heads, channels, x, width, j,
            y, r * width + j);
      }
      for (; j < width; j += LANES) {
        if (aligned) {
          weightedVector(slots.columns(), slots.edges(), offsets[r], offsets[r + 1], weights, heads, j / channels, x,
              width, j, y, r * width + j, ALL);
        } else {
          HeadSpread spread = spreads.get(j / LANES);
          spreadVector(slots.columns(), slots.edges(), offsets[r], offsets[r + 1], weights, heads, spread.first(),
              spread.present(), spread.lanes(), x, width, j, y, r * width + j, columns(width, j));
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
  private static void headedStrip(int @Nullable [] columns, int @Nullable [] edges, int from, int to, float[] weights,
      int heads, int channels, float[] x, int width, int j, float[] y, int at) {
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
      int w = (edges == null ? s : edges[s]) * heads;
      s0 = every(weights[w + h0]).fma(load(x, p), s0);
      s1 = every(weights[w + h1]).fma(load(x, p + LANES), s1);
      s2 = every(weights[w + h2]).fma(load(x, p + 2 * LANES), s2);
      s3 = every(weights[w + h3]).fma(load(x, p + 3 * LANES), s3);
    }
    store(y, at, s0, s1, s2, s3);
  }

  /// One vector across several heads: their weights are loaded side by side and spread over the lanes.
  private static void spreadVector(int @Nullable [] columns, int @Nullable [] edges, int from, int to, float[] weights,
      int heads, int first, VectorMask<Float> present, VectorShuffle<Float> lanes, float[] x, int width, int j,
      float[] y, int at, VectorMask<Float> mask) {
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int w = (edges == null ? s : edges[s]) * heads + first;
      FloatVector spread = FloatVector.fromArray(Lanes.SPECIES, weights, w, present).rearrange(lanes);
      sum = spread.fma(FloatVector.fromArray(Lanes.SPECIES, x, p, mask), sum);
    }
    sum.intoArray(y, at, mask);
  }

  @Override
  public void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    if (kind == Reduction.SUM || 2 * width <= LANES) {
      scalar.reduce(kind, slots, empty, x, width, y, fromRow, toRow);
      return;
    }
    for (int r = fromRow; r < toRow; r++) {
      int from = slots.offsets()[r];
      int to = slots.offsets()[r + 1];
      if (from == to) {
        Arrays.fill(y, r * width, (r + 1) * width, empty);
      } else if (kind == Reduction.PRODUCT) {
        for (int j = 0; j < width; j += LANES) {
          product(slots.columns(), from, to, x, width, j, y, r * width + j, columns(width, j));
        }
      } else {
        extremes(slots.columns(), from, to, kind == Reduction.MAXIMUM ? 1f : -1f, x, width, y, r * width);
      }
    }
  }

  private static void product(int @Nullable [] columns, int from, int to, float[] x, int width, int j, float[] y,
      int at, VectorMask<Float> mask) {
    FloatVector product = every(1f);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      product = product.mul(FloatVector.fromArray(Lanes.SPECIES, x, p, mask));
    }
    product.intoArray(y, at, mask);
  }

  /// The maximum of sign x, times sign: with -1 it is the minimum of x.
  private static void extremes(int @Nullable [] columns, int from, int to, float sign, float[] x, int width, float[] y,
      int at) {
    int j = 0;
    for (; j <= width - STRIP; j += STRIP) {
      extremeStrip(columns, from, to, sign, x, width, j, y, at + j);
    }
    for (; j < width; j += LANES) {
      extremeVector(columns, from, to, sign, x, width, j, y, at + j, columns(width, j));
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
    store(y, at, s0.mul(sign), s1.mul(sign), s2.mul(sign), s3.mul(sign));
  }

  private static void extremeVector(int @Nullable [] columns, int from, int to, float sign, float[] x, int width, int j,
      float[] y, int at, VectorMask<Float> mask) {
    FloatVector most = every(Float.NEGATIVE_INFINITY);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      most = most.max(FloatVector.fromArray(Lanes.SPECIES, x, p, mask).mul(sign));
    }
    most.mul(sign).intoArray(y, at, mask);
  }

  /// Per head: the products of a strip, lane by lane, for up to 64 slots at a time; their lanes are added in a loop of
  /// its own. A loop that does both holds too few slots in flight to hide the time that a row of b takes to arrive.
  @Override
  public void dots(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow) {
    int channels = width / heads;
    if (2 * channels <= LANES) {
      scalar.dots(slots, a, b, heads, width, y, fromRow, toRow);
      return;
    }
    float[] sums = new float[GROUP * LANES];
    for (int r = fromRow; r < toRow; r++) {
      int end = slots.offsets()[r + 1];
      for (int from = slots.offsets()[r]; from < end; from += GROUP) {
        int to = Math.min(end, from + GROUP);
        for (int h = 0; h < heads; h++) {
          products(slots.columns(), from, to, a, r * width, b, width, h * channels, channels, sums);
          for (int s = from; s < to; s++) {
            y[slots.edge(s) * heads + h] = Lanes.sum(load(sums, (s - from) * LANES));
          }
        }
      }
    }
  }

  private static void products(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b, int width,
      int start, int channels, float[] sums) {
    Arrays.fill(sums, 0, (to - from) * LANES, 0f);
    int j = 0;
    for (; j <= channels - STRIP; j += STRIP) {
      productStrip(columns, from, to, a, aStart + start + j, b, width, start + j, sums);
    }
    for (; j < channels; j += LANES) {
      productVector(columns, from, to, a, aStart + start + j, b, width, start + j, sums, columns(channels, j));
    }
  }

  private static void productStrip(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b,
      int width, int j, float[] sums) {
    FloatVector a0 = load(a, aStart);
    FloatVector a1 = load(a, aStart + LANES);
    FloatVector a2 = load(a, aStart + 2 * LANES);
    FloatVector a3 = load(a, aStart + 3 * LANES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int at = (s - from) * LANES;
      FloatVector even = a0.fma(load(b, p), a2.mul(load(b, p + 2 * LANES)));
      FloatVector odd = a1.fma(load(b, p + LANES), a3.mul(load(b, p + 3 * LANES)));
      load(sums, at).add(even.add(odd)).intoArray(sums, at);
    }
  }

  private static void productVector(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b,
      int width, int j, float[] sums, VectorMask<Float> mask) {
    FloatVector left = FloatVector.fromArray(Lanes.SPECIES, a, aStart, mask);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int at = (s - from) * LANES;
      left.fma(FloatVector.fromArray(Lanes.SPECIES, b, p, mask), load(sums, at)).intoArray(sums, at);
    }
  }
}
