package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// The gradient of the extremes of segments, which are those of [SegmentVarianceKernels].
public interface SegmentExtremeKernels {
  /// The gradient of a maximum or minimum y `[segments, width]`: where x equals it, upstream over how many do; 0 elsewhere.
  Storage segmentExtremeGradient(Storage x, Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order);
}
