package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.ActivatedGraphLayer;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.NeighborMean;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// Sample and aggregate: h_i = W_1 (+)_j x_j + b + W_2 x_i, (+) the mean unless another is chosen. Hamilton, Ying &
/// Leskovec 2017, algorithm 1.
///
/// Shape: `[senders, in]`, `[receivers, inReceiver]` to `[receivers, out]`. Edge features are not read.
public final class GraphSage implements ActivatedGraphLayer {
  private final int in;
  private final MessagePassing neighbors;
  private final Linear fromNeighbors;
  private final @Nullable Linear fromSelf;
  private final @Nullable Linear projection;
  private final Options options;

  /// What differs between variants.
  ///
  /// @param aggregation of the neighbors
  /// @param root whether W_2 x_i is added
  /// @param bias whether b is added
  /// @param normalized whether each row of the result is divided by its Euclidean length
  /// @param projected whether neighbors first pass a linear map of their own and max(x, 0)
  public record Options(Aggregation aggregation, boolean root, boolean bias, boolean normalized, boolean projected) {
    /// The mean of the neighbors, W_2 and b.
    public static Options standard() {
      return new Options(Aggregation.mean(), true, true, false, false);
    }

    /// Another aggregation.
    public Options withAggregation(Aggregation other) {
      return new Options(other, root, bias, normalized, projected);
    }

    /// Without W_2 x_i.
    public Options withoutRoot() {
      return new Options(aggregation, false, bias, normalized, projected);
    }

    /// Without b.
    public Options withoutBias() {
      return new Options(aggregation, root, false, normalized, projected);
    }

    /// Each row of the result divided by its Euclidean length.
    public Options withUnitRows() {
      return new Options(aggregation, root, bias, true, projected);
    }

    /// Neighbors first pass a linear map of their own and max(x, 0).
    public Options withProjection() {
      return new Options(aggregation, root, bias, normalized, true);
    }
  }

  private GraphSage(int in, Linear fromNeighbors, @Nullable Linear fromSelf, @Nullable Linear projection,
      Options options) {
    this.in = in;
    this.neighbors = new MessagePassing(new SenderFeatures(), options.aggregation(), Update.replace());
    this.fromNeighbors = fromNeighbors;
    this.fromSelf = fromSelf;
    this.projection = projection;
    this.options = options;
  }

  /// The mean of the neighbors.
  public static GraphSage create(int in, int out, Key key) {
    return create(in, in, out, Options.standard(), key);
  }

  /// A variant; senders of width `in`, receivers of width `inReceiver`.
  public static GraphSage create(int in, int inReceiver, int out, Options options, Key key) {
    int wide = options.aggregation().width(in);
    Linear fromNeighbors = options.bias()
        ? Linear.create(wide, out, key.fold(0))
        : Linear.withoutBias(wide, out, key.fold(0));
    return new GraphSage(in, fromNeighbors, options.root() ? Linear.withoutBias(inReceiver, out, key.fold(1)) : null,
        options.projected() ? Linear.create(in, in, key.fold(2)) : null, options);
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
    Tensor x = projection == null ? senders : projection.apply(senders).relu();
    return options.normalized()
        ? activation.apply(unitRows(transformed(adjacency, x, receivers, Activation.IDENTITY, mode)))
        : transformed(adjacency, x, receivers, activation, mode);
  }

  /// The rest of the way from W_1 x_j `[senders, out]` and W_2 x_i `[receivers, out]`, for callers that have them from
  /// elsewhere: where x is sparse, W x is a [NeighborSum] over what is not zero.
  ///
  /// @param fromSenders W_1 x_j, see [#fromNeighbors()]
  /// @param fromReceivers W_2 x_i, see [#fromSelf()]; not read by a layer without W_2
  /// @return what [#apply] gives for x
  /// @throws IllegalStateException where the aggregation is not linear, or neighbors have a linear map of their own
  public Tensor applyTransformed(Adjacency adjacency, Tensor fromSenders, Tensor fromReceivers, Mode mode) {
    if (!isLinear() || projection != null) {
      throw new IllegalStateException("GraphSage: " + options + " needs x, not W x alone");
    }
    MessagePassing.requireRows(adjacency, fromSenders, fromReceivers, null);
    Tensor h = aggregatedAfter(adjacency, fromSenders, fromReceivers, mode);
    h = fromSelf == null ? h : h.add(fromReceivers);
    return options.normalized() ? unitRows(h) : h;
  }

  /// W_1 and b.
  public Linear fromNeighbors() {
    return fromNeighbors;
  }

  /// W_2; null in a layer without it.
  public @Nullable Linear fromSelf() {
    return fromSelf;
  }

  private boolean isLinear() {
    return options.aggregation() instanceof Aggregation.Mean
        || options.aggregation().equals(new Aggregation.Reduced(Reduction.SUM));
  }

  /// W_1 (+)_j x_j + b + W_2 x_i; where (+) is linear and W_1 narrows, W_1 goes first.
  private Tensor transformed(Adjacency adjacency, Tensor x, Tensor receivers, Activation activation, Mode mode) {
    if (isLinear() && fromNeighbors.out() < fromNeighbors.in()) {
      Tensor said = x.affine(fromNeighbors.weight().value(), null);
      if (fromSelf != null && said.rank() == 2 && receivers.rank() == 2 && !Observed.wantsEveryPart()
          && Complete.in(adjacency).isEmpty()) {
        return activation.apply(sumWith(adjacency.sparse(), said, receivers, fromSelf));
      }
      Tensor h = aggregatedAfter(adjacency, said, receivers, mode);
      return activation.apply(fromSelf == null ? h : h.add(fromSelf.apply(receivers)));
    }
    Tensor received = neighbors.apply(adjacency, x, receivers, null, mode);
    return fromSelf == null
        ? fromNeighbors.apply(received, activation)
        : fromNeighbors.applyAndAdd(received, fromSelf, receivers, activation);
  }

  /// W_1 (+)_j x_j + (W_2 x_i + b), added up where the neighbors are.
  private Tensor sumWith(Sparse edges, Tensor said, Tensor receivers, Linear self) {
    Parameter bias = fromNeighbors.bias();
    Tensor own = receivers.affine(self.weight().value(), bias == null ? null : bias.value());
    return Tensor.of(options.aggregation() instanceof Aggregation.Mean
        ? new NeighborMean(edges, said, own)
        : new NeighborSum(edges, said, null, 1, own));
  }

  private Tensor aggregatedAfter(Adjacency adjacency, Tensor transformed, Tensor receivers, Mode mode) {
    Tensor sum = neighbors.apply(adjacency, transformed, receivers, null, mode);
    return fromNeighbors.bias() == null ? sum : sum.add(fromNeighbors.bias().value());
  }

  /// x / max(|x|, 1e-12), row by row, without a gradient through a zero length.
  private static Tensor unitRows(Tensor x) {
    Tensor length = x.square().sum(1).clamp(1e-24, Double.POSITIVE_INFINITY).sqrt();
    return x.divide(length.unsqueeze(1));
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(fromNeighbors.out());
  }

  @Override
  public void describe(Parts parts) {
    if (projection != null) {
      parts.module("lin", projection);
    }
    parts.module("aggr_module", options.aggregation());
    parts.module("lin_l", fromNeighbors);
    if (fromSelf != null) {
      parts.module("lin_r", fromSelf);
    }
  }
}
