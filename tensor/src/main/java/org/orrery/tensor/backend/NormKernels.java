package org.orrery.tensor.backend;

/// Layer normalization over the rows of x `[rows, width]` with its scale and shift, and its two backward passes; batch
/// normalization down its columns, and sums down these. Below,
/// z = (x - mean) s with s = 1 / sqrt(variance + epsilon) and the population variance of each row.
public interface NormKernels {
  /// weight z + bias, weight and bias `[width]`.
  Buffer layerNorm(Buffer x, Buffer weight, Buffer bias, int rows, int width, double epsilon);

  /// s (h - mean(h) - z mean(h z)) with h = upstream weight and means over each row.
  Buffer layerNormGradient(Buffer x, Buffer weight, Buffer upstream, int rows, int width, double epsilon);

  /// The sum over rows of upstream z, `[width]`.
  Buffer layerNormScaleGradient(Buffer x, Buffer upstream, int rows, int width, double epsilon);

  /// The mean of each column of x `[rows, width]`, then the population variance of each: `[2 width]`.
  Buffer columnMoments(Buffer x, int rows, int width);

  /// `y[j]` = the sum over r of `a[r, j] b[r, j]`, `[width]`.
  Buffer columnDot(Buffer a, Buffer b, int rows, int width);

  /// weight z + bias with z = (x - mean) s and s = 1 / sqrt(variance + epsilon), mean and variance of the columns in `moments`.
  Buffer batchNorm(Buffer x, Buffer moments, Buffer weight, Buffer bias, int rows, int width, double epsilon);

  /// The gradients of [#batchNorm] by weight and bias, sum(u z) and sum(u) down the columns with u = upstream: `[2 width]`.
  Buffer batchNormSums(Buffer x, Buffer moments, Buffer upstream, int rows, int width, double epsilon);

  /// The gradient of [#batchNorm] by x, whose moments these are: weight s (u - mean(u) - z mean(u z)) with means down the columns.
  ///
  /// @param sums [#batchNormSums]
  Buffer batchNormGradient(Buffer x, Buffer moments, Buffer weight, Buffer upstream, Buffer sums, int rows, int width,
      double epsilon);
}
