package org.orrery.geometry;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Rows of constants beside a column of distances, and columns where a condition holds.
final class Columns {
  private Columns() {
  }

  static void requireOne(String who, Tensor distances) {
    Require.that(distances.rank() == 2 && distances.columns() == 1, who,
        "distances " + distances.shape() + "; [rows, 1] is required");
  }

  static void requireSpan(String who, double start, double end, int count) {
    Require.that(start < end && Double.isFinite(end - start), who,
        "from " + start + " to " + end + "; finite ends in rising order are required");
    Require.that(count >= 1, who, count + " functions; at least 1 is required");
  }

  /// `first + k step` for k below the count, `[1, count]`, where the distances are.
  static Tensor steps(Tensor distances, double first, double step, int count) {
    double[] values = new double[count];
    for (int k = 0; k < count; k++) {
      values[k] = first + k * step;
    }
    return Backends.with(distances.backend(), () -> Tensor.of(values, 1, count));
  }

  /// x where the condition holds, elsewhere a number.
  static Tensor where(Tensor condition, Tensor x, double elsewhere) {
    return Tensor.where(condition, x, Backends.with(x.backend(), () -> Tensor.of(elsewhere)));
  }

  /// sin(z) / z, 1 at 0; so are its derivatives the limits there: near 0 it is the series 1 - z^2 / 6 + z^4 / 120 - ...
  static Tensor sinc(Tensor z) {
    Tensor near = z.detach().abs().less(0.5); // from there on the series is exact in double precision
    Tensor square = where(near, z, 0).square();
    Tensor series = square.multiply(-1.0 / 39_916_800).add(1.0 / 362_880); // 11!, 9!
    series = series.multiply(square).subtract(1.0 / 5040);
    series = series.multiply(square).add(1.0 / 120);
    series = series.multiply(square).subtract(1.0 / 6).multiply(square).add(1);
    Tensor far = where(near.equalTo(0), z, 1);
    return Tensor.where(near, series, far.sin().divide(far));
  }
}
