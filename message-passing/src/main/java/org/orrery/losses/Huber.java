package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

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
    Tensor near = distance.clamp(0, delta);
    return near.multiply(distance.subtract(near.multiply(0.5))); // q (d - q / 2) with q = min(d, delta)
  }
}
