package org.orrery.tensor.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several matrix products added up in one array.
public interface ProductSumKernels {
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
