package org.orrery.tensor.backend;

import org.orrery.tensor.AxisMap;

/// A sparse linear map along one axis.
public interface ResampleKernels {
  /// `y[o, i, n] = sum over p of row i of the map of weight_p x[o, column_p, n]` for x `[outer, length, inner]`.
  Storage resample(Storage x, int outer, int inner, AxisMap map);
}
