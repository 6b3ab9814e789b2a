package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Unary;

/// d^2 / (2 beta) where d = |p - t| is below beta, else d - beta / 2: [Huber] over beta. For beta 0, or one that float32 does not
/// tell from it, the absolute error.
///
/// Girshick 2015, `smooth_l1_loss`.
///
/// @param beta where the square ends
public record SmoothAbsoluteError(double beta) implements TensorLoss {
  /// Checks the number.
  ///
  /// @throws IllegalArgumentException where beta is negative
  public SmoothAbsoluteError {
    Require.notNegative("smooth absolute error", "beta", beta);
  }

  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    if (beta < Float.MIN_NORMAL) {
      return new AbsoluteError().each(prediction, target);
    }
    Require.sameShape("smooth absolute error", prediction, target);
    Tensor distance = prediction.subtract(target).abs();
    Tensor near = distance.map(Unary.AT_MOST, beta); // finite, as its square has a slope
    return Tensor.where(distance.detach().greater(beta), distance.subtract(beta / 2),
        near.multiply(near.divide(beta)).multiply(0.5));
  }
}
