package org.orrery.tensor;

import java.util.Arrays;
import org.orrery.tensor.backend.Reduction;

/// Rows of a tensor by position, and reductions of the rows of each segment.
sealed interface TensorRows permits Tensor {
  /// The rows at these positions, repeated and reordered as they say: `[rows, ...]` to `[indices, ...]`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such row
  default Tensor gatherRows(Indices positions) {
    return gatherRows(Segments.trusted(positions.requireBelow(self().rows(), "gather"), self().rows()));
  }

  /// The row of each segment, for every member: `y[i] = x[segment of i]`. Segments that are kept make the gradient cheap.
  default Tensor gatherRows(Segments segments) {
    return Tensor.of(new GatheredRows(self(), segments));
  }

  /// One entry of each row of a matrix: `y[i] = x[i, columns_i]`.
  default Tensor elementPerRow(Indices columns) {
    return Ordering.elementPerRow(self(), columns);
  }

  /// The rows of each segment reduced to one: `[members, ...]` to `[segments, ...]`.
  default Tensor segmentReduce(Reduction kind, Segments segments) {
    return Tensor.of(new SegmentReduced(kind, self(), segments));
  }

  /// The sum of the rows of each segment; 0 for an empty one.
  default Tensor segmentSum(Segments segments) {
    return segmentReduce(Reduction.SUM, segments);
  }

  /// The mean of the rows of each segment; 0 for an empty one.
  default Tensor segmentMean(Segments segments) {
    int[] perSegment = new int[self().rank()];
    Arrays.fill(perSegment, 1);
    perSegment[0] = segments.count();
    return segmentSum(segments).divide(segments.sizesAtLeastOne(self().backend()).reshape(perSegment));
  }

  /// The population variance of the rows of each segment, column by column; 0 for an empty one.
  default Tensor segmentVariance(Segments segments) {
    return Tensor.of(new SegmentVariance(self(), segments));
  }

  /// The largest of each segment, column by column; 0 for an empty one; equal entries share the gradient equally.
  default Tensor segmentMax(Segments segments) {
    return segmentReduce(Reduction.MAXIMUM, segments);
  }

  /// The smallest of each segment, column by column; 0 for an empty one; equal entries share the gradient equally.
  default Tensor segmentMin(Segments segments) {
    return segmentReduce(Reduction.MINIMUM, segments);
  }

  /// e^x / sum e^x within each segment, column by column.
  default Tensor segmentSoftmax(Segments segments) {
    return Tensor.of(new SegmentSoftmax(self(), segments));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
