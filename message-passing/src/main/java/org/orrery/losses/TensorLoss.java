package org.orrery.losses;

import org.orrery.tensor.Tensor;

/// A loss whose target is a tensor of the prediction's shape.
public interface TensorLoss extends Loss<Tensor> {
  @Override
  default Tensor shielded(Tensor target, Tensor prediction, Tensor mask) {
    Tensor wide = mask.rank() < target.rank() && mask.rank() > 0 && rowwise() ? mask.unsqueeze(-1) : mask;
    return Tensor.where(wide.expand(target.shape()), target, Masks.zerosLike(target));
  }

  /// Whether [#each] gives one number a row of the last axis, not one an element.
  default boolean rowwise() {
    return false;
  }
}
