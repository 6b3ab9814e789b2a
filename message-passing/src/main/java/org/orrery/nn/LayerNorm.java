package org.orrery.nn;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;

/// y = w (x - mean) / sqrt(variance + epsilon) + b, with mean and variance of each row by itself. Ba et al. 2016.
///
/// Shape: `[..., width]` to the same. PyTorch Geometric's `LayerNorm` of mode `node`; that of mode `graph` is a norm over
/// graphs.
///
/// @param width columns of x
/// @param epsilon keeps rows without variance finite
/// @param rescale w and b; null for 1 and 0
public record LayerNorm(int width, double epsilon, @Nullable ScaleShift rescale) implements Layer {
  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public LayerNorm {
    ScaleShift.requirePositive(width, "LayerNorm");
    if (rescale != null) {
      ScaleShift.requireFits(rescale, width, "LayerNorm");
    }
  }

  /// With w and b.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static LayerNorm create(int width) {
    return new LayerNorm(width, 1e-5, ScaleShift.create(width));
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    if (x.rank() < 1 || x.columns() != width) {
      throw new IllegalArgumentException("LayerNorm: " + x.shape() + "; [..., " + width + "] is required");
    }
    return rescale == null
        ? x.normalizeLast(epsilon)
        : x.layerNorm(rescale.weight().value(), rescale.bias().value(), epsilon);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(width);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(rescale);
  }
}
