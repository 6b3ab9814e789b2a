package org.orrery.tensor.backend;

/// Softmax over the rows of x `[rows, width]`.
public interface SoftmaxKernels {
  /// y = e^(x - m) / sum e^(x - m), m the maximum of the row.
  Storage softmax(Storage x, int rows, int width);

  /// y (upstream - sum_row y upstream), the gradient of [#softmax].
  Storage softmaxGradient(Storage y, Storage upstream, int rows, int width);
}
