package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Loops over a few numbers a slot with vectors: scores of attention, one a head, and their softmax.
///
/// A row lies in a run of whole vectors and a rest; the lanes of a vector belong to the heads in turn. Vectors are written
/// whole: what the rest writes too much is the place of the next row, which comes later, or room behind the last. A masked
/// store would keep the next row's load waiting until it has reached the cache.
final class VectorScores {
  private static final SegmentLoops SCALAR = new ScalarSegments();
  /// Rows of more slots than this are summed in double precision.
  private static final int LONG_ROW = 1024;

  private VectorScores() {
  }

  /// Whether the lanes of every vector of a row belong to the same heads.
  private static boolean inTurn(int heads) {
    return heads <= LANES && LANES % heads == 0;
  }

  static void pairSums(Slots slots, float[] column, float[] row, int heads, float[] y, int fromRow, int toRow) {
    int[] columns = slots.columns();
    VectorMask<Float> mask = Lanes.columns(heads, 0);
    for (int r = fromRow; r < toRow; r++) {
      FloatVector own = FloatVector.fromArray(Lanes.SPECIES, row, r * heads, mask);
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
        int there = (columns == null ? s : columns[s]) * heads;
        FloatVector other = FloatVector.fromArray(Lanes.SPECIES, column, there, mask);
        other.add(own).intoArray(y, (s - slots.origin()) * heads);
      }
    }
  }

  static void spread(Slots slots, float[] table, int heads, float[] first, float[] second, float[] third, int fromRow,
      int toRow) {
    int[] columns = slots.columns();
    int origin = slots.origin();
    for (int s = slots.offsets()[fromRow]; s < slots.offsets()[toRow]; s++) {
      int there = (columns == null ? s : columns[s]) * 3 * heads;
      int at = (s - origin) * heads;
      load(table, there).intoArray(first, at);
      load(table, there + heads).intoArray(second, at);
      load(table, there + 2 * heads).intoArray(third, at);
    }
  }

  static void rowSums(Slots slots, float[] x, int heads, float[] y, int fromRow, int toRow) {
    int[] offsets = slots.offsets();
    VectorMask<Float> present = Lanes.first(heads);
    for (int r = fromRow; r < toRow; r++) {
      if (!inTurn(heads) || offsets[r + 1] - offsets[r] > LONG_ROW) {
        SCALAR.rowSums(slots, x, heads, y, r, r + 1);
      } else {
        rowSum(x, (offsets[r] - slots.origin()) * heads, (offsets[r + 1] - slots.origin()) * heads, heads)
            .intoArray(y, r * heads, present);
      }
    }
  }

  /// Row by row only for what needs the row: its maximum is subtracted, powers are taken over all rows in one loop, and the sum of a
  /// row divides it. Rows end too soon for a function of thirty operations.
  static void softmax(Slots slots, float[] z, float above, float below, int heads, float[] y, float[] kept, int fromRow,
      int toRow) {
    int[] offsets = slots.offsets();
    for (int r = fromRow; r < toRow;) {
      int first = r;
      while (r < toRow && inTurn(heads) && offsets[r + 1] - offsets[r] <= LONG_ROW) {
        r++;
      }
      shift(slots, z, above, below, heads, y, kept, first, r);
      decay(y, (offsets[first] - slots.origin()) * heads, (offsets[r] - slots.origin()) * heads);
      normalize(slots, heads, y, kept, first, r);
      if (r < toRow) {
        SCALAR.softmax(slots, z, above, below, heads, y, kept, r, r + 1);
        r++;
      }
    }
  }

  /// y = f - m, m the maximum of f in the row.
  private static void shift(Slots slots, float[] z, float above, float below, int heads, float[] y, float[] kept,
      int fromRow, int toRow) {
    VectorMask<Float> present = Lanes.first(heads);
    for (int r = fromRow; r < toRow; r++) {
      int from = (slots.offsets()[r] - slots.origin()) * heads;
      int to = (slots.offsets()[r + 1] - slots.origin()) * heads;
      int whole = to - (to - from) % LANES;
      FloatVector most = every(from == to ? 0 : Float.NEGATIVE_INFINITY);
      for (int i = from; i < whole; i += LANES) {
        FloatVector f = sloped(load(z, i), above, below);
        f.intoArray(y, i);
        most = most.blend(f, f.compare(VectorOperators.GT, most));
      }
      if (whole < to) {
        FloatVector f = sloped(load(z, whole), above, below);
        f.intoArray(y, whole);
        most = most.blend(f, f.compare(VectorOperators.GT, most).and(Lanes.first(to - whole)));
      }
      most = Lanes.mostInTurn(most, heads);
      for (int i = from; i < to; i += LANES) {
        load(y, i).sub(most).intoArray(y, i);
      }
      most.intoArray(kept, r * 2 * heads, present);
    }
  }

  private static void decay(float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.decay(load(y, i)).intoArray(y, i);
    }
  }

  private static void normalize(Slots slots, int heads, float[] y, float[] kept, int fromRow, int toRow) {
    VectorMask<Float> present = Lanes.first(heads);
    for (int r = fromRow; r < toRow; r++) {
      int from = (slots.offsets()[r] - slots.origin()) * heads;
      int to = (slots.offsets()[r + 1] - slots.origin()) * heads;
      FloatVector sum = rowSum(y, from, to, heads);
      FloatVector inverse = from == to ? sum : every(1f).div(sum);
      int whole = to - (to - from) % LANES;
      for (int i = from; i < whole; i += LANES) {
        load(y, i).mul(inverse).intoArray(y, i);
      }
      if (whole < to) {
        FloatVector last = load(y, whole); // what lies behind is the next row's
        last.blend(last.mul(inverse), Lanes.first(to - whole)).intoArray(y, whole);
      }
      inverse.intoArray(kept, r * 2 * heads + heads, present);
    }
  }

  private static FloatVector rowSum(float[] x, int from, int to, int heads) {
    int whole = to - (to - from) % LANES;
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int i = from; i < whole; i += LANES) {
      sum = sum.add(load(x, i));
    }
    if (whole < to) {
      sum = sum.add(FloatVector.zero(Lanes.SPECIES).blend(load(x, whole), Lanes.first(to - whole)));
    }
    return Lanes.sumInTurn(sum, heads);
  }

  private static FloatVector sloped(FloatVector z, float above, float below) {
    return z.mul(below).blend(z.mul(above), z.compare(VectorOperators.GT, 0f));
  }

  static void softmaxAgain(float[] z, float above, float below, float[] most, float[] inverse, float[] mean,
      float[] upstream, float[] y, float[] share, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector raw = load(z, i);
      VectorMask<Float> positive = raw.compare(VectorOperators.GT, 0f);
      FloatVector f = raw.mul(below).blend(raw.mul(above), positive);
      FloatVector weight = VectorMath.decay(f.sub(load(most, i))).mul(load(inverse, i));
      weight.intoArray(y, i);
      FloatVector product = weight.mul(load(upstream, i).sub(load(mean, i)));
      product.mul(below).blend(product.mul(above), positive).intoArray(share, i);
    }
  }
}
