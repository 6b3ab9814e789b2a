package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// The loss of a moment network, which learns the mean m and the standard deviation s of a posterior from samples:
/// log mean_b sum_k (y - m)^2 + log mean_b sum_k ((y - m)^2 - s^2)^2.
///
/// Jeffrey & Wandelt 2020; the logarithms, which weigh the two terms alike, are those of Villaescusa-Navarro et al. 2022.
public final class MomentNetwork {
  private MomentNetwork() {
  }

  /// The loss, shape `[]`; minus infinity for a perfect fit.
  ///
  /// @param mean `[batch, parameters]`
  /// @param sigma `[batch, parameters]`; its sign does not matter
  /// @param y the true parameters, `[batch, parameters]`
  /// @throws IllegalArgumentException where shapes differ
  public static Tensor loss(Tensor mean, Tensor sigma, Tensor y) {
    Require.sameShape("moment network", mean, y);
    Require.sameShape("moment network", sigma, y);
    Tensor residual = y.subtract(mean);
    Tensor excess = residual.subtract(sigma).multiply(residual.add(sigma));
    return Limits.logMeanSquare(residual).add(Limits.logMeanSquare(excess));
  }
}
