package org.orrery.geometry;

import org.orrery.tensor.Tensor;

/// y_k(r) = sqrt(2 / c) sin(k pi r / c) / r, k = 1 ... count: the spherical waves in a ball of radius c that are 0 at its
/// surface. Gasteiger et al. 2020 (DimeNet), eq. 7.
///
/// At r = 0 values and derivatives are the limits: y_k = sqrt(2 / c) k pi / c, y_k' = 0, y_k'' = -(k pi / c)^2 y_k / 3. Beyond c
/// the waves go on; an [Envelope] ends them with their derivatives.
///
/// @param radius c
/// @param count how many
public record BesselBasis(double radius, int count) implements RadialBasis {
  /// Checks the radius.
  ///
  /// @throws IllegalArgumentException unless it is positive and there is at least one function
  public BesselBasis {
    Columns.requireSpan("Bessel basis", 0, radius, count);
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor roots = Columns.steps(distances, Math.PI / radius, Math.PI / radius, count);
    return Columns.sinc(distances.multiply(roots)).multiply(roots).multiply(Math.sqrt(2 / radius));
  }
}
