package org.orrery.tensor.backend;

/// Normalization of the rows of x `[rows, width]`.
public interface RowNormKernels {
  /// (x - mean) / sqrt(variance + epsilon) of each row, population variance.
  Storage normalizeRows(Storage x, int rows, int width, double epsilon);
}
