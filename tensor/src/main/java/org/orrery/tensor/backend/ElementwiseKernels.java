package org.orrery.tensor.backend;

/// Fused elementwise work.
public interface ElementwiseKernels {
  /// upstream f'(x; alpha), where y = f(x; alpha) is at hand: one pass instead of the several of its definition.
  Buffer unaryGradient(Unary kind, double alpha, Buffer x, Buffer y, Buffer upstream);
}
