package org.orrery.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Edges i -> i, added and removed.
final class SelfLoops {
  private static final int UNTYPED = -1;

  private SelfLoops() {
  }

  /// One more edge i -> i for every node; where `missing`, for those alone that have none.
  static EdgeMap add(Sparse old, boolean missing) {
    if (old.types() != null) {
      throw new IllegalArgumentException("self loops: edges have types; the type of the loops must be given");
    }
    return add(old, missing, UNTYPED);
  }

  static EdgeMap add(Sparse old, boolean missing, int type) {
    int nodes = old.requireOneNodeSet("self loops");
    if (old.types() == null && type != UNTYPED) {
      throw new IllegalArgumentException("self loops of type " + type + ": the edges have no types");
    }
    boolean[] has = missing ? present(old) : new boolean[nodes];
    int edges = old.edges();
    double added = edges;
    for (boolean loop : has) {
      added += loop ? 0 : 1;
    }
    int count = EdgeMemory.count("self loops", "edges", added);
    int[] senders = Arrays.copyOf(old.senderOf().raw(), count);
    int[] receivers = Arrays.copyOf(old.receiverOf().raw(), count);
    int[] origin = Arrays.copyOf(Indices.range(0, edges).raw(), count);
    Indices oldTypes = old.types();
    int @Nullable [] types = oldTypes == null ? null : Arrays.copyOf(oldTypes.raw(), count);
    int e = edges;
    for (int i = 0; i < nodes; i++) {
      if (!has[i]) {
        senders[e] = i;
        receivers[e] = i;
        origin[e] = -1;
        if (types != null) {
          types[e] = type;
        }
        e++;
      }
    }
    return EdgeMap.of(Sparse.of(nodes, nodes, Indices.wrap(senders), Indices.wrap(receivers),
        types == null ? null : Indices.wrap(types)), edges, Indices.wrap(origin));
  }

  static EdgeMap remove(Sparse old) {
    old.requireOneNodeSet("self loops");
    boolean[] keep = new boolean[old.edges()];
    for (int e = 0; e < keep.length; e++) {
      keep[e] = old.senderOf().at(e) != old.receiverOf().at(e);
    }
    return old.filtered(keep);
  }

  /// Which nodes have one.
  static boolean[] present(Sparse edges) {
    boolean[] has = new boolean[edges.requireOneNodeSet("self loops")];
    for (int e = 0; e < edges.edges(); e++) {
      has[edges.receiverOf().at(e)] |= edges.senderOf().at(e) == edges.receiverOf().at(e);
    }
    return has;
  }
}
