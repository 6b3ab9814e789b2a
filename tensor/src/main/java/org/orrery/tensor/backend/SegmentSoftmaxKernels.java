package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Softmax within segments of rows, which are those of [SegmentVarianceKernels].
public interface SegmentSoftmaxKernels {
  /// `y[e, :] = e^(x[e, :] - m)` over the sum of e^(x - m) in the segment, column by column; m the segment's maximum.
  Storage segmentSoftmax(Storage x, int width, Indices offsets, @Nullable Indices order);

  /// y (upstream - sum over the segment of y upstream), the gradient of [#segmentSoftmax].
  Storage segmentSoftmaxGradient(Storage y, Storage upstream, int width, Indices offsets, @Nullable Indices order);
}
