package org.orrery.tensor.backend;

/// Softmax and its relatives over the rows of x `[rows, width]`.
public interface RowKernels {
  /// y = e^(x - m) / sum e^(x - m), m the maximum of the row.
  Storage softmax(Storage x, int rows, int width);

  /// x - m - log sum e^(x - m).
  Storage logSoftmax(Storage x, int rows, int width);

  /// y (upstream - sum_row y upstream), the gradient of [#softmax].
  Storage softmaxGradient(Storage y, Storage upstream, int rows, int width);

  /// upstream - e^y sum_row upstream, the gradient of [#logSoftmax].
  Storage logSoftmaxGradient(Storage y, Storage upstream, int rows, int width);

  /// (x - mean) / sqrt(variance + epsilon) of each row, population variance.
  Storage normalizeRows(Storage x, int rows, int width, double epsilon);
}
