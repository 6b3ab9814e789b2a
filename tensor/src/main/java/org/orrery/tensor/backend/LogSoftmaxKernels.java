package org.orrery.tensor.backend;

/// The logarithm of softmax over the rows of x `[rows, width]`.
public interface LogSoftmaxKernels {
  /// x - m - log sum e^(x - m).
  Storage logSoftmax(Storage x, int rows, int width);

  /// upstream - e^y sum_row upstream, the gradient of [#logSoftmax].
  Storage logSoftmaxGradient(Storage y, Storage upstream, int rows, int width);
}
