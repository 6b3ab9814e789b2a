package org.orrery.tensor.cpu;

/// A block of a matrix product: c[i, j] (+)= sum_k a[i, k] b[k, j] for a few hundred k, k ascending.
interface ProductTiles {
  /// The columns of a block are a multiple of this.
  int lanes();

  /// The most columns of a block.
  int widest();

  /// c[cStart + i cStep + j] (+)= sum over k below `inner` of a[aStart + i aRowStep + k aInnerStep] b[bStart + k bStep
  /// + j] for i below `rows` and j below `width`, a multiple of [#lanes()] up to [#widest()].
  ///
  /// @param accumulate whether c is added to or written afresh
  void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart, int bStep,
      int inner, int width, float[] c, int cStart, int cStep, boolean accumulate);
}
