package org.orrery.tensor.backend;

import org.orrery.tensor.Indices;

/// Maxima and minima over a compressed sparse row structure, as in [WeightedSumKernels].
public interface NeighborExtremeKernels {
  /// `y[r, :]` is the maximum or minimum of `x[columns[s], :]` over the slots s of row r; 0 where there are none.
  Storage neighborExtreme(Reduction kind, Indices offsets, Indices columns, Storage x, int width);

  /// The gradient of [#neighborExtreme] by x where y is its result: the sum over the rows that a column is in, the reversed
  /// structure, of upstream over how many slots of the row hold the extreme, where x is it.
  Storage neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets, Indices reversedColumns,
      Storage x, Storage y, Storage upstream, int width);
}
