package org.orrery.graph;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// Puts a [Graph] together; made by [Graph#builder(Adjacency)].
public final class GraphBuilder {
  private final Adjacency adjacency;
  private @Nullable Tensor nodes;
  private @Nullable Tensor edges;
  private @Nullable Tensor globals;
  private @Nullable Indices offsets;
  private @Nullable Tensor positions;
  private @Nullable Space space;
  private @Nullable Indices shifts;
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

  /// Where the nodes are, `[nodes, dimensions]` of 1 to 3 dimensions, in one unit of length with the space.
  public GraphBuilder positions(Tensor coordinates) {
    positions = coordinates;
    return this;
  }

  /// The space that the positions are in; without this it is open.
  public GraphBuilder space(Space around) {
    space = around;
    return this;
  }

  /// The image shift of each edge, `[edges, dimensions]` integers, row-major: the edge comes from the image of its sender
  /// at x_s + n . lattice. Without this it comes from the image that is nearest to the receiver.
  public GraphBuilder shifts(Indices imageShifts) {
    shifts = imageShifts;
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
  ///         runs between two graphs of a batch, positions and space or image shifts do not fit, or a feature, target or
  ///         position is NaN or infinite: a value that is not known is left out by a mask
  /// @throws IndexOutOfBoundsException where a mask names a row that is not there
  public Graph build() {
    if (adjacency.senders() != adjacency.receivers()) {
      throw new IllegalArgumentException("graph: " + adjacency.senders() + " senders and " + adjacency.receivers()
          + " receivers; a graph has one set of nodes, use the adjacency itself between two");
    }
    int count = adjacency.receivers();
    Partition partition = Partition.of(adjacency, offsets == null ? Indices.of(0, count) : offsets);
    Graph graph = new Graph(adjacency, nodes == null ? Tensor.zeros(count, 0) : nodes, edges, globals, partition,
        attached, geometry(partition.graphs()));
    requireFinite("node", graph.nodes());
    requireFinite("edge", edges);
    requireFinite("graph", globals);
    attached.targets().forEach((name, target) -> requireFinite(
        "target '" + name + "': " + Attachments.singular(target.level()), target.value()));
    return graph;
  }

  private @Nullable Geometry geometry(int graphs) {
    Tensor x = positions;
    if (x == null) {
      if (space != null || shifts != null) {
        throw new IllegalArgumentException(
            "graph: a space or image shifts without positions; [nodes, dimensions] is required");
      }
      return null;
    }
    int count = adjacency.receivers();
    if (x.rank() != 2 || x.rows() != count || x.columns() < 1 || x.columns() > 3
        || (space != null && x.columns() != space.dimensions())) {
      throw new IllegalArgumentException("graph: positions " + x.shape() + " of " + count + " nodes in "
          + (space == null ? "open space" : space) + "; [" + count + ", "
          + (space == null ? "1 to 3 dimensions" : space.dimensions()) + "] is required");
    }
    requireFinite("position", x);
    Space around = space == null ? Space.open(x.columns()) : space;
    return new Geometry(x, shifts == null
        ? Images.nearest(around, graphs, adjacency, x)
        : Images.of(around, graphs, adjacency.edges(), shifts));
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
