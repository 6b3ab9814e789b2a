package org.orrery.geometry;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.tensor.Tensor;

/// Several functions of a distance. It has no parameters.
///
/// Shape: `[rows, 1]` to `[rows, count]`.
public interface RadialBasis extends Layer {
  /// How many functions.
  int count();

  /// The functions at `[rows, 1]` checked distances: what an implementation computes.
  Tensor values(Tensor distances);

  /// The functions at these distances. There is no noise, so no mode is needed.
  ///
  /// @throws IllegalArgumentException where the distances are not `[rows, 1]`
  default Tensor of(Tensor distances) {
    Columns.requireOne("radial basis", distances);
    return Observed.call(this, () -> values(distances), distances);
  }

  /// Each function times the envelope: with it they end smoothly at its radius.
  default RadialBasis times(Envelope envelope) {
    return new EnvelopedBasis(this, envelope);
  }

  @Override
  default Tensor apply(Tensor x, Mode mode) {
    return of(x);
  }

  @Override
  default OptionalInt inputWidth() {
    return OptionalInt.of(1);
  }

  @Override
  default OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(count());
  }
}
