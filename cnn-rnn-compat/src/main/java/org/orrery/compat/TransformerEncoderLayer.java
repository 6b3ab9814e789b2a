package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Activation;
import org.orrery.nn.Dropout;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Self attention and a network of one hidden layer, each with a residual and a norm. Vaswani et al. 2017, section 3.1; PyTorch's
/// TransformerEncoderLayer and its names.
///
/// As a graph layer it runs along any adjacency: a complete graph makes it the encoder of a transformer, a causal one its decoder
/// without a memory, a sparse one a graph transformer. Receivers that are not the senders attend to these.
///
/// Shape: `[nodes, width]` to the same.
///
/// @param attention of the nodes
/// @param first of the network, `[hidden, width]`
/// @param second of the network, `[width, hidden]`
/// @param attentionNorm n1
/// @param networkNorm n2
/// @param activation between the two
/// @param dropout after attention, within the network and after it
/// @param order where the norms stand
public record TransformerEncoderLayer(MultiHeadAttention attention, Linear first, Linear second,
    LayerNorm attentionNorm, LayerNorm networkNorm, Activation activation, Dropout dropout, NormOrder order)
    implements
      GraphLayer {
  /// Where a norm stands.
  public enum NormOrder {
    /// x = n(x + f(x))
    AFTER,
    /// x = x + f(n(x))
    BEFORE
  }

  /// Options.
  ///
  /// @param activation of the network
  /// @param dropout its probability
  /// @param order where the norms stand
  public record Options(Activation activation, double dropout, NormOrder order) {
    /// A rectifier, no dropout, norms after.
    public static Options plain() {
      return new Options(Activation.RELU, 0, NormOrder.AFTER);
    }
  }

  /// A layer with these widths.
  ///
  /// @throws IllegalArgumentException where the heads do not divide the width
  public static TransformerEncoderLayer create(int width, int heads, int hidden, Options options, Key key) {
    return new TransformerEncoderLayer(
        MultiHeadAttention.create(width, heads, options.dropout(), key.fold("self_attn")),
        Linear.create(width, hidden, key.fold("linear1")), Linear.create(hidden, width, key.fold("linear2")),
        LayerNorm.create(width), LayerNorm.create(width), options.activation(), new Dropout(options.dropout()),
        options.order());
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    boolean before = order == NormOrder.BEFORE;
    Tensor own = before ? attentionNorm.apply(in.receivers()) : in.receivers();
    Tensor others = in.isOneSet() ? own : before ? attentionNorm.apply(in.senders()) : in.senders();
    Tensor heard = attention.apply(in.adjacency(), own, others, others, null, mode);
    return afterAttention(in.receivers(), heard, mode);
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.NONE;
  }

  private Tensor afterAttention(Tensor x, Tensor heard, Mode mode) {
    Tensor sum = dropout.applyAndAdd(heard, x, mode);
    if (order == NormOrder.BEFORE) {
      return dropout.applyAndAdd(network(networkNorm.apply(sum), mode), sum, mode);
    }
    Tensor y = attentionNorm.apply(sum);
    return networkNorm.apply(dropout.applyAndAdd(network(y, mode), y, mode));
  }

  private Tensor network(Tensor x, Mode mode) {
    return second.apply(dropout.apply(first.apply(x, activation, mode), mode));
  }

  /// The next places of sequences that grow, with what came before in the cache: equal to causal attention over everything so far.
  ///
  /// @param x what is new, `[sequences, new, width]`
  public Tensor next(Tensor x, KeyValueCache cache) {
    Tensor own = order == NormOrder.BEFORE ? attentionNorm.apply(x) : x;
    return afterAttention(x, attention.next(own, cache), Mode.inference());
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(attention.width());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.block("self_attn", attention).block("linear1", first).block("linear2", second)
        .block("norm1", attentionNorm).block("norm2", networkNorm);
  }
}
