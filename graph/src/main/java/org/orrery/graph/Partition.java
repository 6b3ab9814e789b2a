package org.orrery.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;

/// Which nodes and edges belong to which graph of a batch.
final class Partition {
  private final Adjacency adjacency;
  private final Indices offsets;
  private final Segments nodes;
  private volatile @Nullable Segments edges;

  private Partition(Adjacency adjacency, Indices offsets) {
    this.adjacency = adjacency;
    this.offsets = offsets;
    this.nodes = Segments.ofOffsets(offsets);
  }

  static Partition of(Adjacency adjacency, Indices offsets) {
    int last = offsets.size() - 1;
    if (last < 0 || offsets.at(0) != 0 || offsets.at(last) != adjacency.receivers()) {
      throw new IllegalArgumentException("graph: node offsets " + offsets + " for " + adjacency.receivers()
          + " nodes; they run from 0 to " + adjacency.receivers());
    }
    for (int g = 0; g < last; g++) {
      if (offsets.at(g + 1) < offsets.at(g)) {
        throw new IllegalArgumentException("graph: node offset " + (g + 1) + " is " + offsets.at(g + 1)
            + ", below the one before it, " + offsets.at(g));
      }
    }
    Partition partition = new Partition(adjacency, offsets);
    if (last != 1 && !partition.isByPart()) {
      partition.requireNoCrossing();
    }
    return partition;
  }

  Indices offsets() {
    return offsets;
  }

  int graphs() {
    return nodes.count();
  }

  Segments nodes() {
    return nodes;
  }

  Segments edges() {
    Segments known = edges;
    if (known == null) {
      known = Segments.of(graphOfEachEdge(), graphs());
      edges = known;
    }
    return known;
  }

  /// The edges of one graph, ascending.
  Indices edgesOf(int graph) {
    return members(edges(), graph);
  }

  /// The rows of one segment, ascending.
  static Indices members(Segments segments, int segment) {
    Indices range = Indices.range(segments.offsets().at(segment), segments.offsets().at(segment + 1));
    Indices order = segments.order();
    return order == null ? range : order.at(range);
  }

  /// Whether graph g is part g of a union.
  boolean isByPart() {
    if (!(adjacency instanceof DisjointUnion union) || union.parts().size() != graphs()) {
      return false;
    }
    for (int g = 0; g < graphs(); g++) {
      if (union.parts().get(g).receivers() != nodes.size(g)) {
        return false;
      }
    }
    return true;
  }

  private Indices graphOfEachEdge() {
    if (graphs() == 1) {
      return Indices.wrap(new int[adjacency.edges()]);
    }
    if (adjacency instanceof DisjointUnion union && isByPart()) {
      int[] graph = new int[adjacency.edges()];
      int from = 0;
      for (int g = 0; g < graphs(); g++) {
        int to = from + union.parts().get(g).edges();
        Arrays.fill(graph, from, to, g);
        from = to;
      }
      return Indices.wrap(graph);
    }
    return nodes.index().at(adjacency.sparse().receiverOf());
  }

  private void requireNoCrossing() {
    Sparse list = adjacency.sparse();
    for (int e = 0; e < list.edges(); e++) {
      int from = nodes.index().at(list.senderOf().at(e));
      int to = nodes.index().at(list.receiverOf().at(e));
      if (from != to) {
        throw new IllegalArgumentException("edge " + e + " runs " + list.senderOf().at(e) + " -> "
            + list.receiverOf().at(e) + ", from graph " + from + " to graph " + to + " of the batch");
      }
    }
  }
}
