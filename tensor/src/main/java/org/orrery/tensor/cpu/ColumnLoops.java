package org.orrery.tensor.cpu;

/// Sums down columns and functions of an element and its column. Rows lie one after the other from `at`; `width` is a multiple of
/// [#lanes()]: narrower rows are taken several at a time, as one.
interface ColumnLoops {
  /// What a width is a multiple of.
  int lanes();

  /// sums[j] += sum over r of x[r, j].
  void sums(float[] x, int at, int rows, int width, float[] sums);

  /// sums[j] += sum over r of (x[r, j] - centres[j])^2.
  void squares(float[] x, int at, int rows, int width, float[] centres, float[] sums);

  /// sums[j] += sum over r of u[r, j] (x[r, j] - centres[j]).
  void products(float[] u, float[] x, int at, int rows, int width, float[] centres, float[] sums);

  /// y[r, j] = (x[r, j] - centres[j]) factors[j] + shifts[j].
  void standardize(float[] x, int at, int rows, int width, float[] centres, float[] factors, float[] shifts, float[] y);

  /// y[r, j] = u[r, j] scales[j] + (x[r, j] - centres[j]) factors[j] + shifts[j].
  void combine(float[] u, float[] x, int at, int rows, int width, float[] scales, float[] centres, float[] factors,
      float[] shifts, float[] y);
}
