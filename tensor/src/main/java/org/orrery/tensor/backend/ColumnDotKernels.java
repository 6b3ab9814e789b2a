package org.orrery.tensor.backend;

/// Inner products of the columns of two matrices.
public interface ColumnDotKernels {
  /// `y[j]` = the sum over r of `a[r, j] b[r, j]`, `[width]`.
  Storage columnDot(Storage a, Storage b, int rows, int width);
}
