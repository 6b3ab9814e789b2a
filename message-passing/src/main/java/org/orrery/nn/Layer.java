package org.orrery.nn;

import org.orrery.tensor.Tensor;

/// A module from one tensor to one tensor.
public interface Layer extends Module {
  /// The result.
  ///
  /// @throws IllegalArgumentException where the shape of x does not fit
  Tensor apply(Tensor x, Mode mode);

  /// The result for each edge of a concatenation that need not be made. A layer that begins with a matrix splits it.
  default Tensor apply(EdgeInput x, Mode mode) {
    return apply(x.concatenated(), mode);
  }
}
