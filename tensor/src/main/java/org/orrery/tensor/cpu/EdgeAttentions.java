package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.EdgeScore;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.cpu.loops.SegmentLoops;
import org.orrery.tensor.cpu.loops.Slots;

/// Attention over the rows of a compressed structure, some rows at a time: their scores, weights and the rows that they
/// weigh stay in cache between the steps. A row is never shared out, so its softmax is at hand whole.
final class EdgeAttentions {
  /// About how many numbers of the gathered rows are worked on at a time: they fit a core's second cache.
  private static final int CHUNK_WORK = 1 << 15;

  private final Machine machine;
  private final Slots slots;
  private final int heads;
  private final int width;

  EdgeAttentions(Machine machine, Slots slots, int heads, int width) {
    this.machine = machine;
    this.slots = slots;
    this.heads = heads;
    this.width = width;
  }

  private void forRows(Parallel.Body body) {
    long rows = Math.max(1, slots.rows());
    long work = (slots.offsets()[slots.rows()] + rows) * Math.max(1, width);
    int chunk = (int) Math.max(1, Math.min(1 << 16, CHUNK_WORK * rows / work));
    machine.parallel().forChunks(slots.rows(), chunk, body);
  }

  /// An array for the numbers of the slots of some rows.
  private float[] take(int fromRow, int toRow) {
    long count = (slots.offsets()[toRow] - (long) slots.offsets()[fromRow]) * heads;
    return machine.pool().take(Math.toIntExact(count + SegmentLoops.ROOM));
  }

  private void give(float[]... arrays) {
    for (float[] array : arrays) {
      machine.pool().give(array);
    }
  }

  /// y[r, :] = sum of the weights times the rows of the values.
  void attend(EdgeScore score, float @Nullable [] factors, float[] values, float[] y, float[] softmax) {
    SegmentLoops loops = machine.kernels().segments();
    float[] column = values(score.column());
    float[] row = values(score.row());
    forRows((from, to) -> {
      float[] scores = take(from, to);
      float[] weights = take(from, to);
      Slots local = slots.from(slots.offsets()[from]);
      score(local, score, column, row, scores, from, to);
      loops.softmax(local, scores, above(score), below(score), heads, weights, softmax, from, to);
      multiply(weights, factors, from, to);
      sum(local, weights, values, width, y, from, to);
      give(scores, weights);
    });
  }

  /// The gradients, where the slots are those of the transposed structure: own rows are those of the values and of the
  /// score's columns.
  void shares(EdgeScore score, float @Nullable [] factors, float[] values, float[] y, float[] softmax, float[] upstream,
      int receivers, float[] byValues, float[] byColumn, float[] byEdges) {
    SegmentLoops loops = machine.kernels().segments();
    float[] column = values(score.column());
    float[] row = values(score.row());
    float[] table = table(y, softmax, upstream, receivers);
    forRows((from, to) -> {
      float[] scores = take(from, to);
      float[] most = take(from, to);
      float[] inverse = take(from, to);
      float[] mean = take(from, to);
      float[] products = take(from, to);
      float[] weights = take(from, to);
      float[] share = take(from, to);
      Slots local = slots.from(slots.offsets()[from]);
      int count = (slots.offsets()[to] - slots.offsets()[from]) * heads;
      score(local, score, row, column, scores, from, to);
      loops.spread(local, table, heads, most, inverse, mean, from, to);
      loops.dots(local, values, upstream, heads, width, products, from, to);
      multiply(products, factors, from, to);
      loops.softmaxAgain(scores, above(score), below(score), most, inverse, mean, products, weights, share, count);
      multiply(weights, factors, from, to);
      sum(local, weights, upstream, width, byValues, from, to);
      switch (score) {
        case EdgeScore.Sum sum -> loops.rowSums(local, share, heads, byColumn, from, to);
        case EdgeScore.RectifiedSum sum ->
          loops.sumTimesDerivative(local, share, heads, column, row, (float) sum.slope(),
              sum.width(), byColumn, from, to);
        case EdgeScore.Product product -> sum(local, share, row, product.width(), byColumn, from, to);
      }
      spread(share, byEdges, from, to);
      give(scores, most, inverse, mean, products, weights, share);
    });
    machine.pool().give(table);
  }

  private void sum(Slots local, float[] weights, float[] x, int columns, float[] y, int from, int to) {
    new Segments(machine).sumHere(local, weights, heads, x, columns, y, from, to);
  }

  /// `[receivers, 3, heads]`: the maximum of a row's scores, one over the sum of its powers, and the inner product of the
  /// result with its gradient, side by side in one or two cache lines.
  private float[] table(float[] y, float[] softmax, float[] upstream, int receivers) {
    float[] table = machine.pool().take(Math.addExact(Math.multiplyExact(3 * heads, receivers), SegmentLoops.ROOM));
    int chunk = Math.max(1, CHUNK_WORK / Math.max(1, width));
    machine.parallel().forChunks(receivers, chunk, (from, to) -> {
      for (int i = from; i < to; i++) {
        System.arraycopy(softmax, i * 2 * heads, table, i * 3 * heads, 2 * heads);
      }
      machine.kernels().segments().rowDots(y, upstream, heads, width, table, 3 * heads, 2 * heads, from, to);
    });
    return table;
  }

  /// y[r, :] = sum of the weights times the slope at own + other.
  void sumTimesDerivative(float[] weights, float[] own, float[] other, float slope, float[] y) {
    SegmentLoops loops = machine.kernels().segments();
    forRows((from, to) -> loops.sumTimesDerivative(slots, weights, heads, own, other, slope, width, y, from, to));
  }

  /// What the score is before it is multiplied by [#above] or [#below].
  ///
  /// @param there the score's table for the column of a slot
  /// @param own its table for the row of a slot
  private void score(Slots local, EdgeScore score, float[] there, float[] own, float[] y, int from, int to) {
    SegmentLoops loops = machine.kernels().segments();
    switch (score) {
      case EdgeScore.Sum sum -> {
        loops.pairSums(local, there, own, heads, y, from, to);
        if (sum.edge() != null) {
          add(y, values(sum.edge()), from, to);
        }
      }
      case EdgeScore.RectifiedSum sum -> loops.rectifiedDots(local, values(sum.vector()), own, there,
          (float) sum.slope(), heads, sum.width(), y, from, to);
      case EdgeScore.Product product -> loops.dots(local, own, there, heads, product.width(), y, from, to);
    }
  }

  private static float[] values(Storage buffer) {
    return CpuStorage.valuesOf(buffer);
  }

  private static float above(EdgeScore score) {
    return score instanceof EdgeScore.Product product ? (float) product.scale() : 1;
  }

  private static float below(EdgeScore score) {
    return switch (score) {
      case EdgeScore.Sum sum -> (float) sum.slope();
      case EdgeScore.RectifiedSum sum -> 1;
      case EdgeScore.Product product -> (float) product.scale();
    };
  }

  /// x += the terms of the edges.
  private void add(float[] x, float[] terms, int fromRow, int toRow) {
    int first = slots.offsets()[fromRow];
    for (int s = first; s < slots.offsets()[toRow]; s++) {
      for (int h = 0; h < heads; h++) {
        x[(s - first) * heads + h] += terms[slots.edge(s) * heads + h];
      }
    }
  }

  /// x *= the factors of the edges.
  private void multiply(float[] x, float @Nullable [] factors, int fromRow, int toRow) {
    if (factors == null) {
      return;
    }
    int first = slots.offsets()[fromRow];
    for (int s = first; s < slots.offsets()[toRow]; s++) {
      for (int h = 0; h < heads; h++) {
        x[(s - first) * heads + h] *= factors[slots.edge(s) * heads + h];
      }
    }
  }

  /// Puts what belongs to slots where their edges are.
  private void spread(float[] local, float[] plane, int fromRow, int toRow) {
    int first = slots.offsets()[fromRow];
    int last = slots.offsets()[toRow];
    if (slots.edges() == null) {
      System.arraycopy(local, 0, plane, first * heads, (last - first) * heads);
      return;
    }
    for (int s = first; s < last; s++) {
      int at = slots.edge(s) * heads;
      for (int h = 0; h < heads; h++) {
        plane[at + h] = local[(s - first) * heads + h];
      }
    }
  }
}
