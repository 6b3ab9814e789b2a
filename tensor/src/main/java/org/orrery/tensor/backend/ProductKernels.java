package org.orrery.tensor.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Matrix products that end in a function of each result, or are added up.
public interface ProductKernels {
  /// f(c + bias; alpha) with c as in [Backend#matmul], applied while c is at hand.
  ///
  /// @param bias one number a column; null for none
  Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias, Unary function, double alpha);

  /// f(bias + the sum over i of the products c_i of a_i and b_i; alpha), as in [Backend#matmul], in one array. No product is
  /// batched.
  ///
  /// @param sizes of each product: rows and columns are those of all
  /// @param bias one number a column; null for none
  /// @param function f; null for none
  Storage matmulSum(List<Product> sizes, List<Storage> a, List<Storage> b, @Nullable Storage bias,
      @Nullable Unary function,
      double alpha);
}
