package org.orrery.geometry;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// y_k(r) = e^(-(r - c_k)^2 / 2 w^2). Schuett et al. 2017, with gamma = 1 / 2 w^2.
///
/// It is smooth everywhere and reaches beyond every cutoff: an [Envelope] makes it end.
///
/// @param centers c
/// @param width w
public record GaussianBasis(Centers centers, double width) implements RadialBasis {
  /// Checks the width.
  ///
  /// @throws IllegalArgumentException unless it is positive and finite
  public GaussianBasis {
    Require.positive("Gaussian basis", "width", width);
  }

  /// As wide as the centers are apart.
  public GaussianBasis(Centers centers) {
    this(centers, centers.step());
  }

  @Override
  public int count() {
    return centers.count();
  }

  @Override
  public Tensor values(Tensor distances) {
    return centers.from(distances, width).square().multiply(-0.5).exp();
  }
}
