package org.orrery.graph.space;

/// The neighbors of each receiver of one set, found and waiting to be written as edges.
interface Search {
  /// How many neighbors each receiver has.
  int[] counts();

  /// Writes the senders of the edges of each receiver, from edge `rowStart[receiver]` on.
  ///
  /// @param shifts of the edges, `[edges, dimensions]`; of no length where each edge means the nearest image
  void fill(int[] rowStart, int[] senders, int[] shifts);
}
