package org.orrery.layers;

import java.util.OptionalInt;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Activation;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.nn.Rows;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Graph isomorphism network: h_i = f((1 + epsilon) x_i + (+)_j x_j), (+) the sum unless another is chosen. Xu et al.
/// 2019, eq. 4.1.
///
/// Shape: `[nodes, in]` to `[nodes, out]`, as f has them. Edge features are not read.
///
/// @param network f
/// @param epsilon `[1]`, fixed or learned
/// @param aggregation (+), which must keep the width
public record Gin(Layer network, Parameter epsilon, Aggregation aggregation) implements GraphLayer {
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
  public Tensor update(Inputs in, Mode mode) {
    return update(in, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor update(Inputs in, Activation after, Mode mode) {
    boolean plain = !epsilon.isTrainable() && epsilon.number() == 0;
    Tensor own = plain ? in.receivers() : in.receivers().multiply(epsilon.value().add(1));
    return network.apply(Rows.of(in.receivedOnto(own, aggregation)), after, mode);
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.NONE;
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
  }
}
