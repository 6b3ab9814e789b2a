package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Work over a compressed sparse row structure: row r has the slots `offsets[r]` up to `offsets[r + 1]`, slot s stands for
/// column `columns[s]` and for edge `edges[s]` (or edge s where `edges` is null). Columns and widths of several heads
/// lie side by side: width = heads times channels.
public interface SparseKernels {
  /// `y[r, h c + k]` is the sum over the slots s of row r of `weights[edge(s), h] x[columns[s], h c + k]`, in slot order; without
  /// weights they are 1. `heads` divides `width`. `start[r, :]` is added to it, where there is one.
  Storage weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Storage weights, int heads,
      Storage x, int width, @Nullable Storage start);

  /// `y[r, :]` is the mean of `x[columns[s], :]` over the slots s of row r, their sum in slot order over their number, which is at
  /// least 1. `start[r, :]` is added to it, where there is one.
  Storage neighborMean(Indices offsets, Indices columns, Storage x, int width, @Nullable Storage start);

  /// `y[r, :]` is the maximum or minimum of `x[columns[s], :]` over the slots s of row r; 0 where there are none.
  Storage neighborExtreme(Reduction kind, Indices offsets, Indices columns, Storage x, int width);

  /// The gradient of [#neighborExtreme] by x where y is its result: the sum over the rows that a column is in, the reversed
  /// structure, of upstream over how many slots of the row hold the extreme, where x is it.
  Storage neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets, Indices reversedColumns,
      Storage x, Storage y, Storage upstream, int width);

  /// `y[edge(s), h]` is the sum over k of `a[r, h c + k] b[columns[s], h c + k]` for every slot s of row r.
  Storage edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Storage a, Storage b, int heads,
      int width);

  /// `y[e, :] = e^(x[e, :] - m)` over the sum of e^(x - m) in the segment, column by column; m the segment's maximum.
  Storage segmentSoftmax(Storage x, int width, Indices offsets, @Nullable Indices order);

  /// y (upstream - sum over the segment of y upstream), the gradient of [#segmentSoftmax].
  Storage segmentSoftmaxGradient(Storage y, Storage upstream, int width, Indices offsets, @Nullable Indices order);
}
