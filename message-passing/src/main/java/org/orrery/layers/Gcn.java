package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.graph.WeightedEdges;
import org.orrery.messagepassing.ActivatedGraphLayer;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.AttentionOptions;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.messagepassing.Weighted;
import org.orrery.nn.Activation;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Graph convolution: h_i = sum_j w_ji (d_i d_j)^-1/2 W x_j + b over the neighbors and i itself, d the sum of the
/// incoming weights. Kipf & Welling 2017, eq. 2.
///
/// Shape: `[nodes, in]` to `[nodes, out]`. Edge features, where given, are the weights, `[edges]` or `[edges, 1]`.
/// Whichever is narrower, x or W x, is what travels along the edges.
public final class Gcn implements ActivatedGraphLayer {
  private static final MessagePassing WEIGHTED_SUM = new MessagePassing(new Weighted(), Aggregation.sum(),
      Update.replace());

  private final Linear transform;
  private final @Nullable Parameter bias;
  private final Options options;

  /// What differs between variants.
  ///
  /// @param normalization of the edge weights
  /// @param loops whether nodes without a self loop get one
  /// @param loopWeight of a new loop: 1, or 2 in the "improved" variant
  /// @param bias whether b is added
  public record Options(Normalization normalization, AttentionOptions.Loops loops, double loopWeight, boolean bias) {
    /// As published.
    public static Options standard() {
      return new Options(Normalization.SYMMETRIC, AttentionOptions.Loops.ADDED, 1, true);
    }

    /// Another normalization of the edge weights.
    public Options withNormalization(Normalization other) {
      return new Options(other, loops, loopWeight, bias);
    }

    /// The edges as they are.
    public Options withoutLoops() {
      return new Options(normalization, AttentionOptions.Loops.UNCHANGED, loopWeight, bias);
    }

    /// Another weight for new loops.
    public Options withLoopWeight(double other) {
      return new Options(normalization, loops, other, bias);
    }

    /// Without b.
    public Options withoutBias() {
      return new Options(normalization, loops, loopWeight, false);
    }
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
        options.bias() ? Parameter.of(Tensor.zeros(out)) : null, options);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return apply(adjacency, senders, receivers, edges, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges,
      Activation activation, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, edges, activation, mode), senders,
        receivers,
        edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges,
      Activation activation, Mode mode) {
    MessagePassing.requireRows(adjacency, senders, receivers, edges);
    if (transform.out() < transform.in()) {
      return activation.apply(applyTransformed(adjacency, transform.apply(senders), receivers, edges, mode));
    }
    Tensor sum = weightedSum(adjacency, senders, receivers, edges, mode);
    return activation.ofAffine(sum, transform.weight(), bias);
  }

  /// The rest of the way from W x_j `[senders, out]`, for callers that have it from elsewhere: where x is sparse, W x is
  /// a [org.orrery.messagepassing.NeighborSum] over what is not zero.
  ///
  /// @return `[receivers, out]`, what [#apply] gives for x
  public Tensor applyTransformed(Adjacency adjacency, Tensor transformed, Tensor receivers, @Nullable Tensor edges,
      Mode mode) {
    MessagePassing.requireRows(adjacency, transformed, receivers, edges);
    Tensor sum = weightedSum(adjacency, transformed, receivers, edges, mode);
    return bias == null ? sum : sum.add(bias.value());
  }

  /// W.
  public Linear transform() {
    return transform;
  }

  private Tensor weightedSum(Adjacency adjacency, Tensor x, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    WeightedEdges weighted = Backends.with(x.backend(), () -> normalized(adjacency.sparse(), edges));
    return WEIGHTED_SUM.apply(weighted.edges(), x, receivers, weighted.weights(), mode);
  }

  private WeightedEdges normalized(Sparse sparse, @Nullable Tensor edges) {
    Tensor weights = edges == null || edges.rank() == 1 ? edges : edges.squeeze(1);
    return switch (options.loops()) {
      case ADDED -> options.normalization().withSelfLoops(sparse.untyped(), weights, options.loopWeight());
      case UNCHANGED -> new WeightedEdges(sparse, options.normalization().of(sparse, weights));
    };
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
    if (bias != null) {
      parts.parameter("bias", bias);
    }
    parts.module("lin", transform);
  }
}
