package org.orrery.tensor.backend;

/// Layer normalization over the rows of x `[rows, width]` with its scale and shift, and its two backward passes. Below,
/// z = (x - mean) s with s = 1 / sqrt(variance + epsilon) and the population variance of each row.
public interface LayerNormKernels {
  /// weight z + bias, weight and bias `[width]`.
  Storage layerNorm(Storage x, Storage weight, Storage bias, int rows, int width, double epsilon);

  /// s (h - mean(h) - z mean(h z)) with h = upstream weight and means over each row.
  Storage layerNormGradient(Storage x, Storage weight, Storage upstream, int rows, int width, double epsilon);

  /// The sum over rows of upstream z, `[width]`.
  Storage layerNormScaleGradient(Storage x, Storage upstream, int rows, int width, double epsilon);
}
