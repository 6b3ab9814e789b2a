package org.orrery.geometry;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// f(r) = 1 - (p + 1)(p + 2) x^p / 2 + p (p + 2) x^(p+1) - p (p + 1) x^(p+2) / 2 for x = r / c up to 1, 0 beyond. Gasteiger et
/// al. 2020 (DimeNet), eq. 8.
///
/// Value and first two derivatives are 0 at c; at r = 0 the first p - 1 derivatives are. It is computed as
/// (1 - x)^3 sum_k (k + 1)(k + 2) x^k / 2 over k below p, which is the same and does not cancel near c.
///
/// @param radius c
/// @param power p
public record PolynomialEnvelope(double radius, int power) implements Envelope {
  /// Checks radius and power.
  ///
  /// @throws IllegalArgumentException unless the radius is positive and finite and the power at least 1
  public PolynomialEnvelope {
    Require.positive("polynomial envelope", "radius", radius);
    Require.that(power >= 1, "polynomial envelope", "power " + power + "; at least 1 is required");
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor gap = distances.divide(radius).negate().add(1);
    gap = Columns.where(gap.detach().greater(0), gap, 0);
    Tensor x = gap.negate().add(1); // r / c, at most 1
    Tensor sum = x.multiply(0).add(factor(power - 1));
    for (int k = power - 2; k >= 0; k--) {
      sum = sum.multiply(x).add(factor(k));
    }
    return gap.square().multiply(gap).multiply(sum);
  }

  private static double factor(int k) {
    return (k + 1.0) * (k + 2.0) / 2;
  }
}
