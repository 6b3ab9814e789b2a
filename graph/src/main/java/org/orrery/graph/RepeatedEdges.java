package org.orrery.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Edges with the same sender, receiver and type: found by stable counting sorts, so that ties keep the edge order.
final class RepeatedEdges {
  private RepeatedEdges() {
  }

  /// One edge for each sender, receiver and type, where the first of them stood.
  static EdgeMap coalesce(Sparse old) {
    return merge(old, Indices.range(0, old.edges()), old);
  }

  /// Every edge in both directions, then coalesced. A self loop is its own reverse.
  static EdgeMap undirected(Sparse old) {
    old.requireOneNodeSet("undirected");
    int edges = old.edges();
    int[] from = Arrays.copyOf(old.senderOf().raw(), EdgeMemory.count("undirected", "edges", 2.0 * edges));
    int[] to = Arrays.copyOf(old.receiverOf().raw(), 2 * edges);
    int[] origin = Arrays.copyOf(Indices.range(0, edges).raw(), 2 * edges);
    int count = edges;
    for (int e = 0; e < edges; e++) {
      if (from[e] != to[e]) {
        from[count] = to[e];
        to[count] = from[e];
        origin[count++] = e;
      }
    }
    Indices source = Indices.wrap(Arrays.copyOf(origin, count));
    Indices types = old.types();
    Sparse both = Sparse.of(old.senders(), old.receivers(), Indices.wrap(Arrays.copyOf(from, count)),
        Indices.wrap(Arrays.copyOf(to, count)), types == null ? null : types.at(source));
    return merge(both, source, old);
  }

  /// As many edges t -> s as s -> t, of each type.
  static boolean areSymmetric(Sparse edges) {
    if (edges.senders() != edges.receivers()) {
      return false;
    }
    int[] forward = sorted(edges.senderOf(), edges.receiverOf(), edges.types(), edges.senders());
    int[] backward = sorted(edges.receiverOf(), edges.senderOf(), edges.types(), edges.senders());
    for (int p = 0; p < forward.length; p++) {
      int e = forward[p];
      int r = backward[p];
      if (edges.senderOf().at(e) != edges.receiverOf().at(r) || edges.receiverOf().at(e) != edges.senderOf().at(r)
          || typeOf(edges, e) != typeOf(edges, r)) {
        return false;
      }
    }
    return true;
  }

  /// Merges the repeated of `edges`, of which each came from the edge `source_e` of `old`.
  private static EdgeMap merge(Sparse edges, Indices source, Sparse old) {
    int[] order = sorted(edges.senderOf(), edges.receiverOf(), edges.types(),
        Math.max(edges.senders(), edges.receivers()));
    int[] firstOf = new int[order.length];
    for (int p = 0; p < order.length; p++) {
      boolean repeats = p > 0 && same(edges, order[p - 1], order[p]);
      firstOf[order[p]] = repeats ? firstOf[order[p - 1]] : order[p];
    }
    int[] into = new int[order.length];
    int[] kept = new int[order.length];
    int count = 0;
    for (int e = 0; e < into.length; e++) {
      if (firstOf[e] == e) {
        kept[count] = e;
        into[e] = count++;
      } else {
        into[e] = into[firstOf[e]];
      }
    }
    Indices stay = Indices.wrap(Arrays.copyOf(kept, count));
    return EdgeMap.merged(edges.select(stay), old.edges(), source, Indices.wrap(into));
  }

  private static boolean same(Sparse edges, int a, int b) {
    return edges.senderOf().at(a) == edges.senderOf().at(b) && edges.receiverOf().at(a) == edges.receiverOf().at(b)
        && typeOf(edges, a) == typeOf(edges, b);
  }

  private static int typeOf(Sparse edges, int e) {
    Indices types = edges.types();
    return types == null ? 0 : types.at(e);
  }

  /// The edge positions ordered by `first`, then `second`, then type, then position.
  private static int[] sorted(Indices first, Indices second, @Nullable Indices types, int nodes) {
    int[] order = Indices.range(0, first.size()).toArray();
    if (types != null) {
      Indices ranks = ranks(types);
      order = stably(order, ranks, ranks.size());
    }
    return stably(stably(order, second, nodes), first, nodes);
  }

  /// Numbers below their count in the same order as the types, equal where those are.
  private static Indices ranks(Indices types) {
    int[] raw = types.raw();
    if (Arrays.stream(raw).allMatch(type -> type < raw.length)) {
      return types;
    }
    int[] different = Arrays.stream(raw).sorted().distinct().toArray();
    return Indices.wrap(Arrays.stream(raw).map(type -> Arrays.binarySearch(different, type)).toArray());
  }

  private static int[] stably(int[] order, Indices key, int bound) {
    int[] next = new int[bound + 1];
    for (int e : order) {
      next[key.at(e) + 1]++;
    }
    for (int k = 0; k < bound; k++) {
      next[k + 1] += next[k];
    }
    int[] sorted = new int[order.length];
    for (int e : order) {
      sorted[next[key.at(e)]++] = e;
    }
    return sorted;
  }
}
