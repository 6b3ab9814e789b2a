package org.orrery.messagepassing;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Graph;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// A layer that gives nodes new features from their neighbors'.
public interface GraphLayer extends Block {
  /// New features of the receivers.
  ///
  /// @param adjacency who sends to whom
  /// @param senders `[senders, width]`
  /// @param receivers `[receivers, width]`; the same tensor as the senders where they are the same nodes
  /// @param edges `[edges, width]` in the caller's edge order; null where edges have no features
  /// @return `[receivers, out]`
  Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode);

  /// New features of the nodes of a graph.
  default Tensor apply(Adjacency adjacency, Tensor nodes, @Nullable Tensor edges, Mode mode) {
    return apply(adjacency, nodes, nodes, edges, mode);
  }

  /// The graph with new node features; its edge features are read, and kept.
  default Graph apply(Graph graph, Mode mode) {
    return graph.withNodes(apply(graph.adjacency(), graph.nodes(), graph.edges(), mode));
  }

  /// How wide the senders' features must be; empty where the layer takes any width, or does not know.
  default OptionalInt inputWidth() {
    return OptionalInt.empty();
  }

  /// How wide the result is for senders of this width; empty where the layer does not know.
  default OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.empty();
  }

  /// New features of the nodes of a graph whose edges have none.
  default Tensor apply(Adjacency adjacency, Tensor nodes, Mode mode) {
    return apply(adjacency, nodes, nodes, null, mode);
  }
}
