package org.orrery.messagepassing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.graph.Sparse;
import org.orrery.nn.Mode;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// The sender's own features, x_j. Sums and means of tables run as one [NeighborSum] or [NeighborMean]; on a [Complete]
/// graph, where everyone hears the same, as one reduction a graph.
public record SenderFeatures() implements Message {
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
    Optional<Complete> complete = Complete.in(adjacency).filter(all -> all.order() == Complete.Order.ALL);
    if (complete.isPresent()) {
      return ofAll(complete.get(), aggregation, senders);
    }
    Sparse sparse = adjacency.sparse();
    return switch (aggregation) {
      case Aggregation.Reduced(Reduction kind) when kind == Reduction.SUM -> NeighborSum.of(sparse, senders);
      case Aggregation.Reduced(Reduction kind) when kind != Reduction.PRODUCT ->
        Tensor.of(new NeighborExtreme(sparse, senders, kind));
      case Aggregation.Mean() -> Tensor.of(new NeighborMean(sparse, senders, null));
      default -> null;
    };
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.NONE;
  }

  /// Everyone hears the same: one reduction a graph.
  private static @Nullable Tensor ofAll(Complete complete, Aggregation aggregation, Tensor senders) {
    Segments graphs = Segments.ofOffsets(complete.senderOffsets());
    Tensor each = switch (aggregation) {
      case Aggregation.Reduced(Reduction kind) when kind != Reduction.PRODUCT -> senders.segmentReduce(kind, graphs);
      case Aggregation.Mean() -> senders.segmentMean(graphs);
      default -> null;
    };
    return each == null ? null : each.gatherRows(Segments.ofOffsets(complete.receiverOffsets()));
  }
}
