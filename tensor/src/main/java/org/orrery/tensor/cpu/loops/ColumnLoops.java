package org.orrery.tensor.cpu.loops;

/// Sums down columns and functions of an element and its column. Rows lie one after the other from `at`; `width` is a multiple of
/// [#lanes()]: narrower rows are taken several at a time, as one.
public interface ColumnLoops {
  /// What a width is a multiple of.
  int lanes();

  /// `sums[j]` += sum over r of `x[r, j]`.
  void sums(float[] x, int at, int rows, int width, float[] sums);

  /// `sums[j]` += sum over r of d^2 and `sums[width + j]` += sum over r of d, d = `x[r, j]` - `centers[j]`.
  void squares(float[] x, int at, int rows, int width, float[] centers, float[] sums);

  /// `sums[j]` += sum over r of `u[r, j]` (`x[r, j]` - `centers[j]`).
  void products(float[] u, float[] x, int at, int rows, int width, float[] centers, float[] sums);

  /// `y[r, j]` = (`x[r, j]` - `centers[j]`) `factors[j]` + `shifts[j]`.
  void standardize(float[] x, int at, int rows, int width, float[] centers, float[] factors, float[] shifts, float[] y);

  /// `y[r, j]` = `u[r, j] scales[j]` + (`x[r, j]` - `centers[j]`) `factors[j]` + `shifts[j]`.
  void combine(float[] u, float[] x, int at, int rows, int width, float[] scales, float[] centers, float[] factors,
      float[] shifts, float[] y);
}
