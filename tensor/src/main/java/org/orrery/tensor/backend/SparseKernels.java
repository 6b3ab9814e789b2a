package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Work over a compressed sparse row structure: row r has the slots `offsets[r]` up to `offsets[r + 1]`, slot s stands for
/// column `columns[s]` and for edge `edges[s]` (or edge s where `edges` is null). Columns and widths of several heads
/// lie side by side: width = heads times channels.
public interface SparseKernels {
  /// `y[r, h c + k]` is the sum over the slots s of row r of `weights[edge(s), h] x[columns[s], h c + k]`, in slot order; without
  /// weights they are 1. `heads` divides `width`. `start[r, :]` is added to it, where there is one.
  Buffer weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Buffer weights, int heads,
      Buffer x, int width, @Nullable Buffer start);

  /// `y[r, :]` is the mean of `x[columns[s], :]` over the slots s of row r, their sum in slot order over their number, which is at
  /// least 1. `start[r, :]` is added to it, where there is one.
  Buffer neighborMean(Indices offsets, Indices columns, Buffer x, int width, @Nullable Buffer start);

  /// `y[r, :]` is the maximum or minimum of `x[columns[s], :]` over the slots s of row r; 0 where there are none.
  Buffer neighborExtreme(Reduction kind, Indices offsets, Indices columns, Buffer x, int width);

  /// The gradient of [#neighborExtreme] by x where y is its result: the sum over the rows that a column is in, the reversed
  /// structure, of upstream over how many slots of the row hold the extreme, where x is it.
  Buffer neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets, Indices reversedColumns,
      Buffer x, Buffer y, Buffer upstream, int width);

  /// `y[edge(s), h]` is the sum over k of `a[r, h c + k] b[columns[s], h c + k]` for every slot s of row r.
  Buffer edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Buffer a, Buffer b, int heads, int width);

  /// `y[e, :] = e^(x[e, :] - m)` over the sum of e^(x - m) in the segment, column by column; m the segment's maximum.
  Buffer segmentSoftmax(Buffer x, int width, Indices offsets, @Nullable Indices order);

  /// y (upstream - sum over the segment of y upstream), the gradient of [#segmentSoftmax].
  Buffer segmentSoftmaxGradient(Buffer y, Buffer upstream, int width, Indices offsets, @Nullable Indices order);
}
