package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;

/// A matrix product that ends in a function of each result.
public interface ActivatedProductKernels {
  /// f(c + bias; alpha) with c as in [Backend#matmul], applied while c is at hand.
  ///
  /// @param bias one number a column; null for none
  Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias, Unary function, double alpha);
}
