package org.orrery.tensor.cpu;

/// A block of a matrix product: `c[i, j] = max(c[i, j] + bias[j] + sum_k a[i, k] b[k, j], floor)` for a few hundred k, k
/// ascending. Whoever has a whole right factor packs it once and multiplies by panels: [PackedMatrix].
interface ProductTiles {
  /// The columns of a block are a multiple of this.
  int lanes();

  /// The most columns of a block.
  int widest();

  /// [#widest()] zeros, for products without a bias.
  float[] noBias();

  /// `c[cStart + i cStep + j]` = max(s, floor) with s = `bias[biasStart + j]` + the sum over k below `inner` of
  /// `a[aStart + i aRowStep + k aInnerStep] b[bStart + k bStep + j]`, for i below `rows` and j below `width`, a multiple of
  /// [#lanes()] up to [#widest()]. A floor of -infinity leaves s as it is. NaN stays NaN.
  ///
  /// @param real how many of the columns are written, from `width` - [#lanes()] + 1 to `width`
  /// @param accumulate whether s has what c held before in it too
  void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart, int bStep,
      int inner, int width, float[] bias, int biasStart, float floor, float[] c, int cStart, int cStep, int real,
      boolean accumulate);
}
