package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// The negative log-likelihood of a normal distribution: (log v + (p - t)^2 / v) / 2 for each element, with mean p and
/// variance v. The constant log(2 pi) / 2 is left out.
///
/// Nix & Weigend 1994. A network does best to predict log v, which may have any sign.
///
/// @param logVariance log v, of the prediction's shape or repeating to it
public record GaussianNll(Tensor logVariance) implements TensorLoss {
  /// With a variance, which must be positive: 0 gives an infinite loss, minus infinity where there is no residual.
  public static GaussianNll ofVariance(Tensor variance) {
    return new GaussianNll(variance.log());
  }

  @Override
  public Tensor each(Tensor mean, Tensor target) {
    Require.sameShape("gaussian nll", mean, target);
    Tensor square = Limits.over(mean.subtract(target), logVariance.multiply(0.5)).square();
    Tensor infinite = square.detach().equalTo(Double.POSITIVE_INFINITY); // wins over log 0
    return Tensor.where(infinite, square, square.add(logVariance)).multiply(0.5);
  }
}
