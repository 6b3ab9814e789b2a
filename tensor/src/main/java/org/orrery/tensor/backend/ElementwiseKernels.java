package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;

/// Fused elementwise work.
public interface ElementwiseKernels {
  /// upstream f'(x; alpha), where y = f(x; alpha) is at hand: one pass instead of the several of its definition.
  Storage unaryGradient(Unary kind, double alpha, Storage x, Storage y, Storage upstream);

  /// `x[i] / (1 - rate)` where [Key#uniform(int)] at i is at least the rate, else `0 x[i]`; plus the residual.
  ///
  /// @param residual as many numbers; null for 0
  Storage dropout(Storage x, Key key, double rate, @Nullable Storage residual);
}
