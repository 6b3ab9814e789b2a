package org.orrery.layers;

import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.Message;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Graph isomorphism network with edge features: h_i = f((1 + epsilon) x_i + (+)_j max(x_j + W e_ij + b, 0)), (+) the
/// sum unless another is chosen. Hu et al. 2020, eq. 1.
///
/// Shape: `[nodes, in]`, `[edges, edgeWidth]` to `[nodes, out]`, as f has them. Without W, edges are as wide as nodes.
public final class Gine implements GraphLayer {
  private static final Message RECTIFIED = Message
      .of((receiver, sender, edge) -> sender.add(Objects.requireNonNull(edge)).relu());

  private final Layer network;
  private final Parameter epsilon;
  private final @Nullable Linear edgeTransform;
  private final Aggregation aggregation;

  private Gine(Layer network, Parameter epsilon, @Nullable Linear edgeTransform, Aggregation aggregation) {
    this.aggregation = aggregation;
    this.network = network;
    this.epsilon = epsilon;
    this.edgeTransform = edgeTransform;
  }

  /// With a fixed epsilon and edges as wide as nodes.
  public static Gine create(Layer network, double epsilon) {
    return new Gine(network, Parameter.statistic(Tensor.full(Shape.of(1), epsilon)), null, Aggregation.sum());
  }

  /// With an epsilon that is learned and edges as wide as nodes.
  public static Gine withLearnedEpsilon(Layer network, double epsilon) {
    return new Gine(network, Parameter.of(Tensor.full(Shape.of(1), epsilon)), null, Aggregation.sum());
  }

  /// The same with W and b from edges of another width.
  public Gine withEdges(int edgeWidth, int nodeWidth, Key key) {
    return new Gine(network, epsilon, Linear.create(edgeWidth, nodeWidth, key), aggregation);
  }

  /// The same parameters with another aggregation, which must keep the width.
  public Gine withAggregation(Aggregation other) {
    return new Gine(network, epsilon, edgeTransform, other);
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    Tensor edges = edgeTransform == null ? in.edges() : edgeTransform.apply(in.edges());
    Tensor received = in.withEdges(edges).received(RECTIFIED, aggregation, mode);
    return network.apply(in.receivers().multiply(epsilon.value().add(1)).add(received), mode);
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.REQUIRED;
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
    parts.parameter("eps", epsilon).block("aggr_module", aggregation).block("nn", network);
    parts.block("lin", edgeTransform);
  }
}
