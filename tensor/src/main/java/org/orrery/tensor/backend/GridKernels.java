package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Window;

/// What slides over a grid: images are `[batch, cells..., channels]`, channels last.
public interface GridKernels {
  /// The sizes of a convolution: weights are `[taps, in / groups, out]`, and group g takes the g-th part of the input channels
  /// to the g-th part of the output channels.
  ///
  /// @param window how the kernel slides
  /// @param batch images
  /// @param in channels of the input
  /// @param out channels of the output
  /// @param groups how many parts of the channels stay apart
  record Filter(Window window, int batch, int in, int out, int groups) {
    /// Input channels that an output channel is summed from.
    public int groupIn() {
      return in / groups;
    }

    /// Output channels of a group.
    public int groupOut() {
      return out / groups;
    }
  }

  /// `y[n, o, j] = f(bias[j] + sum over t, i of x[n, cell(o, t), i] w[t, i, j]; alpha)`.
  ///
  /// @param bias null for 0
  /// @param function f; null for none
  /// @param alpha the number of f
  Storage convolve(Filter filter, Storage x, Storage weight, @Nullable Storage bias, @Nullable Unary function,
      double alpha);

  /// `x[n, c, i] = sum over o, t with cell(o, t) = c, and j, of y[n, o, j] w[t, i, j]`: the transpose of [#convolve] in x.
  Storage convolveTransposed(Filter filter, Storage y, Storage weight);

  /// `w[t, i, j] = sum over n, o of x[n, cell(o, t), i] y[n, o, j]`: the gradient of [#convolve] by its weights.
  Storage convolutionWeights(Filter filter, Storage x, Storage y);

  /// `y[n, o, c]` is the largest of `x[n, cell(o, t), c]` over the taps inside the box; NaN where one of them is.
  Storage windowMaximum(Window window, int batch, int channels, Storage x);

  /// The gradient of [#windowMaximum]: each output's upstream to the first tap that equals it.
  Storage windowMaximumGradient(Window window, int batch, int channels, Storage x, Storage y, Storage upstream);

  /// Which cell of its image each output of [#windowMaximum] comes from, the first of equals: `[batch, outputs..., channels]`.
  Indices windowMaximumCells(Window window, int batch, int channels, Storage x);

  /// `y[n, o, c]` is the sum of `x[n, cell(o, t), c]` over the taps inside the box.
  Storage windowSum(Window window, int batch, int channels, Storage x);

  /// `x[n, i, c]` is the sum of `y[n, o, c]` over the outputs o and taps with cell(o, t) = i: the transpose of [#windowSum].
  Storage windowSpread(Window window, int batch, int channels, Storage y);

  /// `y[o, i, n] = sum over p of row i of the map of weight_p x[o, column_p, n]` for x `[outer, length, inner]`.
  Storage resample(Storage x, int outer, int inner, AxisMap map);
}
