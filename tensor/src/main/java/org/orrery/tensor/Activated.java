package org.orrery.tensor;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Unary;

/// An operation that ends in a function of each number, whose derivative follows from the result. Its backward call asks for
/// [Gradients#timesDerivative] once, before anything else is done with upstream, and reads the result for nothing else.
interface Activated extends Op {
  /// f; null for none.
  @Nullable
  Unary function();

  /// The number of f.
  double alpha();
}
