package org.orrery.layers;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// Edge convolution: h_i = max_j f(`[x_i ; x_j - x_i]`), the maximum column by column unless another aggregation is
/// chosen. Wang et al. 2019, eq. 7 and 8.
///
/// Shape: `[nodes, in]` to `[nodes, out]` for f from `2 in` to `out`. Edge features are not read.
public final class EdgeConv implements GraphLayer {
  private final Layer network;
  private final Aggregation aggregation;
  private final MessagePassing passing;

  private EdgeConv(Layer network, Aggregation aggregation) {
    this.network = network;
    this.aggregation = aggregation;
    this.passing = new MessagePassing(
        new EdgeMlp(network, List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.DIFFERENCE)), aggregation, Update.replace());
  }

  /// With the maximum.
  public static EdgeConv create(Layer network) {
    return create(network, Aggregation.max());
  }

  /// With another aggregation.
  public static EdgeConv create(Layer network, Aggregation aggregation) {
    return new EdgeConv(network, aggregation);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return Observed.call(this, () -> passing.apply(adjacency, senders, receivers, null, mode), senders, receivers,
        edges);
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
    parts.module("nn", network).module("aggr_module", aggregation);
  }
}
