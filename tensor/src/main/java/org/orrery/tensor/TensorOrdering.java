package org.orrery.tensor;

import org.orrery.tensor.backend.Reduction;

/// What the order of the values says: positions of extremes, the largest few, sorting.
sealed interface TensorOrdering permits Tensor {
  /// Where the first largest value is along an axis; the result lists the remaining axes row-major.
  default Indices argmax(int axis) {
    return Ordering.argReduce(Reduction.MAXIMUM, self(), axis);
  }

  /// Where the first smallest value is along an axis; the result lists the remaining axes row-major.
  default Indices argmin(int axis) {
    return Ordering.argReduce(Reduction.MINIMUM, self(), axis);
  }

  /// The `count` largest values along the last axis, largest first, with their positions.
  default TopK topK(int count) {
    return Ordering.topK(self(), count);
  }

  /// The values along the last axis in ascending order; gradients follow them. NaN comes last.
  default Tensor sort() {
    return Ordering.sorted(self(), false, self().columns()).values();
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
