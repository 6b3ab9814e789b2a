package org.orrery.compat;

import org.orrery.compat.TransformerEncoderLayer.NormOrder;
import org.orrery.compat.TransformerEncoderLayer.Options;
import org.orrery.graph.Adjacency;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Dropout;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Self attention, attention to a memory, and a network of one hidden layer, each with a residual and a norm. Vaswani et al. 2017, section
/// 3.1; PyTorch's TransformerDecoderLayer and its names.
///
/// Shape: target `[targets, width]` and memory `[memories, width]` to `[targets, width]`.
///
/// @param selfAttention of the targets
/// @param memoryAttention of the targets to the memory
/// @param first of the network, `[hidden, width]`
/// @param second of the network, `[width, hidden]`
/// @param selfNorm n1
/// @param memoryNorm n2
/// @param networkNorm n3
/// @param activation between the two
/// @param dropout after each attention, within the network and after it
/// @param order where the norms stand
public record TransformerDecoderLayer(MultiHeadAttention selfAttention, MultiHeadAttention memoryAttention,
    Linear first, Linear second, LayerNorm selfNorm, LayerNorm memoryNorm, LayerNorm networkNorm, Activation activation,
    Dropout dropout, NormOrder order) implements Block {
  /// A layer with these widths.
  ///
  /// @throws IllegalArgumentException where the heads do not divide the width
  public static TransformerDecoderLayer create(int width, int heads, int hidden, Options options, Key key) {
    return new TransformerDecoderLayer(
        MultiHeadAttention.create(width, heads, options.dropout(), key.fold("self_attn")),
        MultiHeadAttention.create(width, heads, options.dropout(), key.fold("multihead_attn")),
        Linear.create(width, hidden, key.fold("linear1")), Linear.create(hidden, width, key.fold("linear2")),
        LayerNorm.create(width), LayerNorm.create(width), LayerNorm.create(width), options.activation(),
        new Dropout(options.dropout()), options.order());
  }

  /// The result.
  ///
  /// @param among who of the targets hears whom; causal for a language
  /// @param target `[targets, width]`
  /// @param across who of the targets hears whom of the memory
  /// @param memory `[memories, width]`
  public Tensor apply(Adjacency among, Tensor target, Adjacency across, Tensor memory, Mode mode) {
    return Observed.call(this, () -> {
      boolean before = order == NormOrder.BEFORE;
      Tensor own = before ? selfNorm.apply(target) : target;
      Tensor x = dropout.applyAndAdd(selfAttention.apply(among, own, mode), target, mode);
      x = before ? x : selfNorm.apply(x);
      Tensor asking = before ? memoryNorm.apply(x) : x;
      Tensor heard = memoryAttention.apply(across, asking, memory, memory, null, mode);
      x = dropout.applyAndAdd(heard, x, mode);
      x = before ? x : memoryNorm.apply(x);
      Tensor fed = before ? networkNorm.apply(x) : x;
      Tensor network = second.apply(dropout.apply(first.apply(fed, activation, mode), mode));
      x = dropout.applyAndAdd(network, x, mode);
      return before ? x : networkNorm.apply(x);
    }, target, memory);
  }

  @Override
  public void describe(Parts parts) {
    parts.block("self_attn", selfAttention).block("multihead_attn", memoryAttention).block("linear1", first)
        .block("linear2", second).block("norm1", selfNorm).block("norm2", memoryNorm).block("norm3", networkNorm);
  }
}
