package org.orrery.tensor.backend;

/// Layer normalization over the rows of x `[rows, width]` with its scale and shift, and its two backward passes; batch
/// normalization down its columns, and sums down these. Below,
/// z = (x - mean) s with s = 1 / sqrt(variance + epsilon) and the population variance of each row.
public interface NormKernels {
  /// weight z + bias, weight and bias `[width]`.
  Storage layerNorm(Storage x, Storage weight, Storage bias, int rows, int width, double epsilon);

  /// s (h - mean(h) - z mean(h z)) with h = upstream weight and means over each row.
  Storage layerNormGradient(Storage x, Storage weight, Storage upstream, int rows, int width, double epsilon);

  /// The sum over rows of upstream z, `[width]`.
  Storage layerNormScaleGradient(Storage x, Storage upstream, int rows, int width, double epsilon);

  /// The mean of each column of x `[rows, width]`, then the population variance of each: `[2 width]`.
  Storage columnMoments(Storage x, int rows, int width);

  /// `y[j]` = the sum over r of `a[r, j] b[r, j]`, `[width]`.
  Storage columnDot(Storage a, Storage b, int rows, int width);

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
