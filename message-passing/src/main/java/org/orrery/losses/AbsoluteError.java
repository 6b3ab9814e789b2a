package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// |p - t| for each element.
public record AbsoluteError() implements TensorLoss {
  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    Require.sameShape("absolute error", prediction, target);
    return prediction.subtract(target).abs();
  }
}
