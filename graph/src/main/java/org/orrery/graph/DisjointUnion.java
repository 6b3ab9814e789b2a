package org.orrery.graph;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Several graphs side by side, without edges between them: a batch. Nodes and edges of each part follow those of the
/// part before. Its edge list is made when it is first asked for: kernels that run part by part never ask.
public final class DisjointUnion implements Adjacency {
  private final List<Adjacency> parts;
  private final int senders;
  private final int receivers;
  private final int edges;
  private final @Nullable DisjointUnion reverse;
  private volatile @Nullable Sparse sparse;

  private DisjointUnion(List<Adjacency> parts, @Nullable DisjointUnion reverse) {
    double sending = 0;
    double receiving = 0;
    double running = 0;
    for (Adjacency part : parts) {
      sending += part.senders();
      receiving += part.receivers();
      running += part.edges();
    }
    this.parts = parts;
    this.senders = EdgeMemory.count("union", "senders", sending);
    this.receivers = EdgeMemory.count("union", "receivers", receiving);
    this.edges = EdgeMemory.count("union", "edges", running);
    this.reverse = reverse;
  }

  /// The union of the parts; a part that is itself a union counts as its parts.
  ///
  /// @throws IllegalArgumentException where some edge lists have types and others have none
  public static DisjointUnion of(List<? extends Adjacency> parts) {
    List<Adjacency> flat = parts.stream()
        .flatMap(part -> part instanceof DisjointUnion union ? union.parts.stream() : Stream.of(part)).toList();
    List<Sparse> lists = flat.stream().filter(Sparse.class::isInstance).map(Sparse.class::cast).toList();
    requireTypesAlike(lists);
    return new DisjointUnion(flat, null);
  }

  /// The graphs that it joins.
  public List<Adjacency> parts() {
    return parts;
  }

  @Override
  public int senders() {
    return senders;
  }

  @Override
  public int receivers() {
    return receivers;
  }

  @Override
  public int edges() {
    return edges;
  }

  @Override
  public Sparse sparse() {
    Sparse known = sparse;
    if (known == null) {
      known = reverse == null ? join() : reverse.sparse().reversed();
      sparse = known;
    }
    return known;
  }

  @Override
  public DisjointUnion reversed() {
    return reverse != null ? reverse : new DisjointUnion(parts.stream().map(Adjacency::reversed).toList(), this);
  }

  private Sparse join() {
    List<Sparse> lists = parts.stream().map(Adjacency::sparse).toList();
    boolean typed = requireTypesAlike(lists);
    int[] from = new int[edges];
    int[] to = new int[edges];
    int[] types = new int[typed ? edges : 0];
    int sendersBefore = 0;
    int receiversBefore = 0;
    int e = 0;
    for (Sparse list : lists) {
      Indices partTypes = list.types();
      for (int i = 0; i < list.edges(); i++, e++) {
        from[e] = sendersBefore + list.senderOf().at(i);
        to[e] = receiversBefore + list.receiverOf().at(i);
        if (partTypes != null) {
          types[e] = partTypes.at(i);
        }
      }
      sendersBefore += list.senders();
      receiversBefore += list.receivers();
    }
    return Sparse.of(senders, receivers, Indices.wrap(from), Indices.wrap(to), typed ? Indices.wrap(types) : null);
  }

  private static boolean requireTypesAlike(List<Sparse> lists) {
    long typed = lists.stream().filter(list -> list.types() != null).count();
    if (typed != 0 && typed != lists.size()) {
      throw new IllegalArgumentException(
          "union: " + typed + " of " + lists.size() + " graphs have edge types; all or none must");
    }
    return typed != 0;
  }

  @Override
  public String toString() {
    return "DisjointUnion[" + parts.size() + " graphs, "
        + (senders == receivers ? senders + " nodes, " : senders + " senders, " + receivers + " receivers, ") + edges
        + " edges]";
  }
}
