package org.orrery.losses;

import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Choosing by a mask of 1 and 0, which repeats to the shape of what it chooses from.
final class Masks {
  private Masks() {
  }

  /// Zeros where the values live.
  static Tensor zerosLike(Tensor values) {
    return Backends.with(values.backend(), () -> Tensor.zeros(values.shape()));
  }

  static Tensor keep(Tensor values, Tensor mask) {
    Tensor wide = mask.detach().expand(values.shape());
    return Tensor.where(wide, values, zerosLike(values));
  }
}
