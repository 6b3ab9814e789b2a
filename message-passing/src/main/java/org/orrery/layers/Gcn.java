package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.graph.WeightedEdges;
import org.orrery.layers.AttentionOptions;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.nn.Activation;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.nn.Rows;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Graph convolution: h_i = sum_j w_ji (d_i d_j)^-1/2 W x_j + b over the neighbors and i itself, d the sum of the
/// incoming weights. Kipf & Welling 2017, eq. 2.
///
/// Shape: `[nodes, in]` to `[nodes, out]`. Edge features, where given, are the weights, `[edges]` or `[edges, 1]`.
/// Whichever is narrower, x or W x, is what travels along the edges.
public final class Gcn implements GraphLayer {
  private final Linear transform;
  private final @Nullable Parameter bias;
  private final Options options;

  /// What differs between variants.
  public static final class Options extends org.orrery.nn.Options<Options> {
    private Normalization normalization = Normalization.SYMMETRIC;
    private AttentionOptions.Loops loops = AttentionOptions.Loops.ADDED;
    private double loopWeight = 1;
    private boolean bias = true;

    /// As published.
    public static Options standard() { return new Options(); }

    /// Another normalization of the edge weights.
    public Options withNormalization(Normalization other) { return with(o -> o.normalization = other); }

    /// The edges as they are; otherwise nodes without a self loop get one.
    public Options withoutLoops() { return with(o -> o.loops = AttentionOptions.Loops.UNCHANGED); }

    /// Another weight for new loops than 1, such as 2 in the "improved" variant.
    public Options withLoopWeight(double other) { return with(o -> o.loopWeight = other); }

    /// Without b.
    public Options withoutBias() { return with(o -> o.bias = false); }
  }

  private Gcn(Linear transform, @Nullable Parameter bias, Options options) {
    this.transform = transform;
    this.bias = bias;
    this.options = options;
  }

  /// As published: W Glorot uniform, b zero.
  public static Gcn create(int in, int out, Key key) {
    return create(in, out, Options.standard(), key);
  }

  /// A variant.
  public static Gcn create(int in, int out, Options options, Key key) {
    return new Gcn(Linear.withoutBias(in, out, Initializer.glorotUniform(1), key),
        options.bias ? Parameter.of(Tensor.zeros(out)) : null, options);
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update(in, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor update(Inputs in, Activation after, Mode mode) {
    WeightedEdges edges = normalized(in);
    Tensor b = bias == null ? null : bias.value();
    if (transform.out() < transform.in() || !in.isDense()) {
      Tensor sum = NeighborSum.of(edges.edges(), transform.apply(in.senderRows(), mode), edges.weights());
      return after.of(b == null ? sum : sum.add(b));
    }
    Tensor sum = NeighborSum.of(edges.edges(), in.senders(), edges.weights());
    return Rows.of(sum).affine(transform.weight().value(), b, after);
  }

  private WeightedEdges normalized(Inputs in) {
    Sparse sparse = in.adjacency().sparse();
    Tensor weights = in.weights();
    return Backends.with(in.senderRows().tensors().getFirst().backend(), () -> switch (options.loops) {
      case ADDED -> options.normalization.withSelfLoops(sparse.untyped(), weights, options.loopWeight);
      case UNCHANGED -> new WeightedEdges(sparse, options.normalization.of(sparse, weights));
    });
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(transform.in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(transform.out());
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("bias", bias);
    parts.block("lin", transform);
  }
}
