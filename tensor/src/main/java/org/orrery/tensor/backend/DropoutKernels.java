package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;

/// Dropout without a mask.
public interface DropoutKernels {
  /// `x[i] / (1 - rate)` where [Key#uniform(int)] at i is at least the rate, else `0 x[i]`; plus the residual.
  ///
  /// @param residual as many numbers; null for 0
  Storage dropout(Storage x, Key key, double rate, @Nullable Storage residual);
}
