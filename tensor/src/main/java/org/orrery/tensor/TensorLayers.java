package org.orrery.tensor;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Unary;

/// What layers of neural networks are made of: affine maps, activations, normalization, dropout, losses.
sealed interface TensorLayers permits Tensor {
  /// x W^T + b for x `[..., in]`, W `[out, in]`, b `[out]`.
  default Tensor affine(Tensor weight, @Nullable Tensor bias) {
    return Affine.of(self(), weight, bias);
  }

  /// f(x W^T + b; alpha) for x `[..., in]`, W `[out, in]`, b `[out]`: one pass where the slope of f follows from its result
  /// or is not needed.
  default Tensor affine(Tensor weight, @Nullable Tensor bias, Unary function, double alpha) {
    return Affine.of(self(), weight, bias, function, alpha);
  }

  /// 1 / (1 + e^-x).
  default Tensor sigmoid() {
    return self().map(Unary.SIGMOID, 0);
  }

  /// max(x, 0).
  default Tensor relu() {
    return self().map(Unary.RELU, 0);
  }

  /// x where x > 0, else slope x.
  default Tensor leakyRelu(double slope) {
    return self().map(Unary.LEAKY_RELU, slope);
  }

  /// x where x > 0, else alpha (e^x - 1).
  default Tensor elu(double alpha) {
    return self().map(Unary.ELU, alpha);
  }

  /// The self-normalizing exponential unit, Klambauer et al. 2017.
  default Tensor selu() {
    return self().map(Unary.SELU, 0);
  }

  /// x / (1 + e^-x).
  default Tensor silu() {
    return self().map(Unary.SILU, 0);
  }

  /// x (1 + erf(x / sqrt 2)) / 2.
  default Tensor gelu() {
    return self().map(Unary.GELU, 0);
  }

  /// log(1 + e^x).
  default Tensor softplus() {
    return self().map(Unary.SOFTPLUS, 0);
  }

  /// x tanh(log(1 + e^x)).
  default Tensor mish() {
    return self().map(Unary.MISH, 0);
  }

  /// x min(max(x + 3, 0), 6) / 6.
  default Tensor hardswish() {
    return self().map(Unary.HARDSWISH, 0);
  }

  /// (x - mean) / sqrt(variance + epsilon) along the last axis.
  default Tensor normalizeLast(double epsilon) {
    return Tensor.of(new NormalizedRows(self(), epsilon));
  }

  /// weight (x - mean) / sqrt(variance + epsilon) + bias along the last axis, weight and bias `[columns]`.
  default Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
    return Tensor.of(new LayerNormalized(self(), weight, bias, epsilon));
  }

  /// The mean of each column of a matrix and, in the second row, its population variance: `[rows, width]` to `[2, width]`.
  default Tensor columnMoments() {
    return Tensor.of(new ColumnMoments(self()));
  }

  /// weight (x - mean) / sqrt(variance + epsilon) + bias down the columns of a matrix, weight and bias `[columns]`.
  ///
  /// @param moments [#columnMoments()] of this matrix
  default Tensor batchNorm(Tensor moments, Tensor weight, Tensor bias, double epsilon) {
    return Tensor.of(new BatchNormalized(self(), moments.detach(), weight, bias, epsilon));
  }

  /// -log softmax(x)_c at the label c of each row: `[rows, classes]` to `[rows]`.
  ///
  /// @throws IllegalArgumentException where there is not one label a row, or one is not below the classes
  default Tensor crossEntropy(Indices labels) {
    return Tensor.of(new CrossEntropy(self(), labels));
  }

  /// x / (1 - rate) where the key's uniform number at the same place is at least the rate, 0 elsewhere.
  ///
  /// @param rate the probability of dropping a number, 0 up to, not including, 1
  default Tensor dropout(Key key, double rate) {
    return Tensor.of(new Dropped(self(), key, rate, null));
  }

  /// The same plus a residual, in one pass.
  ///
  /// @param residual of this shape
  default Tensor dropout(Key key, double rate, Tensor residual) {
    return Tensor.of(new Dropped(self(), key, rate, residual));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
