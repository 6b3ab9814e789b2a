package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Variances of segments without the arrays in between. Segment r holds the rows `order[s]` (s itself without order) of x
/// `[members, width]` for the slots s from `offsets[r]` up to `offsets[r + 1]`. A member that is in no segment has no share.
public interface SegmentVarianceKernels {
  /// The population variance of each segment, `[segments, width]`; 0 for an empty one.
  Storage segmentVariance(Storage x, int width, Indices offsets, @Nullable Indices order);

  /// Its gradient by x: 2 upstream (x - mean) / members of the segment.
  Storage segmentVarianceGradient(Storage x, Storage upstream, int width, Indices offsets, @Nullable Indices order);
}
