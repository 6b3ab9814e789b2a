package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;

/// Fused elementwise work.
public interface ElementwiseKernels {
  /// upstream f'(x; alpha), where y = f(x; alpha) is at hand: one pass instead of the several of its definition.
  Buffer unaryGradient(Unary kind, double alpha, Buffer x, Buffer y, Buffer upstream);

  /// `upstream[i]` times f'(`x[i]`; alpha) in place, likewise: for a sweep of gradients, in what it made itself.
  void applySlope(Unary kind, double alpha, Buffer x, Buffer y, Buffer upstream);

  /// `sum[i] += share[i]`: for a sweep of gradients, which adds up in what it made itself.
  void accumulate(Buffer sum, Buffer share);

  /// `x[i] / (1 - rate)` where [Key#uniform(int)] at i is at least the rate, else `0 x[i]`; plus the residual.
  ///
  /// @param residual as many numbers; null for 0
  Buffer dropout(Buffer x, Key key, double rate, @Nullable Buffer residual);
}
