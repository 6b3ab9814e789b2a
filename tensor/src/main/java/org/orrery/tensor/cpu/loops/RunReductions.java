package org.orrery.tensor.cpu.loops;

/// Reductions of contiguous numbers, in an order that follows from the length alone. Sums keep several partial sums; a
/// caller with more than a thousand numbers cuts them into blocks and adds those in double.
public interface RunReductions {
  /// The sum of `x[i]` for i from `from` up to `to`.
  float sum(float[] x, int from, int to);

  /// sum_i `a[aStart + i] b[bStart + i]`.
  float dot(float[] a, int aStart, float[] b, int bStart, int length);

  /// The largest, NaN if one is; -infinity over nothing.
  float maximum(float[] x, int from, int to);

  /// The smallest, NaN if one is; infinity over nothing.
  float minimum(float[] x, int from, int to);

  /// Whether none is NaN or infinite.
  boolean allFinite(float[] x, int from, int to);
}
