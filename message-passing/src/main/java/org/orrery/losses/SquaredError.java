package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// (p - t)^2 for each element.
public record SquaredError() implements TensorLoss {
  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    Require.sameShape("squared error", prediction, target);
    return prediction.subtract(target).square();
  }
}
