package org.orrery.geometry;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
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
    return apply(distances, Mode.inference());
  }

  /// Each function times the envelope: with it they end smoothly at its radius.
  default RadialBasis times(Envelope envelope) {
    return new EnvelopedBasis(this, envelope);
  }

  @Override
  default Tensor forward(Tensor x, Mode mode) {
    Columns.requireOne("radial basis", x);
    return values(x);
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
