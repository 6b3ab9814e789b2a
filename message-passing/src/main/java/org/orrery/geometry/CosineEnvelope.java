package org.orrery.geometry;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// f(r) = (1 + cos(pi r / c)) / 2 up to c, 0 beyond. Behler & Parrinello 2007, eq. 4.
///
/// Value and first derivative are 0 at c; the second derivative is (pi / c)^2 / 2 before it and 0 from it on.
///
/// @param radius c
public record CosineEnvelope(double radius) implements Envelope {
  /// Checks the radius.
  ///
  /// @throws IllegalArgumentException unless it is positive and finite
  public CosineEnvelope {
    Require.positive("cosine envelope", "radius", radius);
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor x = distances.divide(radius);
    Tensor fall = x.multiply(Math.PI).cos().add(1).multiply(0.5);
    return Columns.where(x.detach().less(1), fall, 0);
  }
}
