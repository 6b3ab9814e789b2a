package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.messagepassing.ActivatedGraphLayer;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.Layer;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Graph isomorphism network: h_i = f((1 + epsilon) x_i + (+)_j x_j), (+) the sum unless another is chosen. Xu et al.
/// 2019, eq. 4.1.
///
/// Shape: `[nodes, in]` to `[nodes, out]`, as f has them. Edge features are not read.
public final class Gin implements ActivatedGraphLayer {
  private final Layer network;
  private final Parameter epsilon;
  private final Aggregation aggregation;

  private Gin(Layer network, Parameter epsilon, Aggregation aggregation) {
    this.network = network;
    this.epsilon = epsilon;
    this.aggregation = aggregation;
  }

  /// With a fixed epsilon.
  public static Gin create(Layer network, double epsilon) {
    return new Gin(network, Parameter.statistic(Tensor.full(Shape.of(1), epsilon)), Aggregation.sum());
  }

  /// With an epsilon that is learned.
  public static Gin withLearnedEpsilon(Layer network, double epsilon) {
    return new Gin(network, Parameter.of(Tensor.full(Shape.of(1), epsilon)), Aggregation.sum());
  }

  /// The same parameters with another aggregation, which must keep the width.
  public Gin withAggregation(Aggregation other) {
    return new Gin(network, epsilon, other);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return apply(adjacency, senders, receivers, edges, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges,
      Activation activation, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, activation, mode), senders, receivers,
        edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, Activation activation, Mode mode) {
    MessagePassing.requireRows(adjacency, senders, receivers, null);
    boolean unscaled = !epsilon.isTrainable() && epsilon.value().item() == 0;
    Tensor own = unscaled ? receivers : receivers.multiply(epsilon.value().add(1));
    if (aggregation.equals(Aggregation.sum()) && senders.rank() == 2) {
      Tensor sum = Tensor.of(new NeighborSum(adjacency.sparse(), senders, null, 1, own));
      return mapped(sum, activation, mode);
    }
    MessagePassing passing = new MessagePassing(new SenderFeatures(), aggregation, Update.replace());
    Tensor received = passing.apply(adjacency, senders, receivers, null, mode);
    return mapped(own.add(received), activation, mode);
  }

  private Tensor mapped(Tensor x, Activation activation, Mode mode) {
    return network instanceof Mlp mlp ? mlp.apply(x, activation, mode) : activation.apply(network.apply(x, mode));
  }

  @Override
  public OptionalInt inputWidth() {
    return network.inputWidth();
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return network.outputWidth(input);
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("eps", epsilon).module("aggr_module", aggregation).module("nn", network);
  }
}
