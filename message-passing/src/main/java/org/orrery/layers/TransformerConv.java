package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.messagepassing.DotProductAttention;
import org.orrery.messagepassing.EdgeDot;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
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

  /// What differs between variants.
  public static final class Options extends org.orrery.nn.Options<Options> {
    private int heads = 1;
    private AttentionOptions.Joining joining = AttentionOptions.Joining.CONCATENATED;
    private Skip skip = Skip.ADDED;
    private double dropout;
    private int edgeWidth;
    private boolean bias = true;

    /// Heads side by side, W_s x_i added, no dropout, no edge features, W_s with a bias.
    public static Options heads(int count) { return new Options().with(o -> o.heads = count); }

    /// Edge features of this width.
    public Options withEdges(int width) { return with(o -> o.edgeWidth = width); }

    /// Heads averaged instead of side by side.
    public Options averaged() { return with(o -> o.joining = AttentionOptions.Joining.AVERAGED); }

    /// Another way for the node's own features.
    public Options withSkip(Skip other) { return with(o -> o.skip = other); }

    /// Dropout on the attention weights while training.
    public Options withDropout(double rate) { return with(o -> o.dropout = rate); }

    /// W_s without a bias; queries, keys and values have one always, W_e none.
    public Options withoutBias() { return with(o -> o.bias = false); }

    @Override
    protected void check() {
      if (heads < 1 || edgeWidth < 0 || !(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("TransformerConv: " + heads + " heads, edge width " + edgeWidth
            + ", dropout " + dropout + "; at least 1, at least 0, and 0 up to, not including, 1 are required");
      }
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
    int width = options.heads * channels;
    int out = options.outputWidth(channels);
    this.options = options;
    this.channels = channels;
    this.query = Linear.create(inReceiver, width, key.fold("lin_query"));
    this.keys = Linear.create(in, width, key.fold("lin_key"));
    this.values = Linear.create(in, width, key.fold("lin_value"));
    this.edgeTransform = options.edgeWidth > 0
        ? Linear.withoutBias(options.edgeWidth, width, key.fold("lin_edge"))
        : null;
    this.skip = options.skip == Skip.NONE ? null : linear(inReceiver, out, options, key.fold("lin_skip"));
    this.gate = options.skip == Skip.GATED ? Linear.withoutBias(3 * out, 1, key.fold("lin_beta")) : null;
  }

  private static Linear linear(int in, int out, Options options, Key key) {
    return options.bias ? Linear.create(in, out, key) : Linear.withoutBias(in, out, key);
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
  public Tensor update(Inputs in, Mode mode) {
    Tensor q = query.apply(in.receiverRows(), mode);
    Tensor k = keys.apply(in.senderRows(), mode);
    Tensor v = values.apply(in.senderRows(), mode);
    if (edgeTransform == null) {
      var attention = new DotProductAttention(options.heads, 1 / Math.sqrt(channels), options.dropout);
      return joined(attention.apply(in.adjacency(), q, k, v, mode), in.receivers());
    }
    Sparse sparse = in.adjacency().sparse();
    Tensor edge = edgeTransform.apply(in.edges());
    Tensor weights = new Dropout(options.dropout).apply(weights(sparse, q, k, edge), mode);
    Tensor each = heads(edge).multiply(weights.unsqueeze(2)).reshape(edge.shape());
    return joined(NeighborSum.of(sparse, v, weights).add(each.segmentSum(sparse.byReceiver())), in.receivers());
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.ofWidth(options.edgeWidth);
  }

  /// a_ij, `[edges, heads]`.
  private Tensor weights(Sparse sparse, Tensor q, Tensor k, Tensor edge) {
    Segments byReceiver = sparse.byReceiver();
    Tensor scores = Tensor.of(new EdgeDot(sparse, q, k, options.heads));
    scores = scores.add(heads(q.gatherRows(byReceiver)).multiply(heads(edge)).sum(2));
    return scores.multiply(1 / Math.sqrt(channels)).segmentSoftmax(byReceiver);
  }

  private Tensor heads(Tensor x) {
    return x.reshape(x.rows(), options.heads, channels);
  }

  private Tensor joined(Tensor sum, Tensor receivers) {
    Tensor h = options.joining == AttentionOptions.Joining.CONCATENATED ? sum : heads(sum).mean(1);
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
    parts.block("lin_key", keys).block("lin_query", query).block("lin_value", values);
    parts.block("lin_edge", edgeTransform);
    parts.block("lin_skip", skip);
    parts.block("lin_beta", gate);
  }
}
