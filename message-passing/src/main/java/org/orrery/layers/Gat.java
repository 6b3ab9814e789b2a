package org.orrery.layers;

import java.util.OptionalInt;
import java.util.function.Supplier;
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
import org.orrery.tensor.backend.Backends;

/// Graph attention: h_i = sum_j a_ij W x_j + b, a_ij = softmax_j LeakyReLU(s . W x_j + t . W x_i + r . W_e e_ij), for
/// several heads. Velickovic et al. 2018, eq. 3 to 6.
///
/// Shape: `[nodes, in]` to `[nodes, heads channels]`, or `[nodes, channels]` where heads are averaged.
public final class Gat implements GraphLayer {
  private final Linear senderTransform;
  private final Linear receiverTransform;
  private final Parameter senderVector;
  private final Parameter receiverVector;
  private final @Nullable Linear edgeTransform;
  private final @Nullable Parameter edgeVector;
  private final @Nullable Linear residual;
  private final @Nullable Parameter bias;
  private final AttentionOptions options;
  private final int channels;

  private Gat(int in, int inReceiver, int channels, AttentionOptions options, boolean shared, Key key) {
    if (options.shared) {
      throw new IllegalArgumentException("Gat: shared weights are an option of GatV2");
    }
    Initializer glorot = Initializer.glorotUniform(1);
    int width = options.heads * channels;
    Initializer attention = Attention.vectors(options.heads, channels);
    Shape vector = Shape.of(1, options.heads, channels);
    this.senderTransform = Linear.withoutBias(in, width, glorot, key.fold("lin"));
    this.receiverTransform = shared
        ? senderTransform
        : Linear.withoutBias(inReceiver, width, glorot, key.fold("lin_dst"));
    this.senderVector = Parameter.of(attention.values(vector, key.fold("att_src")));
    this.receiverVector = Parameter.of(attention.values(vector, key.fold("att_dst")));
    boolean edges = options.edgeWidth > 0;
    this.edgeTransform = edges
        ? Linear.withoutBias(options.edgeWidth, width, glorot, key.fold("lin_edge"))
        : null;
    this.edgeVector = edges ? Parameter.of(attention.values(vector, key.fold("att_edge"))) : null;
    int out = options.outputWidth(channels);
    this.residual = options.residual ? Linear.withoutBias(inReceiver, out, glorot, key.fold("res")) : null;
    this.bias = options.bias ? Parameter.of(Tensor.zeros(out)) : null;
    this.options = options;
    this.channels = channels;
  }

  /// Senders and receivers are the same nodes.
  ///
  /// @param in width of x
  /// @param channels of each head
  public static Gat create(int in, int channels, AttentionOptions options, Key key) {
    return new Gat(in, in, channels, options, true, key);
  }

  /// Senders and receivers are different nodes with linear maps of their own. Such edges have no loops, so the loops of
  /// the options count for nothing here, [AttentionOptions.Loops#ADDED] included.
  public static Gat bipartite(int inSender, int inReceiver, int channels, AttentionOptions options, Key key) {
    return new Gat(inSender, inReceiver, channels, options.withoutLoops(), false, key);
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

  /// W x of senders and receivers, over the edges that attention runs over.
  private Inputs values(Inputs in) {
    Mode mode = Mode.inference(); // linear maps have no noise
    AttentionEdges over = AttentionEdges.of(in, options);
    Tensor values = senderTransform.apply(in.senderRows(), mode);
    boolean same = in.isOneSet() && senderTransform.equals(receiverTransform);
    return in.over(over.sparse(), over.features())
        .with(values, same ? values : receiverTransform.apply(in.receiverRows(), mode));
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.ofWidth(options.edgeWidth);
  }

  private Attention message() {
    return new Attention(new Attention.Score() {
      @Override
      public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features) {
        return additive(senders, receivers, features).along(edges);
      }

      @Override
      public AttentionScore fused(Tensor senders, Tensor receivers, @Nullable Tensor features) {
        return additive(senders, receivers, features);
      }
    }, options.heads, new Dropout(options.dropout));
  }

  private AttentionScore additive(Tensor senders, Tensor receivers, @Nullable Tensor features) {
    Tensor edge = features != null && edgeTransform != null && edgeVector != null
        ? dot(edgeTransform.apply(features), edgeVector)
        : null;
    return new AttentionScore.Additive(dot(senders, senderVector), dot(receivers, receiverVector), edge,
        options.slope);
  }

  /// The inner product of each head's columns with its vector, `[rows, heads channels]` to `[rows, heads]`: a product
  /// with the vectors on the blocks of a diagonal.
  private Tensor dot(Tensor x, Parameter vector) {
    int heads = options.heads;
    Supplier<Tensor> identity = () -> Tensor.identity(heads);
    Tensor diagonal = Backends.with(x.backend(), identity).unsqueeze(1);
    Tensor blocks = vector.value().reshape(heads, channels, 1).multiply(diagonal).reshape(heads * channels, heads);
    return x.matmul(blocks);
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
    parts.parameter("att_src", senderVector).parameter("att_dst", receiverVector);
    parts.parameter("att_edge", edgeVector);
    parts.parameter("bias", bias);
    if (senderTransform.equals(receiverTransform)) {
      parts.block("lin", senderTransform);
    } else {
      parts.block("lin_src", senderTransform).block("lin_dst", receiverTransform);
    }
    parts.block("lin_edge", edgeTransform);
    parts.block("res", residual);
  }
}
