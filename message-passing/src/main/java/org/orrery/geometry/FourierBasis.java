package org.orrery.geometry;

import org.orrery.tensor.Tensor;

/// Waves between two distances, with x = (r - start) / (end - start): cosines y_k = cos(pi k x), k = 0 ... count - 1, or
/// sines y_k = sin(pi k x), k = 1 ... count, that are 0 outside; both divided by sqrt(1/4 + count / 2), so that their squares
/// sum to about 1. e3nn's `soft_one_hot_linspace`, basis `fourier`.
///
/// @param waves which
/// @param start where x is 0
/// @param end where x is 1
/// @param count how many
public record FourierBasis(Waves waves, double start, double end, int count) implements RadialBasis {
  /// What the functions do at the ends.
  public enum Waves {
    /// cosines, which go on beyond the ends
    COSINES,
    /// sines, which are 0 from the ends on; their first derivative jumps there
    SINES
  }

  /// Checks the ends.
  ///
  /// @throws IllegalArgumentException unless they rise and there is at least one function
  public FourierBasis {
    Columns.requireSpan("Fourier basis", start, end, count);
  }

  @Override
  public Tensor values(Tensor distances) {
    Tensor x = distances.subtract(start).divide(end - start);
    int first = waves == Waves.SINES ? 1 : 0;
    Tensor angles = x.multiply(Columns.steps(distances, Math.PI * first, Math.PI, count));
    double scale = 1 / Math.sqrt(0.25 + count / 2.0);
    return switch (waves) {
      case COSINES -> angles.cos().multiply(scale);
      case SINES -> Columns.where(inside(x.detach()), angles.sin().multiply(scale), 0);
    };
  }

  private static Tensor inside(Tensor x) {
    return x.greater(0).multiply(x.less(1));
  }
}
