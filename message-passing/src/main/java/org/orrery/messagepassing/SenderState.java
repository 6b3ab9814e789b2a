package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// The sender's own features, x_j. Sums and means of tables run as one [NeighborSum].
public record SenderState() implements Message {
  @Override
  public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
    return senders.gatherRows(edges.bySender());
  }

  @Override
  public @Nullable Tensor aggregated(Adjacency adjacency, Aggregation aggregation, Tensor senders, Tensor receivers,
      @Nullable Tensor features, Mode mode) {
    if (senders.rank() != 2) {
      return null;
    }
    Sparse sparse = adjacency.sparse();
    return switch (aggregation) {
      case Aggregation.Reduced(Reduction kind) when kind == Reduction.SUM -> NeighborSum.of(sparse, senders);
      case Aggregation.Reduced(Reduction kind) when kind != Reduction.PRODUCT ->
        Tensor.of(new NeighborExtreme(sparse, senders, kind));
      case Aggregation.Mean() -> {
        Tensor sizes = sparse.byReceiver().sizesAtLeastOne(senders.backend());
        yield NeighborSum.of(sparse, senders).divide(sizes.unsqueeze(1));
      }
      default -> null;
    };
  }
}
