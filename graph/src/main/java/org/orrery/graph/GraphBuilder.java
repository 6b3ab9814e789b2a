package org.orrery.graph;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// Puts a [Graph] together; made by [Graph#builder(Adjacency)].
public final class GraphBuilder {
  private final Adjacency adjacency;
  private @Nullable Tensor nodes;
  private @Nullable Tensor edges;
  private @Nullable Tensor globals;
  private @Nullable Indices offsets;
  private Attachments attached = Attachments.NONE;

  GraphBuilder(Adjacency adjacency) {
    this.adjacency = adjacency;
  }

  /// Node features V, `[nodes, dv]`; without them `[nodes, 0]`.
  public GraphBuilder nodes(Tensor features) {
    nodes = features;
    return this;
  }

  /// Edge features E, `[edges, de]`, in edge order.
  public GraphBuilder edges(Tensor features) {
    edges = features;
    return this;
  }

  /// Features of the whole graphs U, `[graphs, du]`.
  public GraphBuilder globals(Tensor features) {
    globals = features;
    return this;
  }

  /// Where the nodes of each graph start, and the number of nodes at the end: graph g has the nodes `offsets[g]` up to
  /// `offsets[g + 1]`. Without this all nodes are one graph.
  public GraphBuilder offsets(Indices nodeOffsets) {
    offsets = nodeOffsets;
    return this;
  }

  /// What is to be learned, one row a node, edge or graph.
  public GraphBuilder target(String name, Level level, Tensor target) {
    attached = attached.withTarget(name, level, target);
    return this;
  }

  /// Classes or other whole numbers, one a node, edge or graph.
  public GraphBuilder labels(String name, Level level, Indices labels) {
    attached = attached.withLabels(name, level, labels);
    return this;
  }

  /// The positions of some nodes, edges or graphs, each at most once.
  public GraphBuilder mask(String name, Level level, Indices positions) {
    attached = attached.withMask(name, level, positions);
    return this;
  }

  /// The positions at which `chosen` is true, which says it for each node, edge or graph.
  ///
  /// @throws IllegalArgumentException where a number of answers does not fit; graphs are counted by [#build()]
  public GraphBuilder mask(String name, Level level, boolean[] chosen) {
    int rows = switch (level) {
      case NODE -> adjacency.receivers();
      case EDGE -> adjacency.edges();
      case GRAPH -> chosen.length;
    };
    if (chosen.length != rows) {
      throw new IllegalArgumentException("mask '" + name + "': " + chosen.length + " answers for " + rows + " "
          + Attachments.plural(level));
    }
    return mask(name, level, Indices.wrap(IntStream.range(0, rows).filter(i -> chosen[i]).toArray()));
  }

  /// The graph.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ, rows do not fit, offsets do not fit, an edge
  ///         runs between two graphs of a batch, or a feature or target is NaN or infinite: a value that is not known is
  ///         left out by a mask
  /// @throws IndexOutOfBoundsException where a mask names a row that is not there
  public Graph build() {
    if (adjacency.senders() != adjacency.receivers()) {
      throw new IllegalArgumentException("graph: " + adjacency.senders() + " senders and " + adjacency.receivers()
          + " receivers; a graph has one set of nodes, use the adjacency itself between two");
    }
    int count = adjacency.receivers();
    Partition partition = Partition.of(adjacency, offsets == null ? Indices.of(0, count) : offsets);
    Graph graph = new Graph(adjacency, nodes == null ? Tensor.zeros(count, 0) : nodes, edges, globals, partition,
        attached);
    requireFinite("node", graph.nodes());
    requireFinite("edge", edges);
    requireFinite("graph", globals);
    attached.targets().forEach((name, target) -> requireFinite(
        "target '" + name + "': " + Attachments.singular(target.level()), target.value()));
    return graph;
  }

  private static void requireFinite(String what, @Nullable Tensor features) {
    if (features == null || features.shape().elements() == 0) {
      return;
    }
    int at = features.backend().firstNonFinite(features.data());
    if (at >= 0) {
      int width = features.shape().extent(1, features.rank());
      throw new IllegalArgumentException(what + " " + at / width + " has " + features.toArray()[at] + " in column "
          + at % width + "; numbers must be finite");
    }
  }
}
