package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Attention;
import org.orrery.messagepassing.AttentionScore;
import org.orrery.messagepassing.AttentionWeights;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Dropout;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Dynamic graph attention: h_i = sum_j a_ij W_l x_j + b, a_ij = softmax_j s . LeakyReLU(W_l x_j + W_r x_i + W_e e_ij),
/// for several heads. Brody, Alon & Yahav 2022, eq. 7.
///
/// Shape: `[nodes, in]` to `[nodes, heads channels]`, or `[nodes, channels]` where heads are averaged.
public final class GatV2 implements GraphLayer {
  private final Linear senderTransform;
  private final Linear receiverTransform;
  private final Parameter vector;
  private final @Nullable Linear edgeTransform;
  private final @Nullable Linear residual;
  private final @Nullable Parameter bias;
  private final AttentionOptions options;
  private final int channels;

  private GatV2(int in, int inReceiver, int channels, AttentionOptions options, Key key) {
    if (options.shared && in != inReceiver) {
      throw new IllegalArgumentException("GatV2: senders of width " + in + " and receivers of width " + inReceiver
          + " cannot share weights");
    }
    Initializer glorot = Initializer.glorotUniform(1);
    int width = options.heads * channels;
    this.senderTransform = transform(in, width, options, key.fold("lin_l"));
    this.receiverTransform = options.shared
        ? senderTransform
        : transform(inReceiver, width, options, key.fold("lin_r"));
    this.vector = Parameter.of(
        Attention.vectors(options.heads, channels).values(Shape.of(1, options.heads, channels), key.fold("att")));
    this.edgeTransform = options.edgeWidth > 0
        ? Linear.withoutBias(options.edgeWidth, width, glorot, key.fold("lin_edge"))
        : null;
    int out = options.outputWidth(channels);
    this.residual = options.residual ? Linear.withoutBias(inReceiver, out, glorot, key.fold("res")) : null;
    this.bias = options.bias ? Parameter.of(Tensor.zeros(out)) : null;
    this.options = options;
    this.channels = channels;
  }

  private static Linear transform(int in, int width, AttentionOptions options, Key key) {
    Initializer glorot = Initializer.glorotUniform(1);
    return options.bias ? Linear.create(in, width, glorot, key) : Linear.withoutBias(in, width, glorot, key);
  }

  /// Senders and receivers are the same nodes.
  ///
  /// @param in width of x
  /// @param channels of each head
  public static GatV2 create(int in, int channels, AttentionOptions options, Key key) {
    return new GatV2(in, in, channels, options, key);
  }

  /// Senders and receivers are different nodes. Such edges have no loops, so the loops of the options count for nothing
  /// here, [AttentionOptions.Loops#ADDED] included.
  public static GatV2 bipartite(int inSender, int inReceiver, int channels, AttentionOptions options, Key key) {
    return new GatV2(inSender, inReceiver, channels, options.withoutLoops(), key);
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    Tensor sum = values(in).received(message(), Aggregation.sum(), mode);
    return AttentionEdges.joined(sum, options, residual == null ? null : residual.apply(in.receiverRows(), mode), bias);
  }

  /// The attention weights a_ij, for looking at.
  ///
  /// @return the edges that attention runs over (loops included) and `[edges, heads]`
  /// @throws IllegalArgumentException where rows do not fit, or edge features are given and not read, or read and not given
  public AttentionWeights attention(Adjacency adjacency, Tensor nodes, @Nullable Tensor edges) {
    Inputs in = Inputs.of(adjacency, nodes, edges);
    in.requireFit(this);
    Inputs values = values(in);
    return new AttentionWeights(values.adjacency().sparse(), message().weights(values.adjacency().sparse(),
        values.senders(), values.receivers(), values.optionalEdges()));
  }

  /// W_l x_j and W_r x_i, over the edges that attention runs over.
  private Inputs values(Inputs in) {
    Mode mode = Mode.inference(); // linear maps have no noise
    AttentionEdges over = AttentionEdges.of(in, options);
    Tensor values = senderTransform.apply(in.senderRows(), mode);
    return in.over(over.sparse(), over.features()).with(values,
        options.shared && in.isOneSet() ? values : receiverTransform.apply(in.receiverRows(), mode));
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.ofWidth(options.edgeWidth);
  }

  private Attention message() {
    return new Attention(new Attention.Score() {
      @Override
      public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features) {
        return score(edges, senders, receivers, features);
      }

      @Override
      public @Nullable AttentionScore fused(Tensor senders, Tensor receivers, @Nullable Tensor features) {
        return features == null ? rectified(senders, receivers) : null;
      }
    }, options.heads, new Dropout(options.dropout));
  }

  private AttentionScore rectified(Tensor senders, Tensor receivers) {
    return new AttentionScore.Rectified(senders, receivers, vector.value().reshape(options.heads * channels),
        options.heads, options.slope);
  }

  private Tensor score(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features) {
    Tensor sum = senders.gatherRows(edges.bySender()).add(receivers.gatherRows(edges.byReceiver()));
    if (features != null && edgeTransform != null) {
      sum = sum.add(edgeTransform.apply(features));
    }
    return sum.leakyRelu(options.slope).reshape(edges.edges(), options.heads, channels).multiply(vector.value())
        .sum(2);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(senderTransform.in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(options.outputWidth(channels));
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("att", vector);
    parts.parameter("bias", bias);
    parts.block("lin_l", senderTransform).block("lin_r", receiverTransform);
    parts.block("lin_edge", edgeTransform);
    parts.block("res", residual);
  }
}
