package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Loops over segments with vectors where rows are wide enough for them, else without. Every column takes its terms in slot
/// order.
final class VectorSegments implements SegmentLoops {
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
  public void sumTimesDerivative(Slots slots, float[] weights, int heads, float[] own, float[] other, float slope,
      int width,
      float[] y, int fromRow, int toRow) {
    if (2 * width <= LANES) {
      scalar.sumTimesDerivative(slots, weights, heads, own, other, slope, width, y, fromRow, toRow);
    } else {
      VectorSums.sloped(slots, weights, heads, own, other, slope, width, y, fromRow, toRow);
    }
  }

  @Override
  public void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    if (kind == Reduction.SUM || width < LANES) {
      scalar.reduce(kind, slots, empty, x, width, y, fromRow, toRow);
    } else {
      VectorExtremes.reduce(kind, slots, empty, x, width, y, fromRow, toRow);
    }
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

  @Override
  public void extremeGradient(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] share,
      int fromRow, int toRow) {
    if (width < LANES) {
      scalar.extremeGradient(slots, x, y, upstream, width, share, fromRow, toRow);
    } else {
      VectorExtremes.gradient(slots, x, y, upstream, width, share, fromRow, toRow);
    }
  }

  @Override
  public void tieShares(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] each, int fromRow,
      int toRow) {
    if (width < LANES) {
      scalar.tieShares(slots, x, y, upstream, width, each, fromRow, toRow);
    } else {
      VectorExtremes.tieShares(slots, x, y, upstream, width, each, fromRow, toRow);
    }
  }

  @Override
  public void tiedSum(Slots slots, float[] own, float[] other, float[] each, int width, float[] share, int fromRow,
      int toRow) {
    if (width < LANES) {
      scalar.tiedSum(slots, own, other, each, width, share, fromRow, toRow);
    } else {
      VectorExtremes.tiedSum(slots, own, other, each, width, share, fromRow, toRow);
    }
  }

  @Override
  public void variance(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow) {
    if (width < LANES) {
      scalar.variance(slots, x, width, y, fromRow, toRow);
    } else {
      VectorVariances.variance(slots, x, width, y, fromRow, toRow);
    }
  }

  @Override
  public void varianceGradient(Slots slots, float[] x, float[] upstream, int width, float[] share, int fromRow,
      int toRow) {
    if (width < LANES) {
      scalar.varianceGradient(slots, x, upstream, width, share, fromRow, toRow);
    } else {
      VectorVariances.gradient(slots, x, upstream, width, share, fromRow, toRow);
    }
  }

  @Override
  public void gatheredSum(float @Nullable [] own, float[][] tables, int[][] rows, int width, float[] y,
      int origin, int from, int to) {
    int whole = width - width % LANES;
    if (tables.length == 2) {
      gatheredPair(own, tables[0], rows[0], tables[1], rows[1], width, whole, y, origin, from, to);
    } else {
      gathered(own, tables, rows, width, whole, y, origin, from, to);
    }
    if (whole < width) {
      gatheredRest(own, tables, rows, width, whole, y, origin, from, to);
    }
  }

  /// What most networks along edges gather: a row of the sender and one of the receiver.
  private static void gatheredPair(float @Nullable [] own, float[] a, int[] rowsOfA, float[] b, int[] rowsOfB,
      int width, int whole, float[] y, int origin, int from, int to) {
    for (int i = from; i < to; i++) {
      int at = (i - origin) * width;
      int p = rowsOfA[i] * width;
      int q = rowsOfB[i] * width;
      for (int j = 0; j < whole; j += LANES) {
        FloatVector first = own == null ? load(a, p + j) : load(own, at + j).add(load(a, p + j));
        first.add(load(b, q + j)).intoArray(y, at + j);
      }
    }
  }

  private static void gathered(float @Nullable [] own, float[][] tables, int[][] rows, int width, int whole, float[] y,
      int origin, int from, int to) {
    for (int i = from; i < to; i++) {
      int at = (i - origin) * width;
      for (int j = 0; j < whole; j += LANES) {
        FloatVector sum = own == null ? load(tables[0], rows[0][i] * width + j) : load(own, at + j);
        for (int t = own == null ? 1 : 0; t < tables.length; t++) {
          sum = sum.add(load(tables[t], rows[t][i] * width + j));
        }
        sum.intoArray(y, at + j);
      }
    }
  }

  private static void gatheredRest(float @Nullable [] own, float[][] tables, int[][] rows, int width, int whole,
      float[] y, int origin, int from, int to) {
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int i = from; i < to; i++) {
      int at = (i - origin) * width + whole;
      FloatVector sum = own == null
          ? FloatVector.fromArray(Lanes.SPECIES, tables[0], rows[0][i] * width + whole, rest)
          : FloatVector.fromArray(Lanes.SPECIES, own, at, rest);
      for (int t = own == null ? 1 : 0; t < tables.length; t++) {
        sum = sum.add(FloatVector.fromArray(Lanes.SPECIES, tables[t], rows[t][i] * width + whole, rest));
      }
      sum.intoArray(y, at, rest);
    }
  }

  @Override
  public void pairSums(Slots slots, float[] column, float[] row, int heads, float[] y, int fromRow, int toRow) {
    if (heads == 1 || heads > LANES) {
      scalar.pairSums(slots, column, row, heads, y, fromRow, toRow);
    } else {
      VectorScores.pairSums(slots, column, row, heads, y, fromRow, toRow);
    }
  }

  @Override
  public void spread(Slots slots, float[] table, int heads, float[] first, float[] second, float[] third, int fromRow,
      int toRow) {
    if (heads == 1 || heads > LANES) {
      scalar.spread(slots, table, heads, first, second, third, fromRow, toRow);
    } else {
      VectorScores.spread(slots, table, heads, first, second, third, fromRow, toRow);
    }
  }

  @Override
  public void rowSums(Slots slots, float[] x, int heads, float[] y, int fromRow, int toRow) {
    VectorScores.rowSums(slots, x, heads, y, fromRow, toRow);
  }

  @Override
  public void softmax(Slots slots, float[] z, float above, float below, int heads, float[] y, float[] kept, int fromRow,
      int toRow) {
    VectorScores.softmax(slots, z, above, below, heads, y, kept, fromRow, toRow);
  }

  @Override
  public void softmaxAgain(float[] z, float above, float below, float[] most, float[] inverse, float[] mean,
      float[] upstream, float[] y, float[] share, int count) {
    VectorScores.softmaxAgain(z, above, below, most, inverse, mean, upstream, y, share, count);
  }
}
