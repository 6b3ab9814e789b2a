package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Unary;

/// d^2 / 2 where d = |p - t| is at most delta, else delta (d - delta / 2). Huber 1964.
///
/// @param delta where the square ends
public record Huber(double delta) implements TensorLoss {
  /// Checks the number.
  ///
  /// @throws IllegalArgumentException unless delta is positive
  public Huber {
    Require.positive("huber", "delta", delta);
  }

  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    Require.sameShape("huber", prediction, target);
    Tensor distance = prediction.subtract(target).abs();
    Tensor near = distance.map(Unary.AT_MOST, delta); // finite, as its square has a slope
    return Tensor.where(distance.detach().greater(delta), distance.subtract(delta / 2).multiply(delta),
        near.square().multiply(0.5));
  }
}
