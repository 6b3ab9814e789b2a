package org.orrery.tensor;

/// Products that sum: of matrices and of columns.
sealed interface TensorProducts permits Tensor {
  /// The matrix product a b over the last two axes; leading axes are batches, and a matrix serves all of them.
  default Tensor matmul(Tensor other) {
    return MatMul.of(self(), other, false, false);
  }

  /// a b^T; nothing is copied.
  default Tensor matmulTransposed(Tensor other) {
    return MatMul.of(self(), other, false, true);
  }

  /// a^T b; nothing is copied.
  default Tensor transposedMatmul(Tensor other) {
    return MatMul.of(self(), other, true, false);
  }

  /// The sums of a b down the columns of two matrices, without an array of the products: `[rows, width]` twice to `[width]`.
  default Tensor columnDot(Tensor other) {
    return Tensor.of(new ColumnDot(self(), other));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
