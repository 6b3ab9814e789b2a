package org.orrery.geometry;

import org.orrery.tensor.Tensor;

/// y_k(r) = cos(pi d / 2) for d = (r - c_k) / step between -1 and 1, else 0: at most two are not 0, and their squares sum to
/// 1 between the outer centers. e3nn's `soft_one_hot_linspace`, basis `cosine`.
///
/// The first derivative jumps at d = -1 and 1.
///
/// @param centers c
public record CosineBasis(Centers centers) implements RadialBasis {
  @Override
  public int count() {
    return centers.count();
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor d = centers.from(distances, centers.step());
    return Columns.where(d.detach().abs().less(1), d.multiply(Math.PI / 2).cos(), 0);
  }
}
