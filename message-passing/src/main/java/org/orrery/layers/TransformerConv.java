package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.AttentionOptions;
import org.orrery.messagepassing.DotProductAttention;
import org.orrery.messagepassing.EdgeDot;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// Scaled dot-product attention along the edges: h_i = W_s x_i + sum_j a_ij (v_j + W_e e_ij),
/// a_ij = softmax_j q_i . (k_j + W_e e_ij) / sqrt(channels), for several heads. Shi et al. 2021, eqs. 3 to 5; on a
/// complete graph the attention of Vaswani et al. 2017.
///
/// Shape: `[nodes, in]` to `[nodes, heads channels]`, or `[nodes, channels]` where heads are averaged.
public final class TransformerConv implements GraphLayer {
  private final Options options;
  private final int channels;
  private final Linear query;
  private final Linear keys;
  private final Linear values;
  private final @Nullable Linear edgeTransform;
  private final @Nullable Linear skip;
  private final @Nullable Linear gate;

  /// What it can be told.
  ///
  /// @param heads how many attentions side by side
  /// @param joining whether their results stand side by side or are averaged
  /// @param skip how W_s x_i joins the result
  /// @param dropout rate on the attention weights while training
  /// @param edgeWidth width of the edge features; 0 for none
  /// @param bias whether W_s has a bias; queries, keys and values have one always, W_e none
  public record Options(int heads, AttentionOptions.Joining joining, Skip skip, double dropout, int edgeWidth,
      boolean bias) {
    /// Checks the ranges.
    public Options {
      if (heads < 1 || edgeWidth < 0 || !(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("TransformerConv: " + heads + " heads, edge width " + edgeWidth
            + ", dropout " + dropout + "; at least 1, at least 0, and 0 up to, not including, 1 are required");
      }
    }

    /// Heads side by side, W_s x_i added, no dropout, no edge features, W_s with a bias.
    public static Options heads(int heads) {
      return new Options(heads, AttentionOptions.Joining.CONCATENATED, Skip.ADDED, 0, 0, true);
    }

    /// Edge features of this width.
    public Options withEdges(int width) {
      return new Options(heads, joining, skip, dropout, width, bias);
    }

    /// Heads averaged instead of side by side.
    public Options averaged() {
      return new Options(heads, AttentionOptions.Joining.AVERAGED, skip, dropout, edgeWidth, bias);
    }

    /// Another way for the node's own features.
    public Options withSkip(Skip other) {
      return new Options(heads, joining, other, dropout, edgeWidth, bias);
    }

    /// Dropout on the attention weights.
    public Options withDropout(double rate) {
      return new Options(heads, joining, skip, rate, edgeWidth, bias);
    }

    /// W_s without a bias.
    public Options withoutBias() {
      return new Options(heads, joining, skip, dropout, edgeWidth, false);
    }

    /// The width of the result for this many channels a head.
    public int outputWidth(int channels) {
      return joining == AttentionOptions.Joining.CONCATENATED ? heads * channels : channels;
    }
  }

  /// How a node's own features join what it received.
  public enum Skip {
    /// not at all
    NONE,
    /// h + W_s x
    ADDED,
    /// g W_s x + (1 - g) h, g = sigmoid(w . `[h ; W_s x ; h - W_s x]`)
    GATED
  }

  private TransformerConv(int in, int inReceiver, int channels, Options options, Key key) {
    int width = options.heads() * channels;
    int out = options.outputWidth(channels);
    this.options = options;
    this.channels = channels;
    this.query = Linear.create(inReceiver, width, key.fold("lin_query"));
    this.keys = Linear.create(in, width, key.fold("lin_key"));
    this.values = Linear.create(in, width, key.fold("lin_value"));
    this.edgeTransform = options.edgeWidth() > 0
        ? Linear.withoutBias(options.edgeWidth(), width, key.fold("lin_edge"))
        : null;
    this.skip = options.skip() == Skip.NONE ? null : linear(inReceiver, out, options, key.fold("lin_skip"));
    this.gate = options.skip() == Skip.GATED ? Linear.withoutBias(3 * out, 1, key.fold("lin_beta")) : null;
  }

  private static Linear linear(int in, int out, Options options, Key key) {
    return options.bias() ? Linear.create(in, out, key) : Linear.withoutBias(in, out, key);
  }

  /// Senders and receivers of one width.
  ///
  /// @param channels of each head
  public static TransformerConv create(int in, int channels, Options options, Key key) {
    return new TransformerConv(in, in, channels, options, key);
  }

  /// Senders and receivers of different widths.
  public static TransformerConv bipartite(int inSender, int inReceiver, int channels, Options options, Key key) {
    return new TransformerConv(inSender, inReceiver, channels, options, key);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, edges, mode), senders, receivers, edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    MessagePassing.requireRows(adjacency, senders, receivers, edges);
    if (options.edgeWidth() > 0 != (edges != null)) {
      throw new IllegalArgumentException("TransformerConv: edge features "
          + (edges == null ? "missing" : edges.shape()) + "; the layer was made for width " + options.edgeWidth());
    }
    Tensor edge = edges == null || edgeTransform == null ? null : edgeTransform.apply(edges);
    if (edge == null) {
      DotProductAttention attention = new DotProductAttention(options.heads(), 1 / Math.sqrt(channels),
          options.dropout());
      return joined(
          attention.apply(adjacency, query.apply(receivers), keys.apply(senders), values.apply(senders), mode),
          receivers);
    }
    Sparse sparse = adjacency.sparse();
    Tensor weights = weights(sparse, query.apply(receivers), keys.apply(senders), edge);
    weights = new Dropout(options.dropout()).apply(weights, mode);
    Tensor sum = NeighborSum.of(sparse, values.apply(senders), weights);
    Tensor each = heads(edge).multiply(weights.unsqueeze(2)).reshape(edge.shape());
    return joined(sum.add(each.segmentSum(sparse.byReceiver())), receivers);
  }

  /// a_ij, `[edges, heads]`.
  private Tensor weights(Sparse sparse, Tensor q, Tensor k, Tensor edge) {
    Segments byReceiver = sparse.byReceiver();
    Tensor scores = Tensor.of(new EdgeDot(sparse, q, k, options.heads()));
    scores = scores.add(heads(q.gatherRows(byReceiver)).multiply(heads(edge)).sum(2));
    return scores.multiply(1 / Math.sqrt(channels)).segmentSoftmax(byReceiver);
  }

  private Tensor heads(Tensor x) {
    return x.reshape(x.rows(), options.heads(), channels);
  }

  private Tensor joined(Tensor sum, Tensor receivers) {
    Tensor h = options.joining() == AttentionOptions.Joining.CONCATENATED ? sum : heads(sum).mean(1);
    if (skip == null) {
      return h;
    }
    Tensor own = skip.apply(receivers);
    if (gate == null) {
      return h.add(own);
    }
    Tensor g = gate.apply(Tensor.concat(1, h, own, h.subtract(own))).sigmoid();
    return g.multiply(own).add(g.negate().add(1).multiply(h));
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(keys.in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(options.outputWidth(channels));
  }

  @Override
  public void describe(Parts parts) {
    parts.module("lin_key", keys).module("lin_query", query).module("lin_value", values);
    if (edgeTransform != null) {
      parts.module("lin_edge", edgeTransform);
    }
    if (skip != null) {
      parts.module("lin_skip", skip);
    }
    if (gate != null) {
      parts.module("lin_beta", gate);
    }
  }
}
