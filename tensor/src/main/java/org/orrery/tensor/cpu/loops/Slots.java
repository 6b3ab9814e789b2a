package org.orrery.tensor.cpu.loops;

import org.jspecify.annotations.Nullable;

/// A compressed sparse row structure as bare arrays. The arrays are shared, never written to.
///
/// @param origin where there are no edges, slot s stands for edge s - origin: the rows of an array that holds what
///   belongs to some of the slots alone
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
public record Slots(int[] offsets, int @Nullable [] columns, int @Nullable [] edges, int origin) {
  /// Slots from the first on.
  public Slots(int[] offsets, int @Nullable [] columns, int @Nullable [] edges) {
    this(offsets, columns, edges, 0);
  }

  /// The same slots, each with a row of its own in an array that starts with slot `first`.
  public Slots from(int first) {
    return new Slots(offsets, columns, null, first);
  }

  /// How many rows.
  public int rows() {
    return offsets.length - 1;
  }

  /// The column of a slot.
  public int column(int slot) {
    return columns == null ? slot : columns[slot];
  }

  /// The edge of a slot, counted from the origin where edges are none.
  public int edge(int slot) {
    return edges == null ? slot - origin : edges[slot];
  }
}
