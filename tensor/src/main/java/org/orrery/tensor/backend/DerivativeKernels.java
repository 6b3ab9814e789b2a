package org.orrery.tensor.backend;

/// The derivative of an elementwise function in one pass.
public interface DerivativeKernels {
  /// upstream f'(x; alpha), where y = f(x; alpha) is at hand: one pass instead of the several of its definition.
  Storage unaryGradient(Unary kind, double alpha, Storage x, Storage y, Storage upstream);
}
