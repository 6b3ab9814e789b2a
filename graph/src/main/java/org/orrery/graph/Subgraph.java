package org.orrery.graph;

import java.util.Arrays;
import org.orrery.tensor.Indices;

/// Some nodes of a graph and all edges between them, renumbered: node i of it is node `nodes_i` of the whole.
///
/// @param nodes the node of the whole graph for each row
/// @param edgeMap its edges, in the order of the whole graph, and where each came from
public record Subgraph(Indices nodes, EdgeMap edgeMap) {
  /// Its edges.
  public Sparse edges() {
    return edgeMap.edges();
  }

  static Subgraph induced(Sparse whole, Indices nodes) {
    int count = whole.requireOneNodeSet("subgraph");
    nodes.requireBelow(count, "subgraph");
    int[] row = new int[count];
    Arrays.fill(row, -1);
    for (int i = 0; i < nodes.size(); i++) {
      if (row[nodes.at(i)] >= 0) {
        throw new IllegalArgumentException("subgraph: node " + nodes.at(i) + " is named twice, at " + row[nodes.at(i)]
            + " and " + i);
      }
      row[nodes.at(i)] = i;
    }
    int[] origin = new int[whole.edges()];
    int[] from = new int[whole.edges()];
    int[] to = new int[whole.edges()];
    int kept = 0;
    for (int e = 0; e < whole.edges(); e++) {
      int sender = row[whole.senderOf().at(e)];
      int receiver = row[whole.receiverOf().at(e)];
      if (sender >= 0 && receiver >= 0) {
        from[kept] = sender;
        to[kept] = receiver;
        origin[kept++] = e;
      }
    }
    Indices came = Indices.wrap(Arrays.copyOf(origin, kept));
    Indices types = whole.types();
    Sparse edges = Sparse.of(nodes.size(), nodes.size(), Indices.wrap(Arrays.copyOf(from, kept)),
        Indices.wrap(Arrays.copyOf(to, kept)), types == null ? null : types.at(came));
    return new Subgraph(nodes, EdgeMap.of(edges, whole.edges(), came));
  }

  /// The seeds, then the nodes found from them against the edges, nearest first.
  static Indices reaching(Sparse whole, Indices seeds, int hops) {
    int count = whole.requireOneNodeSet("neighborhood");
    if (hops < 0) {
      throw new IllegalArgumentException("neighborhood of " + hops + " hops; 0 or more are required");
    }
    seeds.requireBelow(count, "neighborhood");
    Indices offsets = whole.byReceiver().offsets();
    Indices columns = whole.columns();
    boolean[] seen = new boolean[count];
    int[] found = Arrays.copyOf(seeds.raw(), Math.max(count, seeds.size()));
    for (int i = 0; i < seeds.size(); i++) {
      if (seen[seeds.at(i)]) {
        throw new IllegalArgumentException("neighborhood: node " + seeds.at(i) + " is a seed twice");
      }
      seen[seeds.at(i)] = true;
    }
    int from = 0;
    int end = seeds.size();
    for (int hop = 0; hop < hops && from < end; hop++) {
      int level = end;
      for (; from < level; from++) {
        for (int slot = offsets.at(found[from]); slot < offsets.at(found[from] + 1); slot++) {
          int sender = columns.at(slot);
          if (!seen[sender]) {
            seen[sender] = true;
            found[end++] = sender;
          }
        }
      }
    }
    return Indices.wrap(Arrays.copyOf(found, end));
  }
}
