package org.orrery.tensor.backend;

/// Batch normalization down the columns of x `[rows, width]`, and its backward pass.
public interface BatchNormKernels {
  /// weight z + bias with z = (x - mean) s and s = 1 / sqrt(variance + epsilon), mean and variance of the columns in `moments`.
  Storage batchNorm(Storage x, Storage moments, Storage weight, Storage bias, int rows, int width, double epsilon);

  /// The gradients of [#batchNorm] by weight and bias, sum(u z) and sum(u) down the columns with u = upstream: `[2 width]`.
  Storage batchNormSums(Storage x, Storage moments, Storage upstream, int rows, int width, double epsilon);

  /// The gradient of [#batchNorm] by x, whose moments these are: weight s (u - mean(u) - z mean(u z)) with means down the columns.
  ///
  /// @param sums [#batchNormSums]
  Storage batchNormGradient(Storage x, Storage moments, Storage weight, Storage upstream, Storage sums, int rows,
      int width,
      double epsilon);
}
