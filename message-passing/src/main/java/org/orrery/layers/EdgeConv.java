package org.orrery.layers;

import java.util.List;
import java.util.OptionalInt;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// Edge convolution: h_i = max_j f(`[x_i ; x_j - x_i]`), the maximum column by column unless another aggregation is
/// chosen. Wang et al. 2019, eq. 7 and 8.
///
/// Shape: `[nodes, in]` to `[nodes, out]` for f from `2 in` to `out`. Edge features are not read.
///
/// @param network f
/// @param aggregation (+)
public record EdgeConv(Layer network, Aggregation aggregation) implements GraphLayer {
  private static final List<EdgeMlp.Term> TERMS = List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.DIFFERENCE);

  /// With the maximum.
  public static EdgeConv create(Layer network) {
    return new EdgeConv(network, Aggregation.max());
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    return in.received(new EdgeMlp(network, TERMS), aggregation, mode);
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.NONE;
  }

  @Override
  public OptionalInt inputWidth() {
    OptionalInt pair = network.inputWidth();
    return pair.isPresent() ? OptionalInt.of(pair.getAsInt() / 2) : pair;
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    OptionalInt pair = input.isPresent() ? OptionalInt.of(2 * input.getAsInt()) : input;
    OptionalInt message = network.outputWidth(pair);
    return message.isPresent() ? OptionalInt.of(aggregation.width(message.getAsInt())) : message;
  }

  @Override
  public void describe(Parts parts) {
    parts.block("nn", network).block("aggr_module", aggregation);
  }
}
