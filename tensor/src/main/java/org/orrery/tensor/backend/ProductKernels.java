package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;

/// Matrix products that end in a function of each result.
public interface ProductKernels {
  /// f(c + bias; alpha) with c as in [Backend#matmul], applied while c is at hand.
  ///
  /// @param bias one number a column; null for none
  Buffer matmul(Product sizes, Buffer a, Buffer b, @Nullable Buffer bias, Unary function, double alpha);
}
