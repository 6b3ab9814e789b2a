package org.orrery.tensor.cpu;

import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.every;
import static org.orrery.tensor.cpu.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Loops over segments with vectors; sums are those of [VectorSums]. The row of a result stays in registers while the slots
/// run: in strips of four vectors, then of one, the last of them with a mask. Every column takes its terms in slot order.
final class VectorSegments implements SegmentLoops {
  private static final int STRIP = 4 * LANES;

  private final SegmentLoops scalar = new ScalarSegments();

  @Override
  public void sum(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    if (width == 1 || width == 2) {
      scalar.sum(slots, weights, heads, x, width, y, fromRow, toRow);
    } else if (weights == null) {
      VectorSums.plain(slots, x, width, y, fromRow, toRow);
    } else if (heads == 1) {
      VectorSums.weighted(slots, weights, x, width, y, fromRow, toRow);
    } else {
      VectorSums.headed(slots, weights, heads, x, width, y, fromRow, toRow);
    }
  }

  @Override
  public void slopedSum(Slots slots, float[] weights, int heads, float[] own, float[] other, float slope, int width,
      float[] y, int fromRow, int toRow) {
    if (2 * width <= LANES) {
      scalar.slopedSum(slots, weights, heads, own, other, slope, width, y, fromRow, toRow);
    } else {
      VectorSums.sloped(slots, weights, heads, own, other, slope, width, y, fromRow, toRow);
    }
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
          product(slots.columns(), from, to, x, width, j, y, r * width + j, Lanes.columns(width, j));
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
      extremeVector(columns, from, to, sign, x, width, j, y, at + j, Lanes.columns(width, j));
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
      float[] y, int at, VectorMask<Float> mask) {
    FloatVector most = every(Float.NEGATIVE_INFINITY);
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      most = most.max(FloatVector.fromArray(Lanes.SPECIES, x, p, mask).mul(sign));
    }
    most.mul(sign).intoArray(y, at, mask);
  }

  @Override
  public void dots(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow) {
    if (4 * (width / heads) <= LANES) {
      scalar.dots(slots, a, b, heads, width, y, fromRow, toRow);
    } else {
      VectorDots.plain(slots, a, b, heads, width, y, fromRow, toRow);
    }
  }

  @Override
  public void rectifiedDots(Slots slots, float[] vector, float[] own, float[] other, float slope, int heads, int width,
      float[] y, int fromRow, int toRow) {
    if (4 * (width / heads) <= LANES) {
      scalar.rectifiedDots(slots, vector, own, other, slope, heads, width, y, fromRow, toRow);
    } else {
      VectorDots.rectified(slots, vector, own, other, slope, heads, width, y, fromRow, toRow);
    }
  }

  @Override
  public void rowDots(float[] a, float[] b, int heads, int width, float[] y, int stride, int start, int fromRow,
      int toRow) {
    if (4 * (width / heads) <= LANES) {
      scalar.rowDots(a, b, heads, width, y, stride, start, fromRow, toRow);
    } else {
      VectorDots.rows(a, b, heads, width, y, stride, start, fromRow, toRow);
    }
  }

  // ---- segments, there and back ----

  @Override
  public void extremeGradient(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] share,
      int fromRow, int toRow) {
    if (width <= 2) {
      scalar.extremeGradient(slots, x, y, upstream, width, share, fromRow, toRow);
      return;
    }
    for (int j = 0; j < width; j += LANES) {
      VectorMask<Float> mask = Lanes.columns(width, j);
      for (int r = fromRow; r < toRow; r++) {
        extremeGradientVector(slots.columns(), slots.offsets()[r], slots.offsets()[r + 1], x, width, j, y, upstream,
            r * width + j, share, mask);
      }
    }
  }

  private static void extremeGradientVector(int @Nullable [] columns, int from, int to, float[] x, int width, int j,
      float[] y, float[] upstream, int at, float[] share, VectorMask<Float> mask) {
    FloatVector extreme = FloatVector.fromArray(Lanes.SPECIES, y, at, mask);
    FloatVector zero = FloatVector.zero(Lanes.SPECIES);
    FloatVector ties = zero;
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      FloatVector v = FloatVector.fromArray(Lanes.SPECIES, x, p, mask);
      ties = ties.add(zero.blend(1f, v.compare(VectorOperators.EQ, extreme)));
    }
    FloatVector each = FloatVector.fromArray(Lanes.SPECIES, upstream, at, mask).div(ties.max(1f));
    for (int s = from; s < to; s++) {
      int p = (columns == null ? s : columns[s]) * width + j;
      FloatVector v = FloatVector.fromArray(Lanes.SPECIES, x, p, mask);
      zero.blend(each, v.compare(VectorOperators.EQ, extreme)).intoArray(share, p, mask);
    }
  }

  @Override
  public void tieShares(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] each, int fromRow,
      int toRow) {
    int[] columns = slots.columns();
    FloatVector zero = FloatVector.zero(Lanes.SPECIES);
    for (int j = 0; j < width; j += LANES) {
      VectorMask<Float> mask = Lanes.columns(width, j);
      for (int r = fromRow; r < toRow; r++) {
        int at = r * width + j;
        FloatVector extreme = FloatVector.fromArray(Lanes.SPECIES, y, at, mask);
        FloatVector ties = zero;
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          int p = (columns == null ? s : columns[s]) * width + j;
          FloatVector v = FloatVector.fromArray(Lanes.SPECIES, x, p, mask);
          ties = ties.add(zero.blend(1f, v.compare(VectorOperators.EQ, extreme)));
        }
        FloatVector.fromArray(Lanes.SPECIES, upstream, at, mask).div(ties.max(1f)).intoArray(each, at, mask);
      }
    }
  }

  @Override
  public void tiedSum(Slots slots, float[] own, float[] other, float[] each, int width, float[] share, int fromRow,
      int toRow) {
    int[] columns = slots.columns();
    FloatVector zero = FloatVector.zero(Lanes.SPECIES);
    for (int j = 0; j < width; j += LANES) {
      VectorMask<Float> mask = Lanes.columns(width, j);
      for (int r = fromRow; r < toRow; r++) {
        int at = r * width + j;
        FloatVector mine = FloatVector.fromArray(Lanes.SPECIES, own, at, mask);
        FloatVector sum = zero;
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          int p = (columns == null ? s : columns[s]) * width + j;
          VectorMask<Float> held = FloatVector.fromArray(Lanes.SPECIES, other, p, mask)
              .compare(VectorOperators.EQ, mine);
          sum = sum.add(zero.blend(FloatVector.fromArray(Lanes.SPECIES, each, p, mask), held));
        }
        sum.intoArray(share, at, mask);
      }
    }
  }

  @Override
  public void variance(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow) {
    if (width <= 2) {
      scalar.variance(slots, x, width, y, fromRow, toRow);
      return;
    }
    for (int j = 0; j < width; j += LANES) {
      VectorMask<Float> mask = Lanes.columns(width, j);
      for (int r = fromRow; r < toRow; r++) {
        int from = slots.offsets()[r];
        int to = slots.offsets()[r + 1];
        FloatVector mean = mean(slots.columns(), from, to, x, width, j, mask);
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int s = from; s < to; s++) {
          FloatVector off = FloatVector.fromArray(Lanes.SPECIES, x, slots.column(s) * width + j, mask).sub(mean);
          sum = off.fma(off, sum);
        }
        sum.div((float) Math.max(1, to - from)).intoArray(y, r * width + j, mask);
      }
    }
  }

  private static FloatVector mean(int @Nullable [] columns, int from, int to, float[] x, int width, int j,
      VectorMask<Float> mask) {
    FloatVector sum = FloatVector.zero(Lanes.SPECIES);
    for (int s = from; s < to; s++) {
      sum = sum.add(FloatVector.fromArray(Lanes.SPECIES, x, (columns == null ? s : columns[s]) * width + j, mask));
    }
    return sum.div((float) Math.max(1, to - from));
  }

  @Override
  public void varianceGradient(Slots slots, float[] x, float[] upstream, int width, float[] share, int fromRow,
      int toRow) {
    if (width <= 2) {
      scalar.varianceGradient(slots, x, upstream, width, share, fromRow, toRow);
      return;
    }
    for (int j = 0; j < width; j += LANES) {
      VectorMask<Float> mask = Lanes.columns(width, j);
      for (int r = fromRow; r < toRow; r++) {
        int from = slots.offsets()[r];
        int to = slots.offsets()[r + 1];
        FloatVector mean = mean(slots.columns(), from, to, x, width, j, mask);
        FloatVector each = FloatVector.fromArray(Lanes.SPECIES, upstream, r * width + j, mask)
            .mul(2f).div((float) Math.max(1, to - from));
        for (int s = from; s < to; s++) {
          int p = slots.column(s) * width + j;
          FloatVector.fromArray(Lanes.SPECIES, x, p, mask).sub(mean).mul(each).intoArray(share, p, mask);
        }
      }
    }
  }

  @Override
  public void gatheredSum(float @Nullable [] own, float[][] tables, int[][] rows, int width, float[] y,
      int origin, int from, int to) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int i = from; i < to; i++) {
      int at = (i - origin) * width;
      for (int j = 0; j < whole; j += LANES) {
        FloatVector sum = own == null ? load(tables[0], rows[0][i] * width + j) : load(own, at + j);
        for (int t = own == null ? 1 : 0; t < tables.length; t++) {
          sum = sum.add(load(tables[t], rows[t][i] * width + j));
        }
        sum.intoArray(y, at + j);
      }
      if (whole < width) {
        FloatVector sum = own == null
            ? FloatVector.fromArray(Lanes.SPECIES, tables[0], rows[0][i] * width + whole, rest)
            : FloatVector.fromArray(Lanes.SPECIES, own, at + whole, rest);
        for (int t = own == null ? 1 : 0; t < tables.length; t++) {
          sum = sum.add(FloatVector.fromArray(Lanes.SPECIES, tables[t], rows[t][i] * width + whole, rest));
        }
        sum.intoArray(y, at + whole, rest);
      }
    }
  }

  // ---- a few numbers a slot ----
  //
  // A row lies in a run of whole vectors and a rest; the lanes of a vector belong to the heads in turn. Vectors are
  // written whole: what the rest writes too much is the place of the next row, which comes later, or room behind the
  // last. A masked store would keep the next row's load waiting until it has reached the cache.

  /// Rows of more slots than this are summed in double precision.
  private static final int LONG_ROW = 1024;

  /// Whether the lanes of every vector of a row belong to the same heads.
  private static boolean inTurn(int heads) {
    return heads <= LANES && LANES % heads == 0;
  }

  @Override
  public void pairSums(Slots slots, float[] column, float[] row, int heads, float[] y, int fromRow, int toRow) {
    if (heads == 1 || heads > LANES) {
      scalar.pairSums(slots, column, row, heads, y, fromRow, toRow);
      return;
    }
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

  @Override
  public void spread(Slots slots, float[] table, int heads, float[] first, float[] second, float[] third, int fromRow,
      int toRow) {
    if (heads == 1 || heads > LANES) {
      scalar.spread(slots, table, heads, first, second, third, fromRow, toRow);
      return;
    }
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

  @Override
  public void rowSums(Slots slots, float[] x, int heads, float[] y, int fromRow, int toRow) {
    int[] offsets = slots.offsets();
    VectorMask<Float> present = Lanes.first(heads);
    for (int r = fromRow; r < toRow; r++) {
      if (!inTurn(heads) || offsets[r + 1] - offsets[r] > LONG_ROW) {
        scalar.rowSums(slots, x, heads, y, r, r + 1);
      } else {
        rowSum(x, (offsets[r] - slots.origin()) * heads, (offsets[r + 1] - slots.origin()) * heads, heads)
            .intoArray(y, r * heads, present);
      }
    }
  }

  /// Row by row only for what needs the row: its maximum is subtracted, powers are taken over all rows in one loop, and the sum of a
  /// row divides it. Rows end too soon for a function of thirty operations.
  @Override
  public void softmax(Slots slots, float[] z, float above, float below, int heads, float[] y, float[] kept, int fromRow,
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
        scalar.softmax(slots, z, above, below, heads, y, kept, r, r + 1);
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

  @Override
  public void softmaxAgain(float[] z, float above, float below, float[] most, float[] inverse, float[] mean,
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
