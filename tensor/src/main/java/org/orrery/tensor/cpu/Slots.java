package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;

/// A compressed sparse row structure as bare arrays. The arrays are shared, never written to.
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
record Slots(int[] offsets, int @Nullable [] columns, int @Nullable [] edges) {
  int rows() {
    return offsets.length - 1;
  }

  int column(int slot) {
    return columns == null ? slot : columns[slot];
  }

  int edge(int slot) {
    return edges == null ? slot : edges[slot];
  }
}
