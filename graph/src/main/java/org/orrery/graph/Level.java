package org.orrery.graph;

/// What a row belongs to: a node, an edge or a whole graph.
public enum Level {
  /// one row a node
  NODE,
  /// one row an edge, in the caller's edge order
  EDGE,
  /// one row a graph of the batch
  GRAPH
}
