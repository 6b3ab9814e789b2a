package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Dot products along edges with vectors: for up to 64 slots at a time and up to four heads, first the products, lane by
/// lane, in loops over all of these slots, then the sums over the lanes; four heads of one or two vectors each begin to
/// sum in registers. A loop over the few slots of one row would end too often, and one that sums all lanes as well would
/// hold too few slots in flight to hide the time that a row takes to arrive.
///
/// Each loop is small, and called by name: the compiler gives up on one method that holds many operations of vectors.
final class VectorDots {
  private static final int STRIP = 4 * LANES;
  private static final int GROUP = 64;
  private static final int HEADS = 4;
  /// Numbers in a cache line.
  private static final int LINE = 16;

  private final float[] sums = new float[GROUP * HEADS * LANES];
  /// Where the row of each slot begins in the table of the rows, and that of its column in the other.
  private final int[] own = new int[GROUP];
  private final int[] other = new int[GROUP];

  private VectorDots() {
  }

  static void plain(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow) {
    VectorDots group = new VectorDots();
    int row = fromRow;
    int end = slots.offsets()[toRow];
    for (int first = slots.offsets()[fromRow]; first < end; first += GROUP) {
      int last = Math.min(end, first + GROUP);
      row = group.locate(slots, row, first, last, width);
      group.fetch(b, last - first, width);
      for (int h = 0; h < heads; h += HEADS) {
        int side = Math.min(HEADS, heads - h);
        group.products(a, b, last - first, h, side, width / heads);
        group.store(slots, first, last, heads, h, side, y);
      }
    }
  }

  static void rectified(Slots slots, float[] vector, float[] a, float[] b, float slope, int heads, int width, float[] y,
      int fromRow, int toRow) {
    float[] below = new float[width];
    for (int j = 0; j < width; j++) {
      below[j] = slope * vector[j];
    }
    VectorDots group = new VectorDots();
    int row = fromRow;
    int end = slots.offsets()[toRow];
    for (int first = slots.offsets()[fromRow]; first < end; first += GROUP) {
      int last = Math.min(end, first + GROUP);
      row = group.locate(slots, row, first, last, width);
      group.fetch(b, last - first, width);
      for (int h = 0; h < heads; h += HEADS) {
        int side = Math.min(HEADS, heads - h);
        group.rectified(vector, below, a, b, last - first, h, side, width / heads);
        group.store(slots, first, last, heads, h, side, y);
      }
    }
  }

  /// Finds the rows of a group of slots.
  ///
  /// @param row of the first slot, or before it
  /// @return the row of the last
  private int locate(Slots slots, int row, int first, int last, int width) {
    int[] offsets = slots.offsets();
    int[] columns = slots.columns();
    int at = row;
    for (int s = first; s < last; s++) {
      while (offsets[at + 1] <= s) {
        at++;
      }
      own[s - first] = at * width;
      other[s - first] = (columns == null ? s : columns[s]) * width;
    }
    return at;
  }

  /// Reads a number of each cache line of the rows that slots name, in a loop that does nothing else: they come from memory
  /// in no order that the machine would foresee, and the more of them are under way at once the better.
  private void fetch(float[] x, int count, int width) {
    int seen = 0;
    for (int i = 0; i < count; i++) {
      int from = other[i];
      for (int j = 0; j < width; j += LINE) {
        seen |= Float.floatToRawIntBits(x[from + j]);
      }
      seen |= Float.floatToRawIntBits(x[from + width - 1]); // rows do not start on a cache line
    }
    Lanes.keep(seen);
  }

  /// Writes the sums of some heads side by side for each slot.
  private void store(Slots slots, int first, int last, int heads, int head, int side, float[] y) {
    int count = last - first;
    if (slots.edges() == null && side == heads) {
      System.arraycopy(sums, 0, y, (first - slots.origin()) * heads, count * heads);
      return;
    }
    for (int i = 0; i < count; i++) {
      int at = slots.edge(first + i) * heads + head;
      for (int h = 0; h < side; h++) {
        y[at + h] = sums[i * side + h];
      }
    }
  }

  /// The sums of `side` heads from `head` on, side by side for each slot.
  private void products(float[] a, float[] b, int count, int head, int side, int channels) {
    if (side == HEADS && channels == LANES) {
      productHeads(a, b, count, head * channels);
      Lanes.foldQuarters(sums, count);
    } else if (side == HEADS && channels == 2 * LANES) {
      productHeadPairs(a, b, count, head * channels);
      Lanes.foldQuarters(sums, count);
    } else {
      for (int i = 0; i < side; i++) {
        products(a, b, count, (head + i) * channels, channels, side * LANES, i * LANES);
      }
      Lanes.foldRows(sums, count * side);
    }
  }

  private void rectified(float[] vector, float[] below, float[] a, float[] b, int count, int head, int side,
      int channels) {
    if (side == HEADS && channels == LANES) {
      rectifiedHeads(vector, below, a, b, count, head * channels);
      Lanes.foldQuarters(sums, count);
    } else {
      for (int i = 0; i < side; i++) {
        rectified(vector, below, a, b, count, (head + i) * channels, channels, side * LANES, i * LANES);
      }
      Lanes.foldRows(sums, count * side);
    }
  }

  // Four heads of one vector or two: a vector for each slot, a quarter of its lanes for each head.

  private void productHeads(float[] a, float[] b, int count, int start) {
    for (int i = 0; i < count; i++) {
      int p = own[i] + start;
      int q = other[i] + start;
      FloatVector t0 = load(a, p).mul(load(b, q));
      FloatVector t1 = load(a, p + LANES).mul(load(b, q + LANES));
      FloatVector t2 = load(a, p + 2 * LANES).mul(load(b, q + 2 * LANES));
      FloatVector t3 = load(a, p + 3 * LANES).mul(load(b, q + 3 * LANES));
      Lanes.foldQuarter(Lanes.foldHalf(t0, t1), Lanes.foldHalf(t2, t3)).intoArray(sums, i * LANES);
    }
  }

  private void productHeadPairs(float[] a, float[] b, int count, int start) {
    for (int i = 0; i < count; i++) {
      int p = own[i] + start;
      int q = other[i] + start;
      FloatVector t0 = load(a, p + LANES).fma(load(b, q + LANES), load(a, p).mul(load(b, q)));
      FloatVector t1 = load(a, p + 3 * LANES).fma(load(b, q + 3 * LANES),
          load(a, p + 2 * LANES).mul(load(b, q + 2 * LANES)));
      FloatVector t2 = load(a, p + 5 * LANES).fma(load(b, q + 5 * LANES),
          load(a, p + 4 * LANES).mul(load(b, q + 4 * LANES)));
      FloatVector t3 = load(a, p + 7 * LANES).fma(load(b, q + 7 * LANES),
          load(a, p + 6 * LANES).mul(load(b, q + 6 * LANES)));
      Lanes.foldQuarter(Lanes.foldHalf(t0, t1), Lanes.foldHalf(t2, t3)).intoArray(sums, i * LANES);
    }
  }

  private void rectifiedHeads(float[] vector, float[] below, float[] a, float[] b, int count, int start) {
    FloatVector v0 = load(vector, start);
    FloatVector v1 = load(vector, start + LANES);
    FloatVector v2 = load(vector, start + 2 * LANES);
    FloatVector v3 = load(vector, start + 3 * LANES);
    FloatVector below0 = load(below, start);
    FloatVector below1 = load(below, start + LANES);
    FloatVector below2 = load(below, start + 2 * LANES);
    FloatVector below3 = load(below, start + 3 * LANES);
    for (int i = 0; i < count; i++) {
      int p = own[i] + start;
      int q = other[i] + start;
      FloatVector z0 = load(a, p).add(load(b, q));
      FloatVector z1 = load(a, p + LANES).add(load(b, q + LANES));
      FloatVector z2 = load(a, p + 2 * LANES).add(load(b, q + 2 * LANES));
      FloatVector z3 = load(a, p + 3 * LANES).add(load(b, q + 3 * LANES));
      FloatVector t0 = below0.blend(v0, z0.compare(VectorOperators.GT, 0f)).mul(z0);
      FloatVector t1 = below1.blend(v1, z1.compare(VectorOperators.GT, 0f)).mul(z1);
      FloatVector t2 = below2.blend(v2, z2.compare(VectorOperators.GT, 0f)).mul(z2);
      FloatVector t3 = below3.blend(v3, z3.compare(VectorOperators.GT, 0f)).mul(z3);
      Lanes.foldQuarter(Lanes.foldHalf(t0, t1), Lanes.foldHalf(t2, t3)).intoArray(sums, i * LANES);
    }
  }

  // The sums of slot i are those at i step + at; with `more` they are added to.

  private void products(float[] a, float[] b, int count, int start, int channels, int step, int at) {
    int j = start;
    int end = start + channels;
    boolean more = false;
    for (; j <= end - STRIP; j += STRIP) {
      productStrip(a, b, count, j, step, at, more);
      more = true;
    }
    for (; j <= end - 2 * LANES; j += 2 * LANES) {
      productPair(a, b, count, j, step, at, more);
      more = true;
    }
    for (; j <= end - LANES; j += LANES) {
      productVector(a, b, count, j, step, at, more);
      more = true;
    }
    if (j < end) {
      productRest(a, b, count, j, Lanes.first(end - j), step, at, more);
    }
  }

  private void productStrip(float[] a, float[] b, int count, int j, int step, int at, boolean more) {
    for (int i = 0; i < count; i++) {
      int p = own[i] + j;
      int q = other[i] + j;
      FloatVector even = load(a, p + 2 * LANES).fma(load(b, q + 2 * LANES), load(a, p).mul(load(b, q)));
      FloatVector odd = load(a, p + 3 * LANES).fma(load(b, q + 3 * LANES), load(a, p + LANES).mul(load(b, q + LANES)));
      put(even.add(odd), i * step + at, more);
    }
  }

  private void productPair(float[] a, float[] b, int count, int j, int step, int at, boolean more) {
    for (int i = 0; i < count; i++) {
      int p = own[i] + j;
      int q = other[i] + j;
      put(load(a, p + LANES).fma(load(b, q + LANES), load(a, p).mul(load(b, q))), i * step + at, more);
    }
  }

  private void productVector(float[] a, float[] b, int count, int j, int step, int at, boolean more) {
    for (int i = 0; i < count; i++) {
      put(load(a, own[i] + j).mul(load(b, other[i] + j)), i * step + at, more);
    }
  }

  private void productRest(float[] a, float[] b, int count, int j, VectorMask<Float> mask, int step, int at,
      boolean more) {
    for (int i = 0; i < count; i++) {
      FloatVector left = FloatVector.fromArray(Lanes.SPECIES, a, own[i] + j, mask);
      put(left.mul(FloatVector.fromArray(Lanes.SPECIES, b, other[i] + j, mask)), i * step + at, more);
    }
  }

  private void rectified(float[] vector, float[] below, float[] a, float[] b, int count, int start, int channels,
      int step, int at) {
    int j = start;
    int end = start + channels;
    boolean more = false;
    for (; j <= end - 2 * LANES; j += 2 * LANES) {
      rectifiedPair(vector, below, a, b, count, j, step, at, more);
      more = true;
    }
    for (; j <= end - LANES; j += LANES) {
      rectifiedVector(vector, below, a, b, count, j, step, at, more);
      more = true;
    }
    if (j < end) {
      rectifiedRest(vector, below, a, b, count, j, Lanes.first(end - j), step, at, more);
    }
  }

  private void rectifiedPair(float[] vector, float[] below, float[] a, float[] b, int count, int j, int step, int at,
      boolean more) {
    FloatVector v0 = load(vector, j);
    FloatVector v1 = load(vector, j + LANES);
    FloatVector below0 = load(below, j);
    FloatVector below1 = load(below, j + LANES);
    for (int i = 0; i < count; i++) {
      int p = own[i] + j;
      int q = other[i] + j;
      FloatVector z0 = load(a, p).add(load(b, q));
      FloatVector z1 = load(a, p + LANES).add(load(b, q + LANES));
      FloatVector term = below0.blend(v0, z0.compare(VectorOperators.GT, 0f)).mul(z0);
      put(below1.blend(v1, z1.compare(VectorOperators.GT, 0f)).fma(z1, term), i * step + at, more);
    }
  }

  private void rectifiedVector(float[] vector, float[] below, float[] a, float[] b, int count, int j, int step, int at,
      boolean more) {
    FloatVector v0 = load(vector, j);
    FloatVector below0 = load(below, j);
    for (int i = 0; i < count; i++) {
      FloatVector z = load(a, own[i] + j).add(load(b, other[i] + j));
      put(below0.blend(v0, z.compare(VectorOperators.GT, 0f)).mul(z), i * step + at, more);
    }
  }

  private void rectifiedRest(float[] vector, float[] below, float[] a, float[] b, int count, int j,
      VectorMask<Float> mask, int step, int at, boolean more) {
    FloatVector v0 = FloatVector.fromArray(Lanes.SPECIES, vector, j, mask);
    FloatVector below0 = FloatVector.fromArray(Lanes.SPECIES, below, j, mask);
    for (int i = 0; i < count; i++) {
      FloatVector z = FloatVector.fromArray(Lanes.SPECIES, a, own[i] + j, mask)
          .add(FloatVector.fromArray(Lanes.SPECIES, b, other[i] + j, mask));
      put(below0.blend(v0, z.compare(VectorOperators.GT, 0f)).mul(z), i * step + at, more);
    }
  }

  private void put(FloatVector terms, int at, boolean more) {
    (more ? terms.add(load(sums, at)) : terms).intoArray(sums, at);
  }

  /// Of rows with each other, each head's sums side by side from `start` on.
  static void rows(float[] a, float[] b, int heads, int width, float[] y, int stride, int start, int fromRow,
      int toRow) {
    VectorDots group = new VectorDots();
    for (int first = fromRow; first < toRow; first += GROUP) {
      int count = Math.min(GROUP, toRow - first);
      for (int i = 0; i < count; i++) {
        group.own[i] = (first + i) * width;
        group.other[i] = (first + i) * width;
      }
      for (int h = 0; h < heads; h += HEADS) {
        int side = Math.min(HEADS, heads - h);
        group.products(a, b, count, h, side, width / heads);
        for (int i = 0; i < count; i++) {
          System.arraycopy(group.sums, i * side, y, (first + i) * stride + start + h, side);
        }
      }
    }
  }
}
