package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.NE;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;

/// Functions of one element with vectors; the same bits as [ScalarElementwise].
final class VectorElementwise implements ElementwiseLoops {
  @Override
  public void unary(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    VectorUnary.run(kind, alpha, x, y, from, to);
  }

  @Override
  public void unaryGradient(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from,
      int to) {
    VectorUnary.slope(kind, alpha, x, y, upstream, share, from, to);
  }

  @Override
  public void slopeOver(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length) {
    VectorUnary.slopeOver(kind, alpha, upstream, start, y, yStart, length);
  }

  @Override
  public void binary(Binary kind, float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    VectorBinary.run(kind, a, aStart, b, bStart, c, cStart, length);
  }

  @Override
  public void select(float[] condition, float[] whenTrue, float[] whenFalse, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      load(whenFalse, i).blend(load(whenTrue, i), load(condition, i).compare(NE, 0f)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = condition[i] != 0f ? whenTrue[i] : whenFalse[i];
    }
  }
}
