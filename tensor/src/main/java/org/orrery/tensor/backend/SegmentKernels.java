package org.orrery.tensor.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Work over segments without the arrays in between. Segment r holds the rows `order[s]` (s itself without order) of x
/// `[members, width]` for the slots s from `offsets[r]` up to `offsets[r + 1]`. A member that is in no segment has no
/// share.
public interface SegmentKernels {
  /// The gradient of a maximum or minimum y `[segments, width]`: where x equals it, upstream over how many do; 0 elsewhere.
  Storage segmentExtremeGradient(Storage x, Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order);

  /// The population variance of each segment, `[segments, width]`; 0 for an empty one.
  Storage segmentVariance(Storage x, int width, Indices offsets, @Nullable Indices order);

  /// Its gradient by x: 2 upstream (x - mean) / members of the segment.
  Storage segmentVarianceGradient(Storage x, Storage upstream, int width, Indices offsets, @Nullable Indices order);

  /// `y[i, :]` is own[i, :] plus the sum over the tables t of `tables[t][rows[t][i], :]`, added in this order.
  ///
  /// @param own `[members, width]`; null for 0
  /// @param tables at least one
  Storage gatheredSum(@Nullable Storage own, List<Storage> tables, List<Indices> rows, int width);
}
