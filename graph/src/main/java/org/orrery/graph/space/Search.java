package org.orrery.graph.space;

/// The neighbors of each point of one set, found and waiting to be written as edges.
interface Search {
  /// How many neighbors each point has.
  int[] counts();

  /// Writes the senders of the edges of each point, from edge `rowStart[point]` on.
  void fill(int[] rowStart, int[] senders);
}
