package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Loops over the slots offsets[r] up to offsets[r + 1] of the rows r, in slot order. Slot s stands for row
/// `columns[s]` of x (s itself without columns) and for edge `edges[s]` (s itself without edges).
interface SegmentLoops {
  /// y[r, :] = sum over the slots of weights[edge(s), head] x[column(s), :]; without weights they are 1.
  void sum(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int fromRow, int toRow);

  /// y[r, :] = product, maximum or minimum of x[column(s), :] over the slots; `empty` where there are none.
  void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int fromRow, int toRow);

  /// y[edge(s), h] = sum over k of a[r, h c + k] b[column(s), h c + k], c = width / heads.
  void dots(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow);
}
