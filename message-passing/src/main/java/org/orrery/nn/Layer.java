package org.orrery.nn;

import java.util.OptionalInt;
import org.orrery.tensor.Tensor;

/// A module from one tensor to one tensor.
public interface Layer extends Block {
  /// The result.
  ///
  /// @throws IllegalArgumentException where the shape of x does not fit
  Tensor apply(Tensor x, Mode mode);

  /// The result for each edge of a concatenation that need not be made. A layer that begins with a matrix splits it.
  default Tensor apply(ConcatenatedRows x, Mode mode) {
    return apply(x.concatenated(), mode);
  }

  /// The size that the last axis of x must have; empty where the layer takes any, or does not know.
  default OptionalInt inputWidth() {
    return OptionalInt.empty();
  }

  /// The size of the last axis of the result for an input of this width; empty where the layer does not know.
  default OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.empty();
  }
}
