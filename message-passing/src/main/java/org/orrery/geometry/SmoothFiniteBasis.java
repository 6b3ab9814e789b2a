package org.orrery.geometry;

import org.orrery.tensor.Tensor;

/// y_k(r) = 1.14136 e^(2 - 2 / (1 - d^2)) for d = (r - c_k) / step between -1 and 1, else 0: all derivatives are continuous,
/// and at most two functions are not 0. Their squares sum to about 1 between the outer centers. e3nn's
/// `soft_one_hot_linspace`, basis `smooth_finite`.
///
/// With [Centers#inside] all are 0 from both ends on.
///
/// @param centers c
public record SmoothFiniteBasis(Centers centers) implements RadialBasis {
  @Override
  public int count() {
    return centers.count();
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor d = centers.from(distances, centers.step());
    Tensor inside = d.detach().abs().less(1);
    Tensor gap = Columns.where(inside, d.add(1).multiply(d.negate().add(1)), 1); // 1 - d^2 without cancellation
    Tensor bump = gap.reciprocal().multiply(-2).add(2).exp().multiply(1.14136);
    return Columns.where(inside, bump, 0);
  }
}
