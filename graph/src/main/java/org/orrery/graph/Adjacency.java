package org.orrery.graph;

/// Who sends to whom. Its kind decides which kernel runs; its [#sparse()] form is its meaning, and every kernel agrees
/// with it.
///
/// Senders and receivers may be different sets (bipartite): strided convolution, pooling and sampling are adjacencies
/// too. Callers hold an `Adjacency`; only kernel selection switches on its kind.
public sealed interface Adjacency permits Complete, DisjointUnion, Forest, Grid, Sequences, Sparse {
  /// How many nodes may send.
  int senders();

  /// How many nodes may receive.
  int receivers();

  /// How many edges.
  int edges();

  /// The same edges as a list.
  Sparse sparse();

  /// Every edge turned round.
  Adjacency reversed();
}
