package org.orrery.tensor.cpu.loops;

/// A block of a matrix product: `c[i, j] = max(init[i, j] + sum_k a[i, k] b[k, j], floor)` for a few hundred k, k
/// ascending. Whoever has a whole right factor packs it once and multiplies by panels: [org.orrery.tensor.cpu.PackedMatrix].
public interface ProductTiles {
  /// The columns of a block are a multiple of this.
  int lanes();

  /// The most columns of a block.
  int widest();

  /// [#widest()] zeros, for products that start from nothing.
  float[] zeros();

  /// `c[cStart + i cStep + j]` = max(s, floor) with s = `init[initStart + i initStep + j]` + the sum over runs r and k below `inner`
  /// of `a[aStart + i aRowStep + r runStep + k aInnerStep] b[bStart + (r inner + k) bStep + j]`, for i below `rows` and j below `real`. A floor of
  /// -infinity leaves s as it is; NaN stays NaN. With an init step of 0 one row, such as a bias, is added to all; where
  /// init is c itself, start and step must be equal too, and the product is added to what is there.
  ///
  /// @param width of the rows of b, and of init where its step is 0: a multiple of [#lanes()] up to [#widest()]
  /// @param real how many columns of c there are, from `width` - [#lanes()] + 1 to `width`; where they are fewer than `width`
  ///   but not than [#lanes()], the last [#lanes()] columns of b are the last that are there: they overlap those before them
  void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart, int bStep,
      int inner, int runs, int runStep, int width, float[] init, int initStart, int initStep, float floor, float[] c,
      int cStart, int cStep,
      int real);
}
