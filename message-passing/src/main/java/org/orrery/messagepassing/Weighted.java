package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// The sender's features times the edge's weight, w_e x_j; edge features are the weights, `[edges]`, `[edges, 1]` or, for
/// several heads side by side, `[edges, heads]`. Sums run as one [NeighborSum].
public record Weighted() implements Message {
  @Override
  public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor weights, Mode mode) {
    Tensor each = table(weights);
    int heads = each.columns();
    Tensor rows = senders.gatherRows(edges.bySender());
    return rows.reshape(edges.edges(), heads, senders.columns() / heads).multiply(each.unsqueeze(2))
        .reshape(rows.shape());
  }

  @Override
  public @Nullable Tensor aggregated(Adjacency adjacency, Aggregation aggregation, Tensor senders, Tensor receivers,
      @Nullable Tensor weights, Mode mode) {
    return aggregation instanceof Aggregation.Reduced(Reduction kind) && kind == Reduction.SUM
        ? NeighborSum.of(adjacency.sparse(), senders, table(weights))
        : null;
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.REQUIRED;
  }

  private static Tensor table(@Nullable Tensor weights) {
    if (weights == null) {
      throw new IllegalArgumentException("weighted message: edges have no weights; [edges] or [edges, heads] required");
    }
    return weights.rank() == 1 ? weights.unsqueeze(1) : weights;
  }
}
