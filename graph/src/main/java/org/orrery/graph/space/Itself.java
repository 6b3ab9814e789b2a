package org.orrery.graph.space;

/// Whether a point is a neighbor of itself.
public enum Itself {
  /// No edge i -> i.
  EXCLUDED,
  /// An edge i -> i at distance 0; among the k nearest it is one of the k.
  INCLUDED
}
