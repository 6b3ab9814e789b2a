package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.WindowMaximum;

/// The largest entry of each window, channel by channel: the maximum along a bipartite grid. Cells beyond the box do not count;
/// the gradient goes to the first of equal entries. PyTorch's MaxPool1d, MaxPool2d and MaxPool3d.
///
/// Shape: `[batch, cells..., channels]` to `[batch, outputs..., channels]`.
///
/// @param kernel sizes, strides, dilations, padding
/// @param rounding what becomes of cells that fill no whole window
public record MaxPool(Kernel kernel, Rounding rounding) implements Layer {
  /// Windows side by side: strides as large as the kernel.
  public static MaxPool of(Integer... sizes) {
    return new MaxPool(Kernel.of(sizes).stride(sizes), Rounding.FLOOR);
  }

  /// What [#applyWithCells] gives.
  ///
  /// @param values the largest entries
  /// @param cells the cell of its image, row-major, that each comes from, in the order of the values
  public record Result(Tensor values, Indices cells) {
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return Tensor.of(maximum(x));
  }

  /// The result and where it comes from, for [MaxUnpool].
  public Result applyWithCells(Tensor x) {
    WindowMaximum maximum = maximum(x);
    return new Result(Tensor.of(maximum), maximum.cells());
  }

  private WindowMaximum maximum(Tensor x) {
    Window window = rounding.window(kernel, Images.of(x, kernel.axes(), "MaxPool").cells());
    return new WindowMaximum(window, x);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
