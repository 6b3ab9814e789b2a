package org.orrery.tensor.backend;

/// The moments of the columns of a matrix.
public interface ColumnMomentsKernels {
  /// The mean of each column of x `[rows, width]`, then the population variance of each: `[2 width]`.
  Storage columnMoments(Storage x, int rows, int width);
}
