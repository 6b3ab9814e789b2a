package org.orrery.layers;

import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Attention;
import org.orrery.messagepassing.AttentionOptions;
import org.orrery.messagepassing.AttentionScore;
import org.orrery.messagepassing.AttentionWeights;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Dropout;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
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
    if (options.shared()) {
      throw new IllegalArgumentException("Gat: shared weights are an option of GatV2");
    }
    Initializer glorot = Initializer.glorotUniform(1);
    int width = options.heads() * channels;
    Initializer attention = Attention.vectors(options.heads(), channels);
    Shape vector = Shape.of(1, options.heads(), channels);
    this.senderTransform = Linear.withoutBias(in, width, glorot, key.fold("lin"));
    this.receiverTransform = shared
        ? senderTransform
        : Linear.withoutBias(inReceiver, width, glorot, key.fold("lin_dst"));
    this.senderVector = Parameter.of(attention.values(vector, key.fold("att_src")));
    this.receiverVector = Parameter.of(attention.values(vector, key.fold("att_dst")));
    boolean edges = options.edgeWidth() > 0;
    this.edgeTransform = edges
        ? Linear.withoutBias(options.edgeWidth(), width, glorot, key.fold("lin_edge"))
        : null;
    this.edgeVector = edges ? Parameter.of(attention.values(vector, key.fold("att_edge"))) : null;
    int out = options.outputWidth(channels);
    this.residual = options.residual() ? Linear.withoutBias(inReceiver, out, glorot, key.fold("res")) : null;
    this.bias = options.bias() ? Parameter.of(Tensor.zeros(out)) : null;
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
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, edges, mode), senders, receivers, edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    MessagePassing.requireRows(adjacency, senders, receivers, edges);
    Tensor values = senderTransform.apply(senders);
    return finished(adjacency, values, receiverValues(senders, receivers, values), receivers, edges, mode);
  }

  /// The rest of the way from W x `[nodes, heads channels]`, for callers that have it from elsewhere: where x is sparse,
  /// W x is a [org.orrery.messagepassing.NeighborSum] over what is not zero. Senders and receivers are the same nodes.
  ///
  /// @return what [#apply] gives for x
  /// @throws IllegalStateException where senders and receivers have linear maps of their own, or a residual needs x
  public Tensor applyTransformed(Adjacency adjacency, Tensor transformed, @Nullable Tensor edges, Mode mode) {
    if (!senderTransform.equals(receiverTransform) || residual != null) {
      throw new IllegalStateException("Gat: a layer with a residual or with two linear maps needs x, not W x alone");
    }
    MessagePassing.requireRows(adjacency, transformed, transformed, edges);
    return finished(adjacency, transformed, transformed, transformed, edges, mode);
  }

  /// W, of the senders where the receivers have another.
  public Linear transform() {
    return senderTransform;
  }

  private Tensor finished(Adjacency adjacency, Tensor values, Tensor receiverValues, Tensor receivers,
      @Nullable Tensor edges, Mode mode) {
    Attention.Edges over = Attention.Edges.of(adjacency.sparse(), edges, options);
    Tensor sum = passing().apply(over.sparse(), values, receiverValues, over.features(), mode);
    return Attention.finished(sum, options, residual == null ? null : residual.apply(receivers), bias);
  }

  /// The attention weights a_ij, for looking at.
  ///
  /// @return the edges that attention runs over (loops included) and `[edges, heads]`
  public AttentionWeights attention(Adjacency adjacency, Tensor nodes, @Nullable Tensor edges) {
    MessagePassing.requireRows(adjacency, nodes, nodes, edges);
    Attention.Edges over = Attention.Edges.of(adjacency.sparse(), edges, options);
    Tensor values = senderTransform.apply(nodes);
    return new AttentionWeights(over.sparse(),
        message().weights(over.sparse(), values, receiverValues(nodes, nodes, values), over.features()));
  }

  private Tensor receiverValues(Tensor senders, Tensor receivers, Tensor values) {
    boolean same = senders.equals(receivers) && senderTransform.equals(receiverTransform);
    return same ? values : receiverTransform.apply(receivers);
  }

  private MessagePassing passing() {
    return new MessagePassing(message(), Aggregation.sum(), Update.replace());
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
    }, options.heads(), new Dropout(options.dropout()));
  }

  private AttentionScore additive(Tensor senders, Tensor receivers, @Nullable Tensor features) {
    Tensor edge = features != null && edgeTransform != null && edgeVector != null
        ? dot(edgeTransform.apply(features), edgeVector)
        : null;
    return new AttentionScore.Additive(dot(senders, senderVector), dot(receivers, receiverVector), edge,
        options.slope());
  }

  /// The inner product of each head's columns with its vector, `[rows, heads channels]` to `[rows, heads]`: a product
  /// with the vectors on the blocks of a diagonal.
  private Tensor dot(Tensor x, Parameter vector) {
    int heads = options.heads();
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
    if (edgeVector != null) {
      parts.parameter("att_edge", edgeVector);
    }
    if (bias != null) {
      parts.parameter("bias", bias);
    }
    if (senderTransform.equals(receiverTransform)) {
      parts.module("lin", senderTransform);
    } else {
      parts.module("lin_src", senderTransform).module("lin_dst", receiverTransform);
    }
    if (edgeTransform != null) {
      parts.module("lin_edge", edgeTransform);
    }
    if (residual != null) {
      parts.module("res", residual);
    }
  }
}
