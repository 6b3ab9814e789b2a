package org.orrery.geometry;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// y_k(r) = T_k(2 r / c - 1), k = 0 ... count - 1, the Chebyshev polynomials: T_0 = 1, T_1 = x, T_k = 2 x T_(k-1) - T_(k-2).
/// Artrith, Urban & Ceder 2017, eq. 4.
///
/// They are of size 1 from 0 to c and grow beyond: an [Envelope] ends them.
///
/// @param radius c
/// @param count how many
public record ChebyshevBasis(double radius, int count) implements RadialBasis {
  /// Checks the radius.
  ///
  /// @throws IllegalArgumentException unless it is positive and there is at least one function
  public ChebyshevBasis {
    Columns.requireSpan("Chebyshev basis", 0, radius, count);
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor x = distances.multiply(2 / radius).subtract(1);
    List<Tensor> columns = new ArrayList<>();
    columns.add(Backends.with(x.backend(), () -> Tensor.ones(x.shape())));
    for (int k = 1; k < count; k++) {
      columns.add(k == 1 ? x : x.multiply(2).multiply(columns.get(k - 1)).subtract(columns.get(k - 2)));
    }
    return Tensor.concat(1, columns);
  }
}
