package org.orrery.graph;

import java.util.List;
import org.orrery.tensor.Indices;

/// Several graphs side by side, without edges between them: a batch. Nodes and edges of each part follow those of the
/// part before.
public final class DisjointUnion implements Adjacency {
  private final List<Adjacency> parts;
  private final Sparse sparse;

  private DisjointUnion(List<Adjacency> parts, Sparse sparse) {
    this.parts = parts;
    this.sparse = sparse;
  }

  /// The union of the parts.
  ///
  /// @throws IllegalArgumentException where some parts have edge types and others have none
  public static DisjointUnion of(List<? extends Adjacency> parts) {
    int edges = 0;
    int typed = 0;
    for (Adjacency part : parts) {
      edges = Math.addExact(edges, part.edges());
      typed += part.sparse().types() == null ? 0 : 1;
    }
    if (typed != 0 && typed != parts.size()) {
      throw new IllegalArgumentException(
          "union: " + typed + " of " + parts.size() + " graphs have edge types; all or none must");
    }
    int[] from = new int[edges];
    int[] to = new int[edges];
    int[] types = new int[edges];
    int senders = 0;
    int receivers = 0;
    int e = 0;
    for (Adjacency part : parts) {
      Sparse list = part.sparse();
      Indices partTypes = list.types();
      for (int i = 0; i < list.edges(); i++, e++) {
        from[e] = senders + list.senderOf().at(i);
        to[e] = receivers + list.receiverOf().at(i);
        types[e] = partTypes == null ? 0 : partTypes.at(i);
      }
      senders = Math.addExact(senders, part.senders());
      receivers = Math.addExact(receivers, part.receivers());
    }
    return new DisjointUnion(List.copyOf(parts), Sparse.of(senders, receivers, Indices.wrap(from), Indices.wrap(to),
        typed == 0 ? null : Indices.wrap(types)));
  }

  /// The graphs that it joins.
  public List<Adjacency> parts() {
    return parts;
  }

  @Override
  public int senders() {
    return sparse.senders();
  }

  @Override
  public int receivers() {
    return sparse.receivers();
  }

  @Override
  public int edges() {
    return sparse.edges();
  }

  @Override
  public Sparse sparse() {
    return sparse;
  }

  @Override
  public DisjointUnion reversed() {
    return new DisjointUnion(parts.stream().map(Adjacency::reversed).toList(), sparse.reversed());
  }

  @Override
  public String toString() {
    return "DisjointUnion[" + parts.size() + " graphs, " + sparse + "]";
  }
}
