package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Graph;
import org.orrery.nn.Mode;
import org.orrery.nn.Module;
import org.orrery.tensor.Tensor;

/// A layer that gives nodes new features from their neighbours'.
public interface GraphLayer extends Module {
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

  /// New features of the nodes of a graph whose edges have none.
  default Tensor apply(Adjacency adjacency, Tensor nodes, Mode mode) {
    return apply(adjacency, nodes, nodes, null, mode);
  }
}
