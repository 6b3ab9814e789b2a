package org.orrery.tensor.cpu.loops;

import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;

/// Functions of one element in plain Java.
final class ScalarElementwise implements ElementwiseLoops {
  @Override
  public void unary(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    ScalarUnary.run(kind, alpha, x, y, from, to);
  }

  @Override
  public void unaryGradient(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from,
      int to) {
    ScalarUnary.slope(kind, alpha, x, y, upstream, share, from, to);
  }

  @Override
  public void slopeOver(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length) {
    ScalarUnary.slopeOver(kind, alpha, upstream, start, y, yStart, length);
  }

  @Override
  public void binary(Binary kind, float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    ScalarBinary.run(kind, a, aStart, b, bStart, c, cStart, length);
  }

  @Override
  public void select(float[] condition, float[] whenTrue, float[] whenFalse, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = condition[i] != 0f ? whenTrue[i] : whenFalse[i];
    }
  }
}
