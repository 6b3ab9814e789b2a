package org.orrery.messagepassing;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Graph isomorphism network: h_i = f((1 + epsilon) x_i + sum_j x_j). Xu et al. 2019, eq. 4.1.
///
/// Shape: `[nodes, in]` to `[nodes, out]`, as f has them. Edge features are not read.
public final class Gin implements GraphLayer {
  private static final MessagePassing SUM = new MessagePassing(new SenderState(), Aggregation.sum(), Update.replace());

  private final Layer network;
  private final Parameter epsilon;

  private Gin(Layer network, Parameter epsilon) {
    this.network = network;
    this.epsilon = epsilon;
  }

  /// With a fixed epsilon.
  public static Gin create(Layer network, double epsilon) {
    return new Gin(network, Parameter.statistic(Tensor.full(Shape.of(1), epsilon)));
  }

  /// With an epsilon that is learned.
  public static Gin withLearnedEpsilon(Layer network, double epsilon) {
    return new Gin(network, Parameter.of(Tensor.full(Shape.of(1), epsilon)));
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    Tensor sum = SUM.apply(adjacency, senders, receivers, null, mode.part(0));
    Tensor own = receivers.multiply(epsilon.value().add(1));
    return network.apply(own.add(sum), mode.part(1));
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
    parts.parameter("eps", epsilon).module("nn", network);
  }
}
