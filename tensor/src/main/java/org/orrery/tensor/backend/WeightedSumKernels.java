package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// A weighted sum over a compressed sparse row structure, and what its gradient by the weights is.
///
/// Row r has the slots `offsets[r]` up to `offsets[r + 1]`, slot s stands for column `columns[s]` and for edge `edges[s]` (or edge s
/// where `edges` is null). Columns and widths of several heads lie side by side: width = heads times channels.
public interface WeightedSumKernels {
  /// `y[r, h c + k]` is the sum over the slots s of row r of `weights[edge(s), h] x[columns[s], h c + k]`, in slot order; without
  /// weights they are 1. `heads` divides `width`. `start[r, :]` is added to it, where there is one.
  Storage weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Storage weights, int heads,
      Storage x, int width, @Nullable Storage start);

  /// `y[edge(s), h]` is the sum over k of `a[r, h c + k] b[columns[s], h c + k]` for every slot s of row r.
  Storage edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Storage a, Storage b, int heads,
      int width);
}
