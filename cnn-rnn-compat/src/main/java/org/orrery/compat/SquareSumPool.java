package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// The Euclidean norm of each window, channel by channel: sqrt(sum x^2). PyTorch's LPPool of norm 2. Where it is 0, no gradient
/// flows.
///
/// Shape: `[batch, cells..., channels]` to `[batch, outputs..., channels]`.
///
/// @param kernel sizes, strides, dilations, padding
/// @param rounding what becomes of cells that fill no whole window
public record SquareSumPool(Kernel kernel, Rounding rounding) implements Layer {
  /// Windows side by side: strides as large as the kernel.
  public static SquareSumPool of(Integer... sizes) {
    return new SquareSumPool(Kernel.of(sizes).stride(sizes), Rounding.FLOOR);
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    Tensor squares = SumPool.sums(kernel, rounding, x.square(), "SquareSumPool");
    Tensor none = squares.detach().equalTo(0);
    return squares.add(none).sqrt().multiply(none.negate().add(1));
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
