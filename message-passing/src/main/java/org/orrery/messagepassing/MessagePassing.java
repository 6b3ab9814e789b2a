package org.orrery.messagepassing;

import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// One round of message passing: `h_i = phi(x_i, (+)_{j in N(i)} psi(x_i, x_j, e_ij))`. Gilmer et al. 2017; the three
/// flavors (convolutional, attentional, general) differ only in psi.
///
/// ```java
/// var round = new MessagePassing(Message.of((xi, xj, e) -> xj.subtract(xi).relu()), Aggregation.max(),
///     Update.replace());
/// Tensor h = round.apply(adjacency, x, Mode.inference());
/// ```
///
/// @param message psi
/// @param aggregation (+), blind to the order of the neighbors
/// @param update phi
public record MessagePassing(Message message, Aggregation aggregation, Update update) implements GraphLayer {
  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update.apply(in.receivers(), in.received(message, aggregation, mode), mode);
  }

  @Override
  public EdgeUse edgeUse() {
    return message.edgeUse();
  }

  @Override
  public void describe(Parts parts) {
    parts.block("message", message).block("aggregation", aggregation).block("update", update);
  }
}
