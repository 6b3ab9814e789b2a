package org.orrery.geometry;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// A function that falls from 1 at distance 0 to 0 at a cutoff radius, and is 0 beyond: times it, what an edge brings does
/// not jump when the edge appears. It has no parameters.
///
/// Shape: `[rows, 1]` to `[rows, 1]`.
public interface Envelope extends Layer {
  /// The distance from which on it is 0.
  double radius();

  /// The function at checked distances: what an implementation computes.
  Tensor values(Tensor distances);

  /// The function at these distances. There is no noise, so no mode is needed.
  ///
  /// @throws IllegalArgumentException where the distances are not `[rows, 1]`
  default Tensor of(Tensor distances) {
    return apply(distances, Mode.inference());
  }

  @Override
  default Tensor forward(Tensor x, Mode mode) {
    Columns.requireOne("envelope", x);
    return values(x);
  }

  @Override
  default OptionalInt inputWidth() {
    return OptionalInt.of(1);
  }

  @Override
  default OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(1);
  }
}
