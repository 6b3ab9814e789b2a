package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
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
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, edges, mode), senders, receivers, edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    requireRows(adjacency, senders, receivers, edges);
    Tensor received = message.aggregated(adjacency, aggregation, senders, receivers, edges, mode);
    if (received == null) {
      Sparse sparse = adjacency.sparse();
      received = aggregation.apply(message.along(sparse, senders, receivers, edges, mode),
          sparse.byReceiver());
    }
    return update.apply(receivers, received, mode);
  }

  @Override
  public void describe(Parts parts) {
    parts.module("message", message).module("aggregation", aggregation).module("update", update);
  }

  /// Checks that features have a row for each node and edge.
  ///
  /// @throws IllegalArgumentException where they do not
  public static void requireRows(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges) {
    require(senders, adjacency.senders(), "senders");
    require(receivers, adjacency.receivers(), "receivers");
    if (edges != null) {
      require(edges, adjacency.edges(), "edges");
    }
  }

  private static void require(Tensor features, int count, String what) {
    if (features.rank() == 0 || features.rows() != count) {
      throw new IllegalArgumentException("message passing: features " + features.shape() + " for " + count + " " + what
          + "; one row each is required");
    }
  }
}
