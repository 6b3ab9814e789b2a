package org.orrery.tensor;

/// Numbers less their mean, twice: the first mean of large numbers is rounded by more than they may differ by, that of what is left is not.
final class Centered {
  private Centered() {
  }

  /// Along an axis.
  static Tensor along(Tensor x, int axis) {
    Tensor near = x.subtract(x.detach().mean(axis).unsqueeze(axis));
    return near.subtract(near.mean(axis).unsqueeze(axis));
  }

  /// Segment by segment.
  static Tensor within(Tensor x, Segments segments) {
    Tensor near = x.subtract(x.detach().segmentMean(segments).gatherRows(segments));
    return near.subtract(near.segmentMean(segments).gatherRows(segments));
  }
}
