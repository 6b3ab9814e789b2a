package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.LE;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Reductions of contiguous numbers with four vectors of partial results.
final class VectorRuns implements RunReductions {
  @Override
  public float sum(float[] x, int from, int to) {
    float rest = 0;
    int i = to - (to - from) % LANES;
    for (int j = i; j < to; j++) {
      rest += x[j];
    }
    return i == from ? rest : Lanes.sum(wholeSum(x, from, i)) + rest;
  }

  private static FloatVector wholeSum(float[] x, int from, int to) {
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = from;
    for (; i <= to - 4 * LANES; i += 4 * LANES) {
      s0 = s0.add(load(x, i));
      s1 = s1.add(load(x, i + LANES));
      s2 = s2.add(load(x, i + 2 * LANES));
      s3 = s3.add(load(x, i + 3 * LANES));
    }
    for (; i < to; i += LANES) {
      s0 = s0.add(load(x, i));
    }
    return s0.add(s1).add(s2.add(s3));
  }

  @Override
  public float dot(float[] a, int aStart, float[] b, int bStart, int length) {
    float rest = 0;
    int whole = length - length % LANES;
    for (int j = whole; j < length; j++) {
      rest = Math.fma(a[aStart + j], b[bStart + j], rest);
    }
    return whole == 0 ? rest : Lanes.sum(wholeDot(a, aStart, b, bStart, whole)) + rest;
  }

  private static FloatVector wholeDot(float[] a, int aStart, float[] b, int bStart, int length) {
    FloatVector s0 = FloatVector.zero(Lanes.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - 4 * LANES; i += 4 * LANES) {
      s0 = load(a, aStart + i).fma(load(b, bStart + i), s0);
      s1 = load(a, aStart + i + LANES).fma(load(b, bStart + i + LANES), s1);
      s2 = load(a, aStart + i + 2 * LANES).fma(load(b, bStart + i + 2 * LANES), s2);
      s3 = load(a, aStart + i + 3 * LANES).fma(load(b, bStart + i + 3 * LANES), s3);
    }
    for (; i < length; i += LANES) {
      s0 = load(a, aStart + i).fma(load(b, bStart + i), s0);
    }
    return s0.add(s1).add(s2.add(s3));
  }

  @Override
  public float maximum(float[] x, int from, int to) {
    float most = Float.NEGATIVE_INFINITY;
    int tail = to - (to - from) % LANES;
    for (int i = tail; i < to; i++) {
      most = Math.max(most, x[i]);
    }
    return tail == from ? most : Math.max(most, wholeMaximum(x, from, tail));
  }

  private static float wholeMaximum(float[] x, int from, int to) {
    FloatVector most = every(Float.NEGATIVE_INFINITY);
    FloatVector more = most;
    int i = from;
    for (; i <= to - 2 * LANES; i += 2 * LANES) {
      most = most.max(load(x, i));
      more = more.max(load(x, i + LANES));
    }
    if (i < to) {
      most = most.max(load(x, i));
    }
    return most.max(more).reduceLanes(VectorOperators.MAX);
  }

  @Override
  public float minimum(float[] x, int from, int to) {
    float least = Float.POSITIVE_INFINITY;
    int tail = to - (to - from) % LANES;
    for (int i = tail; i < to; i++) {
      least = Math.min(least, x[i]);
    }
    return tail == from ? least : Math.min(least, wholeMinimum(x, from, tail));
  }

  private static float wholeMinimum(float[] x, int from, int to) {
    FloatVector least = every(Float.POSITIVE_INFINITY);
    FloatVector less = least;
    int i = from;
    for (; i <= to - 2 * LANES; i += 2 * LANES) {
      least = least.min(load(x, i));
      less = less.min(load(x, i + LANES));
    }
    if (i < to) {
      least = least.min(load(x, i));
    }
    return least.min(less).reduceLanes(VectorOperators.MIN);
  }

  @Override
  public boolean allFinite(float[] x, int from, int to) {
    FloatVector most = every(0f);
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      most = most.max(load(x, i).abs());
    }
    boolean finite = most.compare(LE, Float.MAX_VALUE).allTrue();
    for (; i < to; i++) {
      finite &= Math.abs(x[i]) <= Float.MAX_VALUE;
    }
    return finite;
  }
}
