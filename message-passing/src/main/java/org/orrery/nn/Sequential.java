package org.orrery.nn;

import java.util.List;
import java.util.OptionalInt;
import org.orrery.tensor.Tensor;

/// Layers one after the other: y = f_n(... f_1(f_0(x))).
///
/// Parts are named `0`, `1`, ... as in PyTorch, layers without parameters counted.
///
/// @param layers in the order they are applied
public record Sequential(List<Layer> layers) implements Layer {
  /// Checks that each layer takes the width that the one before it gives, as far as they know.
  ///
  /// @throws IllegalArgumentException naming the first two that do not fit
  public Sequential {
    layers = List.copyOf(layers);
    OptionalInt width = OptionalInt.empty();
    for (int i = 0; i < layers.size(); i++) {
      OptionalInt required = layers.get(i).inputWidth();
      if (width.isPresent() && required.isPresent() && width.getAsInt() != required.getAsInt()) {
        throw new IllegalArgumentException("Sequential: layer " + i + " (" + kind(layers.get(i)) + ") takes width "
            + required.getAsInt() + ", what comes before it gives " + width.getAsInt());
      }
      width = layers.get(i).outputWidth(width.isPresent() ? width : required);
    }
  }

  /// These layers one after the other.
  ///
  /// @throws IllegalArgumentException where widths do not fit
  public static Sequential of(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return forward(Rows.of(x), Activation.IDENTITY, mode);
  }

  @Override
  public Tensor forward(Rows x, Activation after, Mode mode) {
    Rows y = x;
    Activation left = after;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (i + 1 < layers.size() && layers.get(i + 1) instanceof Activation activation) {
        y = Rows.of(layer.apply(y, activation, mode));
        i++; // both are done
      } else if (i + 1 < layers.size()) {
        y = Rows.of(layer.apply(y, mode));
      } else {
        y = Rows.of(layer.apply(y, after, mode));
        left = Activation.IDENTITY;
      }
    }
    return left.of(y.dense());
  }

  @Override
  public OptionalInt inputWidth() {
    return layers.isEmpty() ? OptionalInt.empty() : layers.getFirst().inputWidth();
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    OptionalInt width = input;
    for (Layer layer : layers) {
      width = layer.outputWidth(width);
    }
    return width;
  }

  @Override
  public void describe(Parts parts) {
    for (int i = 0; i < layers.size(); i++) {
      parts.block(Integer.toString(i), layers.get(i));
    }
  }

  private static String kind(Layer layer) {
    return layer.getClass().getSimpleName();
  }
}
