package org.orrery.compat;

import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// What a position adds to an embedding so that attention can tell places apart: `P[p, 2k] = sin(p r_k)`,
/// `P[p, 2k + 1] = cos(p r_k)` with `r_k = 10000^(-2k / width)`. Vaswani et al. 2017, section 3.5.
///
/// A shift of all positions turns each pair (2k, 2k + 1) by one angle, so relative places are linear in it.
///
/// @param width how many numbers a position has; an odd width ends in a sine
public record SinusoidalPositions(int width) {
  private static final double LONGEST = 10_000;

  /// Checks the width.
  ///
  /// @throws IllegalArgumentException where it is below 1
  public SinusoidalPositions {
    if (width < 1) {
      throw new IllegalArgumentException("sinusoidal positions: width " + width + "; at least 1 is required");
    }
  }

  /// The rows of the positions `first`, `first + 1`, ... : `[length, width]`, each computed in double precision.
  ///
  /// @throws IllegalArgumentException where either is negative
  public Tensor rows(int first, int length) {
    if (first < 0 || length < 0) {
      throw new IllegalArgumentException(
          "sinusoidal positions: " + length + " from " + first + "; neither may be negative");
    }
    float[] values = new float[Math.multiplyExact(length, width)];
    for (int p = 0; p < length; p++) {
      for (int c = 0; c < width; c++) {
        double angle = (first + (double) p) * Math.pow(LONGEST, -(c - c % 2) / (double) width);
        values[p * width + c] = (float) (c % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return Tensor.of(Shape.of(length, width), values);
  }
}
