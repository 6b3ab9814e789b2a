package org.orrery.graph;

import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// How the features of several edges become those of the one edge that replaces them.
public enum Merge {
  /// their sum
  SUM,
  /// their mean
  MEAN,
  /// their product
  PRODUCT,
  /// the largest, column by column
  MAXIMUM,
  /// the smallest, column by column
  MINIMUM,
  /// those of the first in edge order
  FIRST;

  /// One row for each segment; [#FIRST] is the gather that [EdgeMap] does itself.
  Tensor reduce(Tensor rows, Segments segments) {
    return switch (this) {
      case SUM -> rows.segmentSum(segments);
      case MEAN -> rows.segmentMean(segments);
      case PRODUCT -> rows.segmentReduce(Reduction.PRODUCT, segments);
      case MAXIMUM -> rows.segmentMax(segments);
      case MINIMUM -> rows.segmentMin(segments);
      case FIRST -> throw new IllegalStateException("the first of a segment is gathered, not reduced");
    };
  }
}
