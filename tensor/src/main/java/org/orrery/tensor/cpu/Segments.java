package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.SegmentLoops;
import org.orrery.tensor.cpu.loops.Slots;

/// Reductions over segments. A long segment is cut into pieces whose results are reduced again: sums keep their
/// accuracy and one large segment (the readout of a graph) is shared out like many small ones.
final class Segments {
  /// How many rows one piece has at most.
  static final int PIECE = 256;
  private static final int CHUNK_WORK = 1 << 16;

  private final Machine machine;

  Segments(Machine machine) {
    this.machine = machine;
  }

  private interface Rows {
    void run(Slots slots, float[] y, int fromRow, int toRow);
  }

  /// y[r, :] = start[r, :] + the sum over the slots of row r; without a start it is 0.
  void sum(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int piece,
      float @Nullable [] start) {
    sumThen(slots, weights, heads, x, width, y, piece,
        start == null ? null : (from, to) -> add(start, width, y, from, to));
  }

  /// y[r, :] = the sum over the slots of the rows from `fromRow` up to `toRow`, on the calling thread, long rows in pieces.
  void sumHere(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    SegmentLoops loops = machine.kernels().segments();
    for (int r = fromRow; r < toRow; r++) {
      int first = r;
      while (r < toRow && slots.offsets()[r + 1] - slots.offsets()[r] <= PIECE) {
        r++;
      }
      loops.sum(slots, weights, heads, x, width, y, first, r);
      if (r < toRow) {
        int[] row = {slots.offsets()[r], slots.offsets()[r + 1]};
        Slots pieces = cut(new Slots(row, slots.columns(), slots.edges(), slots.origin()), PIECE);
        float[] sums = machine.pool().take(pieces.rows() * width);
        loops.sum(pieces, weights, heads, x, width, sums, 0, pieces.rows());
        float[] total = new float[width];
        sumHere(new Slots(new int[] {0, pieces.rows()}, null, null), null, 1, sums, width, total, 0, 1);
        System.arraycopy(total, 0, y, r * width, width);
        machine.pool().give(sums);
      }
    }
  }

  /// y[r, :] = start[r, :] + the mean over the slots of row r; 0 in the place of a mean of none.
  void mean(Slots slots, float[] x, int width, float[] y, int piece, float @Nullable [] start) {
    sumThen(slots, null, 1, x, width, y, piece, (from, to) -> {
      for (int r = from; r < to; r++) {
        float count = Math.max(1, slots.offsets()[r + 1] - slots.offsets()[r]);
        for (int at = r * width; at < (r + 1) * width; at++) {
          y[at] /= count;
        }
      }
      if (start != null) {
        add(start, width, y, from, to);
      }
    });
  }

  private static void add(float[] start, int width, float[] y, int fromRow, int toRow) {
    for (int at = fromRow * width; at < toRow * width; at++) {
      y[at] += start[at];
    }
  }

  /// @param ending what is done to finished rows of y while they are at hand; null for nothing
  private void sumThen(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int piece,
      Parallel.@Nullable Body ending) {
    SegmentLoops loops = machine.kernels().segments();
    Rows partial = (part, out, from, to) -> loops.sum(part, weights, heads, x, width, out, from, to);
    Rows whole = ending == null ? partial : (part, out, from, to) -> {
      partial.run(part, out, from, to);
      ending.run(from, to);
    };
    float[] pieces = inPieces(slots, width, y, piece, whole, partial);
    if (pieces != null) {
      sumThen(starts(slots, piece), null, 1, pieces, width, y, piece, ending);
      machine.pool().give(pieces);
    }
  }

  /// y[r, :] = the reduction over the slots of row r, `empty` where there are none.
  void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int piece) {
    if (kind == Reduction.SUM) {
      sum(slots, null, 1, x, width, y, piece, null);
      return;
    }
    SegmentLoops loops = machine.kernels().segments();
    Rows rows = (part, out, from, to) -> loops.reduce(kind, part, empty, x, width, out, from, to);
    float[] pieces = inPieces(slots, width, y, piece, rows, rows);
    if (pieces != null) {
      reduce(kind, starts(slots, piece), empty, pieces, width, y, piece);
      machine.pool().give(pieces);
    }
  }

  /// Runs over the rows where none is long; else over the pieces, whose results are returned.
  private float @Nullable [] inPieces(Slots slots, int width, float[] y, int piece, Rows whole, Rows partial) {
    int longest = 0;
    for (int r = 0; r < slots.rows(); r++) {
      longest = Math.max(longest, slots.offsets()[r + 1] - slots.offsets()[r]);
    }
    if (longest <= piece) {
      forRows(slots, width, y, whole);
      return null;
    }
    Slots cut = cut(slots, piece);
    float[] results = machine.pool().take(cut.rows() * width);
    forRows(cut, width, results, partial);
    return results;
  }

  private void forRows(Slots slots, int width, float[] y, Rows rows) {
    machine.parallel().forChunks(slots.rows(), rowsPerChunk(slots, width),
        (from, to) -> rows.run(slots, y, from, to));
  }

  private static int rowsPerChunk(Slots slots, int width) {
    int rows = Math.max(1, slots.rows());
    long work = (long) (slots.offsets()[slots.rows()] + rows) * Math.max(1, width);
    return (int) Math.max(1, Math.min(1 << 16, CHUNK_WORK * (long) rows / work));
  }

  /// The same slots in rows of at most `piece`.
  private static Slots cut(Slots slots, int piece) {
    int[] starts = starts(slots, piece).offsets();
    int[] offsets = new int[starts[slots.rows()] + 1];
    int next = 0;
    for (int r = 0; r < slots.rows(); r++) {
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s += piece) {
        offsets[next++] = s;
      }
    }
    offsets[next] = slots.offsets()[slots.rows()];
    return new Slots(offsets, slots.columns(), slots.edges(), slots.origin());
  }

  /// Which pieces belong to each row.
  private static Slots starts(Slots slots, int piece) {
    int[] starts = new int[slots.rows() + 1];
    for (int r = 0; r < slots.rows(); r++) {
      int length = slots.offsets()[r + 1] - slots.offsets()[r];
      starts[r + 1] = starts[r] + (length + piece - 1) / piece;
    }
    return new Slots(starts, null, null);
  }

  void dots(Slots slots, float[] a, float[] b, int heads, int width, float[] y) {
    SegmentLoops loops = machine.kernels().segments();
    forRows(slots, width, y, (part, out, from, to) -> loops.dots(part, a, b, heads, width, out, from, to));
  }

  /// upstream over the number of ties where x is y, 0 elsewhere.
  void extremeGradient(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] share) {
    SegmentLoops loops = machine.kernels().segments();
    forRows(slots, 2 * width, share,
        (part, out, from, to) -> loops.extremeGradient(part, x, y, upstream, width, out, from, to));
  }

  void tieShares(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] each) {
    SegmentLoops loops = machine.kernels().segments();
    forRows(slots, width, each, (part, out, from, to) -> loops.tieShares(part, x, y, upstream, width, out, from, to));
  }

  void tiedSum(Slots slots, float[] own, float[] other, float[] each, int width, float[] share) {
    SegmentLoops loops = machine.kernels().segments();
    forRows(slots, 2 * width, share,
        (part, out, from, to) -> loops.tiedSum(part, own, other, each, width, out, from, to));
  }

  void variance(Slots slots, float[] x, int width, float[] y) {
    SegmentLoops loops = machine.kernels().segments();
    forRows(slots, 2 * width, y, (part, out, from, to) -> loops.variance(part, x, width, out, from, to));
  }

  void varianceGradient(Slots slots, float[] x, float[] upstream, int width, float[] share) {
    SegmentLoops loops = machine.kernels().segments();
    forRows(slots, 2 * width, share,
        (part, out, from, to) -> loops.varianceGradient(part, x, upstream, width, out, from, to));
  }

  /// y[e, :] = e^(x[e, :] - m) / sum e^(x - m) over the segment. The exponentials of many segments run as one.
  void softmax(Slots slots, float[] x, int width, float[] y) {
    forRows(slots, 4 * width, y, (part, out, from, to) -> {
      int first = part.offsets()[from];
      int count = (part.offsets()[to] - first) * width;
      float[] powers = machine.pool().take(count);
      for (int r = from; r < to; r++) {
        lessMaximum(part, r, x, width, powers, first);
      }
      machine.kernels().elementwise().unary(Unary.EXP, 0f, powers, powers, 0, count);
      for (int r = from; r < to; r++) {
        divideBySum(part, r, powers, first, width, out);
      }
      machine.pool().give(powers);
    });
  }

  private static void lessMaximum(Slots slots, int row, float[] x, int width, float[] powers, int first) {
    int from = slots.offsets()[row];
    int to = slots.offsets()[row + 1];
    for (int j = 0; j < width; j++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int s = from; s < to; s++) {
        most = Math.max(most, x[slots.column(s) * width + j]);
      }
      for (int s = from; s < to; s++) {
        powers[(s - first) * width + j] = x[slots.column(s) * width + j] - most;
      }
    }
  }

  private static void divideBySum(Slots slots, int row, float[] powers, int first, int width, float[] y) {
    int from = slots.offsets()[row];
    int to = slots.offsets()[row + 1];
    for (int j = 0; j < width; j++) {
      double sum = 0;
      for (int s = from; s < to; s++) {
        sum += powers[(s - first) * width + j];
      }
      float total = (float) sum;
      for (int s = from; s < to; s++) {
        y[slots.column(s) * width + j] = powers[(s - first) * width + j] / total;
      }
    }
  }

  /// share = y (upstream - sum y upstream over the segment).
  void softmaxGradient(Slots slots, float[] y, float[] upstream, int width, float[] share) {
    forRows(slots, 2 * width, share, (part, out, from, to) -> {
      for (int r = from; r < to; r++) {
        int start = part.offsets()[r];
        int end = part.offsets()[r + 1];
        for (int j = 0; j < width; j++) {
          double sum = 0;
          for (int s = start; s < end; s++) {
            int at = part.column(s) * width + j;
            sum += y[at] * (double) upstream[at];
          }
          float mean = (float) sum;
          for (int s = start; s < end; s++) {
            int at = part.column(s) * width + j;
            out[at] = y[at] * (upstream[at] - mean);
          }
        }
      }
    });
  }

  /// Zeros where the segments do not reach every row.
  static void clearUncovered(Slots slots, int rows, int width, float[] y) {
    if (slots.offsets()[slots.rows()] - slots.offsets()[0] != rows) {
      Arrays.fill(y, 0, rows * width, 0f);
    }
  }
}
