package org.orrery.tensor.cpu;

import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/// Dot products along edges with vectors: products for up to 64 slots at a time, of as many rows as they belong to, then
/// the sums over their lanes in a loop of its own. A loop that does both holds too few slots in flight to hide the time that
/// a row takes to arrive.
///
/// Each kind has a method that calls its loop by name. With the loop as an argument the compiler would put those of several kinds
/// into one method, give up in the midst of the second, and run it at half the speed or less.
final class VectorDots {
  private static final int STRIP = 4 * LANES;
  private static final int GROUP = 64;

  private VectorDots() {
  }

  /// A group of slots after the other, as runs of slots of one row.
  private static final class Groups {
    private final int[] offsets;
    private final int end;
    private final int[] rows = new int[GROUP];
    private final int[] froms = new int[GROUP];
    private final int[] tos = new int[GROUP];
    private final float[] sums = new float[GROUP * LANES];
    private int row;
    private int first;
    private int last;
    private int runs;

    Groups(Slots slots, int fromRow, int toRow) {
      this.offsets = slots.offsets();
      this.row = fromRow;
      this.last = offsets[fromRow];
      this.end = offsets[toRow];
    }

    boolean next() {
      first = last;
      last = Math.min(end, first + GROUP);
      runs = 0;
      for (int from = first; from < last; runs++) {
        while (offsets[row + 1] <= from) {
          row++;
        }
        rows[runs] = row;
        froms[runs] = from;
        from = Math.min(last, offsets[row + 1]);
        tos[runs] = from;
      }
      return runs > 0;
    }

    /// Writes the sums over the lanes of each slot.
    void store(Slots slots, int heads, int head, float[] y) {
      Lanes.foldRows(sums, last - first);
      for (int s = first; s < last; s++) {
        y[slots.edge(s) * heads + head] = sums[s - first];
      }
    }

    /// Writes the sums over each quarter of the lanes: four heads side by side.
    void storeQuarters(Slots slots, int heads, int head, float[] y) {
      Lanes.foldQuarters(sums, last - first);
      for (int s = first; s < last; s++) {
        int at = slots.edge(s) * heads + head;
        int sum = 4 * (s - first);
        y[at] = sums[sum];
        y[at + 1] = sums[sum + 1];
        y[at + 2] = sums[sum + 2];
        y[at + 3] = sums[sum + 3];
      }
    }
  }

  /// Whether heads are of one vector each and come in fours.
  private static boolean inFours(int heads, int width) {
    return width == heads * LANES && heads % 4 == 0 && LANES >= 8;
  }

  static void plain(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow) {
    Groups groups = new Groups(slots, fromRow, toRow);
    if (inFours(heads, width)) {
      plainFours(groups, slots, a, b, heads, width, y);
    } else {
      plainOnes(groups, slots, a, b, heads, width, y);
    }
  }

  static void rectified(Slots slots, float[] vector, float[] own, float[] other, float slope, int heads, int width,
      float[] y, int fromRow, int toRow) {
    Groups groups = new Groups(slots, fromRow, toRow);
    if (inFours(heads, width)) {
      rectifiedFours(groups, slots, vector, own, other, slope, heads, width, y);
    } else {
      rectifiedOnes(groups, slots, vector, own, other, slope, heads, width, y);
    }
  }

  private static void plainFours(Groups groups, Slots slots, float[] a, float[] b, int heads, int width, float[] y) {
    while (groups.next()) {
      for (int h = 0; h < heads; h += 4) {
        for (int i = 0; i < groups.runs; i++) {
          headProducts(slots.columns(), groups.froms[i], groups.tos[i], a, groups.rows[i] * width + h * LANES, b, width,
              h * LANES, groups.sums, groups.first);
        }
        groups.storeQuarters(slots, heads, h, y);
      }
    }
  }

  private static void plainOnes(Groups groups, Slots slots, float[] a, float[] b, int heads, int width, float[] y) {
    int channels = width / heads;
    while (groups.next()) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < groups.runs; i++) {
          products(slots.columns(), groups.froms[i], groups.tos[i], a, groups.rows[i] * width, b, width, h * channels,
              channels, groups.sums, groups.first);
        }
        groups.store(slots, heads, h, y);
      }
    }
  }

  private static void rectifiedFours(Groups groups, Slots slots, float[] vector, float[] own, float[] other,
      float slope, int heads, int width, float[] y) {
    while (groups.next()) {
      for (int h = 0; h < heads; h += 4) {
        for (int i = 0; i < groups.runs; i++) {
          headsRectified(slots.columns(), groups.froms[i], groups.tos[i], vector, own,
              groups.rows[i] * width + h * LANES, other, slope, width, h * LANES, groups.sums, groups.first);
        }
        groups.storeQuarters(slots, heads, h, y);
      }
    }
  }

  private static void rectifiedOnes(Groups groups, Slots slots, float[] vector, float[] own, float[] other, float slope,
      int heads, int width, float[] y) {
    int channels = width / heads;
    while (groups.next()) {
      for (int h = 0; h < heads; h++) {
        Arrays.fill(groups.sums, 0, (groups.last - groups.first) * LANES, 0f);
        for (int j = 0; j < channels; j += LANES) {
          VectorMask<Float> mask = Lanes.columns(channels, j);
          for (int i = 0; i < groups.runs; i++) {
            rectifiedVector(slots.columns(), groups.froms[i], groups.tos[i], vector, own, groups.rows[i] * width, other,
                slope, width, h * channels + j, groups.sums, groups.first, mask);
          }
        }
        groups.store(slots, heads, h, y);
      }
    }
  }

  private static void headProducts(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b,
      int width, int start, float[] sums, int first) {
    FloatVector a0 = load(a, aStart);
    FloatVector a1 = load(a, aStart + LANES);
    FloatVector a2 = load(a, aStart + 2 * LANES);
    FloatVector a3 = load(a, aStart + 3 * LANES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + start;
      FloatVector even = Lanes.foldHalf(a0.mul(load(b, p)), a1.mul(load(b, p + LANES)));
      FloatVector odd = Lanes.foldHalf(a2.mul(load(b, p + 2 * LANES)), a3.mul(load(b, p + 3 * LANES)));
      Lanes.foldQuarter(even, odd).intoArray(sums, (s - first) * LANES);
    }
  }

  private static void headsRectified(int @Nullable [] columns, int from, int to, float[] vector, float[] own,
      int ownStart, float[] other, float slope, int width, int start, float[] sums, int first) {
    FloatVector a0 = load(own, ownStart);
    FloatVector a1 = load(own, ownStart + LANES);
    FloatVector a2 = load(own, ownStart + 2 * LANES);
    FloatVector a3 = load(own, ownStart + 3 * LANES);
    FloatVector v0 = load(vector, start);
    FloatVector v1 = load(vector, start + LANES);
    FloatVector v2 = load(vector, start + 2 * LANES);
    FloatVector v3 = load(vector, start + 3 * LANES);
    FloatVector negative = Lanes.every(slope);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + start;
      FloatVector even = Lanes.foldHalf(rectified(a0.add(load(other, p)), negative).mul(v0),
          rectified(a1.add(load(other, p + LANES)), negative).mul(v1));
      FloatVector odd = Lanes.foldHalf(rectified(a2.add(load(other, p + 2 * LANES)), negative).mul(v2),
          rectified(a3.add(load(other, p + 3 * LANES)), negative).mul(v3));
      Lanes.foldQuarter(even, odd).intoArray(sums, (s - first) * LANES);
    }
  }

  private static FloatVector rectified(FloatVector z, FloatVector slope) {
    return z.mul(slope).blend(z, z.compare(VectorOperators.GT, 0f));
  }

  private static void products(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b, int width,
      int start, int channels, float[] sums, int first) {
    Arrays.fill(sums, (from - first) * LANES, (to - first) * LANES, 0f);
    int j = 0;
    for (; j <= channels - STRIP; j += STRIP) {
      productStrip(columns, from, to, a, aStart + start + j, b, width, start + j, sums, first);
    }
    for (; j < channels; j += LANES) {
      productVector(columns, from, to, a, aStart + start + j, b, width, start + j, sums, first,
          Lanes.columns(channels, j));
    }
  }

  private static void productStrip(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b,
      int width, int j, float[] sums, int first) {
    FloatVector a0 = load(a, aStart);
    FloatVector a1 = load(a, aStart + LANES);
    FloatVector a2 = load(a, aStart + 2 * LANES);
    FloatVector a3 = load(a, aStart + 3 * LANES);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int at = (s - first) * LANES;
      FloatVector even = a0.fma(load(b, p), a2.mul(load(b, p + 2 * LANES)));
      FloatVector odd = a1.fma(load(b, p + LANES), a3.mul(load(b, p + 3 * LANES)));
      load(sums, at).add(even.add(odd)).intoArray(sums, at);
    }
  }

  private static void productVector(int @Nullable [] columns, int from, int to, float[] a, int aStart, float[] b,
      int width, int j, float[] sums, int first, VectorMask<Float> mask) {
    FloatVector left = FloatVector.fromArray(Lanes.SPECIES, a, aStart, mask);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int at = (s - first) * LANES;
      left.fma(FloatVector.fromArray(Lanes.SPECIES, b, p, mask), load(sums, at)).intoArray(sums, at);
    }
  }

  private static void rectifiedVector(int @Nullable [] columns, int from, int to, float[] vector, float[] own,
      int ownStart, float[] other, float slope, int width, int j, float[] sums, int first, VectorMask<Float> mask) {
    FloatVector factor = FloatVector.fromArray(Lanes.SPECIES, vector, j, mask);
    FloatVector sloped = factor.mul(slope);
    FloatVector mine = FloatVector.fromArray(Lanes.SPECIES, own, ownStart + j, mask);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      int at = (s - first) * LANES;
      FloatVector z = mine.add(FloatVector.fromArray(Lanes.SPECIES, other, p, mask));
      FloatVector f = sloped.blend(factor, z.compare(VectorOperators.GT, 0f));
      f.fma(z, load(sums, at)).intoArray(sums, at);
    }
  }
}
