package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.WindowSum;

/// The sum over each window, channel by channel; cells beyond the box are 0.
///
/// Shape: `[batch, cells..., channels]` to `[batch, outputs..., channels]`.
///
/// @param kernel sizes, strides, dilations, padding
/// @param rounding what becomes of cells that fill no whole window
public record SumPool(Kernel kernel, Rounding rounding) implements Layer {
  /// Windows side by side: strides as large as the kernel.
  public static SumPool of(Integer... sizes) {
    return new SumPool(Kernel.of(sizes).stride(sizes), Rounding.FLOOR);
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return sums(kernel, rounding, x, "SumPool");
  }

  static Tensor sums(Kernel kernel, Rounding rounding, Tensor x, String layer) {
    return WindowSum.of(rounding.window(kernel, Images.of(x, kernel.axes(), layer).cells()), x);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
