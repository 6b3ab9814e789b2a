package org.orrery.tensor.cpu.loops;

import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;

/// Functions of one element. An element's result does not depend on where it lies. Results may overwrite operands at
/// the same places.
public interface ElementwiseLoops {
  /// `y[i]` = f(`x[i]`; alpha) for i from `from` up to `to`.
  void unary(Unary kind, float alpha, float[] x, float[] y, int from, int to);

  /// `share[i]` = `upstream[i]` f'(`x[i]`; alpha), where y = f(x; alpha).
  void unaryGradient(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to);

  /// `y[yStart + i] = upstream[start + i] f'`, where f' follows from y = f(x; alpha): max(x, 0) and its leaky kin.
  void slopeOver(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length);

  /// `c[cStart + i]` = f(`a[aStart + i]`, `b[bStart + i]`).
  void binary(Binary kind, float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length);

  /// `y[i]` = `whenTrue[i]` where `condition[i]` is not 0, else `whenFalse[i]`.
  void select(float[] condition, float[] whenTrue, float[] whenFalse, float[] y, int from, int to);
}
