package org.orrery.tensor.backend;

/// Softmax and its relatives over the rows of x `[rows, width]`.
public interface RowKernels {
  /// y = e^(x - m) / sum e^(x - m), m the maximum of the row.
  Buffer softmax(Buffer x, int rows, int width);

  /// x - m - log sum e^(x - m).
  Buffer logSoftmax(Buffer x, int rows, int width);

  /// y (upstream - sum_row y upstream), the gradient of [#softmax].
  Buffer softmaxGradient(Buffer y, Buffer upstream, int rows, int width);

  /// upstream - e^y sum_row upstream, the gradient of [#logSoftmax].
  Buffer logSoftmaxGradient(Buffer y, Buffer upstream, int rows, int width);

  /// (x - mean) / sqrt(variance + epsilon) of each row, population variance.
  Buffer normalizeRows(Buffer x, int rows, int width, double epsilon);
}
