package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// d^2 / (2 beta) where d = |p - t| is below beta, else d - beta / 2: [Huber] over beta. For beta 0 the absolute error.
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
    return beta == 0
        ? new AbsoluteError().each(prediction, target)
        : new Huber(beta).each(prediction, target).multiply(1 / beta);
  }
}
