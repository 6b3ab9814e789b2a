package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.WindowSum;

/// The mean over each window, channel by channel. PyTorch's AvgPool1d, AvgPool2d and AvgPool3d.
///
/// Shape: `[batch, cells..., channels]` to `[batch, outputs..., channels]`.
///
/// @param kernel sizes, strides, dilations, padding
/// @param rounding what becomes of cells that fill no whole window
/// @param divisor what a sum is divided by
public record AveragePool(Kernel kernel, Rounding rounding, Divisor divisor) implements Layer {
  /// What the sum over a window is divided by.
  public sealed interface Divisor {
    /// The cells of the window that lie in the box or its padding, which counts as zeros.
    record PaddedCells() implements Divisor {
    }

    /// The cells of the window that lie in the box.
    record Cells() implements Divisor {
    }

    /// The same number everywhere.
    ///
    /// @param value not 0
    record Fixed(double value) implements Divisor {
      /// Checks the number.
      ///
      /// @throws IllegalArgumentException where it is 0 or not finite
      public Fixed {
        if (value == 0 || !Double.isFinite(value)) {
          throw new IllegalArgumentException("AveragePool: divisor " + value + "; a finite number but 0 is required");
        }
      }
    }
  }

  /// Windows side by side: strides as large as the kernel.
  public static AveragePool of(Integer... sizes) {
    return new AveragePool(Kernel.of(sizes).stride(sizes), Rounding.FLOOR, new Divisor.PaddedCells());
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return average(x);
  }

  private Tensor average(Tensor x) {
    Window window = rounding.window(kernel, Images.of(x, kernel.axes(), "AveragePool").cells());
    Tensor sums = WindowSum.of(window, x);
    return switch (divisor) {
      case Divisor.Fixed(double value) -> sums.divide(value);
      case Divisor.Cells() -> sums.divide(counts(window, false));
      case Divisor.PaddedCells() -> sums.divide(counts(window, true));
    };
  }

  /// How many cells each window has, `[1, outputs..., 1]`; what [Rounding#CEILING] adds beyond the padding does not count.
  private Tensor counts(Window window, boolean padded) {
    double[] counts = {1};
    for (int d = 0; d < kernel.axes(); d++) {
      Axis axis = window.axes().get(d);
      int first = padded ? -axis.before() : 0;
      int end = axis.size() + (padded ? kernel.after().get(d) : 0);
      double[] more = new double[counts.length * axis.outputs()];
      for (int i = 0; i < more.length; i++) {
        int inside = 0;
        for (int t = 0; t < axis.kernel(); t++) {
          int cell = axis.cell(i % axis.outputs(), t);
          inside += cell >= first && cell < end ? 1 : 0;
        }
        more[i] = counts[i / axis.outputs()] * Math.max(1, inside);
      }
      counts = more;
    }
    Shape shape = new Images(1, window.outputSizes(), 1).shape();
    return Tensor.of(shape, counts);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
