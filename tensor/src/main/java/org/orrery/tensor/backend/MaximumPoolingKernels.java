package org.orrery.tensor.backend;

import org.orrery.tensor.Indices;
import org.orrery.tensor.Window;

/// Maxima of what slides over a grid: images are `[batch, cells..., channels]`, channels last.
public interface MaximumPoolingKernels {
  /// `y[n, o, c]` is the largest of `x[n, cell(o, t), c]` over the taps inside the box; NaN where one of them is.
  Storage windowMaximum(Window window, int batch, int channels, Storage x);

  /// The gradient of [#windowMaximum]: each output's upstream to the first tap that equals it.
  Storage windowMaximumGradient(Window window, int batch, int channels, Storage x, Storage y, Storage upstream);

  /// Which cell of its image each output of [#windowMaximum] comes from, the first of equals: `[batch, outputs..., channels]`.
  Indices windowMaximumCells(Window window, int batch, int channels, Storage x);
}
