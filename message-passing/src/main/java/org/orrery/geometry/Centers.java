package org.orrery.geometry;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// Distances at equal steps: c_k = first + k step, k = 0 ... count - 1.
///
/// @param first the first
/// @param step how far they are apart
/// @param count how many
public record Centers(double first, double step, int count) {
  /// Checks that they rise.
  ///
  /// @throws IllegalArgumentException unless the first is finite, the step positive and the count at least 1
  public Centers {
    Require.that(Double.isFinite(first), "centers", "first " + first + "; a finite number is required");
    Require.positive("centers", "step", step);
    Require.that(count >= 1, "centers", count + " of them; at least 1 is required");
  }

  /// From `start` to `end`, both among them.
  ///
  /// @throws IllegalArgumentException unless the ends rise and there are at least 2
  public static Centers spanning(double start, double end, int count) {
    Columns.requireSpan("centers", start, end, count);
    Require.that(count >= 2, "centers", count + " from " + start + " to " + end + "; at least 2 are required");
    return new Centers(start, (end - start) / (count - 1), count);
  }

  /// Between `start` and `end`, which are one step before the first and one behind the last.
  ///
  /// @throws IllegalArgumentException unless the ends rise and there is at least 1
  public static Centers inside(double start, double end, int count) {
    Columns.requireSpan("centers", start, end, count);
    double step = (end - start) / (count + 1);
    return new Centers(start + step, step, count);
  }

  /// (r - c_k) / scale, `[rows, 1]` to `[rows, count]`.
  Tensor from(Tensor distances, double scale) {
    return distances.subtract(Columns.steps(distances, first, step, count)).divide(scale);
  }
}
