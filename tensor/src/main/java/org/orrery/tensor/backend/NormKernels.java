package org.orrery.tensor.backend;

/// Layer normalization over the rows of x `[rows, width]` with its scale and shift, and its two backward passes. Below,
/// z = (x - mean) s with s = 1 / sqrt(variance + epsilon) and the population variance of each row.
public interface NormKernels {
  /// weight z + bias, weight and bias `[width]`.
  Buffer layerNorm(Buffer x, Buffer weight, Buffer bias, int rows, int width, double epsilon);

  /// s (h - mean(h) - z mean(h z)) with h = upstream weight and means over each row.
  Buffer layerNormGradient(Buffer x, Buffer weight, Buffer upstream, int rows, int width, double epsilon);

  /// The sum over rows of upstream z, `[width]`.
  Buffer layerNormScaleGradient(Buffer x, Buffer upstream, int rows, int width, double epsilon);
}
