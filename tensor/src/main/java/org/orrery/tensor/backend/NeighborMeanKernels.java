package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Means over a compressed sparse row structure, as in [WeightedSumKernels].
public interface NeighborMeanKernels {
  /// `y[r, :]` is the mean of `x[columns[s], :]` over the slots s of row r, their sum in slot order over their number, which is at
  /// least 1. `start[r, :]` is added to it, where there is one.
  Storage neighborMean(Indices offsets, Indices columns, Storage x, int width, @Nullable Storage start);
}
