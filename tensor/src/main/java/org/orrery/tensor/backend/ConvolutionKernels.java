package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Window;

/// Convolution on a grid: images are `[batch, cells..., channels]`, channels last.
public interface ConvolutionKernels {
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
}
