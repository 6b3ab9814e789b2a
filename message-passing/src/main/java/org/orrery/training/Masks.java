package org.orrery.training;

import org.orrery.tensor.Tensor;

/// Choosing by a mask of 1 and 0, which repeats to the shape of what it chooses from.
final class Masks {
  private Masks() {
  }

  static Tensor keep(Tensor values, Tensor mask) {
    Tensor wide = mask.detach().expand(values.shape());
    return Tensor.where(wide, values, Tensor.zeros(values.shape()));
  }
}
