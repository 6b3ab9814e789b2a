package org.orrery.tensor.backend;

import org.orrery.tensor.Window;

/// Sums of what slides over a grid: images are `[batch, cells..., channels]`, channels last.
public interface WindowSumKernels {
  /// `y[n, o, c]` is the sum of `x[n, cell(o, t), c]` over the taps inside the box.
  Storage windowSum(Window window, int batch, int channels, Storage x);

  /// `x[n, i, c]` is the sum of `y[n, o, c]` over the outputs o and taps with cell(o, t) = i: the transpose of [#windowSum].
  Storage windowSpread(Window window, int batch, int channels, Storage y);
}
