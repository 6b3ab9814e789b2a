package org.orrery.nn;

import java.util.OptionalInt;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// y = w x + b, column by column: what a norm learns after it has normalized.
///
/// Shape: `[..., width]` to the same.
///
/// @param weight w, `[width]`
/// @param bias b, `[width]`
public record ScaleShift(Parameter weight, Parameter bias) implements Layer {
  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they are not vectors of one size
  public ScaleShift {
    if (weight.shape().rank() != 1 || !weight.shape().equals(bias.shape())) {
      throw new IllegalArgumentException(
          "ScaleShift: " + weight.shape() + " and " + bias.shape() + "; two vectors of one size are required");
    }
  }

  /// w = 1 and b = 0.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static ScaleShift create(int width) {
    requirePositive(width, "ScaleShift");
    return new ScaleShift(Parameter.of(Tensor.ones(width)), Parameter.of(Tensor.zeros(width)));
  }

  /// y = w x + b.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return x.multiply(weight.value()).add(bias.value());
  }

  /// How many columns.
  public int width() {
    return weight.shape().size(0);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(width());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  /// Checks the width of a layer.
  ///
  /// @throws IllegalArgumentException where it is not positive
  public static void requirePositive(int width, String layer) {
    if (width <= 0) {
      throw new IllegalArgumentException(layer + ": width " + width + "; a positive one is required");
    }
  }

  /// Checks that a scale is of the width of its layer.
  ///
  /// @throws IllegalArgumentException where it is not
  public static void requireFits(ScaleShift rescale, int width, String layer) {
    if (rescale.width() != width) {
      throw new IllegalArgumentException(
          layer + ": weight " + Shape.of(rescale.width()) + " for width " + width + "; they must agree");
    }
  }

  static void requireColumns(Tensor x, int width, String layer) {
    if (x.rank() < 2 || x.columns() != width) {
      throw new IllegalArgumentException(layer + ": " + x.shape() + "; [rows, " + width + "] is required");
    }
  }
}
