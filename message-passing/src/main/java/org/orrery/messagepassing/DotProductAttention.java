package org.orrery.messagepassing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.nn.Dropout;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.TiledAttention;
import org.orrery.tensor.backend.AttentionKernels.Pairing;
import org.orrery.tensor.backend.AttentionKernels.Reach;

/// `y_i = sum over the edges (j, i) of a_ij v_j`, a the softmax over what i receives of scale `<q_i, k_j>`, head by head. On a sparse
/// graph it is the attention of [org.orrery.layers.TransformerConv], on a [Complete] one that of a transformer, tile by tile without an array of the
/// edges: the same sums. A receiver that hears nobody gets 0.
///
/// @param heads how many attentions side by side
/// @param scale of the inner products; 1 / sqrt(width of a head) in transformers
/// @param dropout the probability that a weight is dropped in training
public record DotProductAttention(int heads, double scale, double dropout) {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException where there is no head, or the probability is none
  public DotProductAttention {
    if (heads < 1 || !(dropout >= 0 && dropout <= 1)) {
      throw new IllegalArgumentException(
          "attention: " + heads + " heads, dropout " + dropout + "; at least 1, and a probability, are required");
    }
  }

  /// The result, `[receivers, heads channels]`.
  ///
  /// @param queries `[receivers, heads width]`
  /// @param keys `[senders, heads width]`
  /// @param values `[senders, heads channels]`
  public Tensor apply(Adjacency adjacency, Tensor queries, Tensor keys, Tensor values, Mode mode) {
    return apply(adjacency, queries, keys, values, null, mode);
  }

  /// The same with a bias for each place of a query and a key in their graph.
  ///
  /// @param bias `[1 or heads, most receivers, most senders]`; null for 0
  /// @throws IllegalArgumentException where there is a bias on other than complete graphs
  public Tensor apply(Adjacency adjacency, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor bias,
      Mode mode) {
    if (dropout == 1 && mode.isTraining()) {
      return Tensor.zeros(adjacency.receivers(), values.columns());
    }
    Optional<Complete> complete = Complete.in(adjacency).filter(all -> all.order() != Complete.Order.ANTICAUSAL);
    if (complete.isPresent()) {
      return Tensor.of(tiled(complete.get(), queries, keys, values, bias, mode));
    }
    if (bias != null) {
      throw new IllegalArgumentException("attention: a bias " + bias.shape() + " on " + adjacency
          + "; places are known on complete graphs only");
    }
    return Attention.attended(adjacency.sparse(), new AttentionScore.ScaledProduct(keys, queries, heads, scale), values,
        new Dropout(dropout), mode);
  }

  /// The operation on complete graphs, which can also show its weights.
  ///
  /// @param bias `[1 or heads, most receivers, most senders]`; null for 0
  public TiledAttention tiled(Complete complete, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor bias,
      Mode mode) {
    Reach reach = switch (complete.order()) {
      case ALL -> Reach.ALL;
      case CAUSAL -> Reach.CAUSAL;
      case ANTICAUSAL -> throw new IllegalArgumentException("attention: " + complete + " has no tiles; use its list");
    };
    boolean noisy = dropout > 0 && mode.isTraining();
    return new TiledAttention(new Pairing(complete.receiverOffsets(), complete.senderOffsets(), reach, heads, scale,
        noisy ? dropout : 0, noisy && mode instanceof Mode.Training training ? training.nextKey() : null), queries,
        keys,
        values, bias);
  }
}
