package org.orrery.messagepassing;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.EdgeMap;
import org.orrery.graph.Sparse;
import org.orrery.nn.Dropout;
import org.orrery.nn.Initializer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Reduction;

/// A message weighted by attention: a_ij v_j with a_ij the softmax of a score over what i receives, head by head.
/// Subclasses of the idea differ in the score alone.
///
/// The aggregate runs as one [EdgeAttention] where the score has a form for it, else as one [NeighborSum]: no
/// `[edges, width]` array of messages is made.
///
/// @param score of each edge and head
/// @param heads how many attentions side by side
/// @param dropout on the attention weights
public record Attention(Score score, int heads, Dropout dropout) implements Message {
  /// How much a receiver attends to a sender before the softmax.
  public interface Score {
    /// The scores `[edges, heads]` in the caller's edge order.
    Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features);

    /// What it does with the features of edges.
    default EdgeUse edgeUse() {
      return EdgeUse.OPTIONAL;
    }

    /// The same in a form that [EdgeAttention] runs; null where there is none for these features.
    default @Nullable AttentionScore fused(Tensor senders, Tensor receivers, @Nullable Tensor features) {
      return null;
    }
  }

  /// a_ij, `[edges, heads]`, before dropout.
  public Tensor weights(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features) {
    return score.along(edges, senders, receivers, features).segmentSoftmax(edges.byReceiver());
  }

  /// The attention by a score, with dropout on its weights.
  static Tensor attended(Sparse edges, AttentionScore score, Tensor values, Dropout dropout, Mode mode) {
    Tensor factors = factors(edges, score, dropout, mode);
    if (edges.byReceiver().order() == null) {
      return EdgeAttention.of(edges, score, values, factors);
    }
    EdgeMap sorted = edges.inReceiverOrder();
    return EdgeAttention.of(sorted.edges(), score.along(sorted), values,
        factors == null ? null : sorted.apply(factors, 0));
  }

  /// What dropout multiplies the weights with; null where it leaves them.
  private static @Nullable Tensor factors(Sparse edges, AttentionScore score, Dropout dropout, Mode mode) {
    if (mode instanceof Mode.Inference || dropout.rate() == 0) {
      return null;
    }
    Supplier<Tensor> ones = () -> Tensor.full(Shape.of(edges.edges(), score.heads()), 1);
    return dropout.apply(Backends.with(score.operands().getFirst().backend(), ones), mode);
  }

  @Override
  public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
    Tensor weights = dropout.apply(weights(edges, senders, receivers, features), mode);
    return new Weighted().along(edges, senders, receivers, weights, mode);
  }

  @Override
  public @Nullable Tensor aggregated(Adjacency adjacency, Aggregation aggregation, Tensor senders, Tensor receivers,
      @Nullable Tensor features, Mode mode) {
    if (!aggregation.equals(new Aggregation.Reduced(Reduction.SUM))) {
      return null;
    }
    Sparse sparse = adjacency.sparse();
    AttentionScore fused = score.fused(senders, receivers, features);
    if (fused != null) {
      return attended(sparse, fused, senders, dropout, mode);
    }
    Tensor weights = dropout.apply(weights(sparse, senders, receivers, features), mode);
    return NeighborSum.of(sparse, senders, weights);
  }

  /// How the vectors of the scores start: Glorot uniform over `[heads, channels]`.
  public static Initializer vectors(int heads, int channels) {
    double bound = Math.sqrt(6.0 / (heads + channels));
    return Initializer.uniform(-bound, bound);
  }

  @Override
  public EdgeUse edgeUse() {
    return score.edgeUse();
  }

  @Override
  public void describe(Parts parts) {
    parts.block("dropout", dropout);
  }
}
