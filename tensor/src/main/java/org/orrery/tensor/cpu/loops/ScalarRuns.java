package org.orrery.tensor.cpu.loops;

/// Reductions of contiguous numbers with eight partial results, so that the additions need not wait for each other.
final class ScalarRuns implements RunReductions {
  @Override
  public float sum(float[] x, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    for (; i <= to - 8; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    float rest = 0;
    for (; i < to; i++) {
      rest += x[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + rest;
  }

  @Override
  public float dot(float[] a, int aStart, float[] b, int bStart, int length) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      s0 = Math.fma(a[aStart + i], b[bStart + i], s0);
      s1 = Math.fma(a[aStart + i + 1], b[bStart + i + 1], s1);
      s2 = Math.fma(a[aStart + i + 2], b[bStart + i + 2], s2);
      s3 = Math.fma(a[aStart + i + 3], b[bStart + i + 3], s3);
    }
    float rest = 0;
    for (; i < length; i++) {
      rest = Math.fma(a[aStart + i], b[bStart + i], rest);
    }
    return (s0 + s1) + (s2 + s3) + rest;
  }

  @Override
  public float maximum(float[] x, int from, int to) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      most = Math.max(most, x[i]);
    }
    return most;
  }

  @Override
  public float minimum(float[] x, int from, int to) {
    float least = Float.POSITIVE_INFINITY;
    for (int i = from; i < to; i++) {
      least = Math.min(least, x[i]);
    }
    return least;
  }

  @Override
  public boolean allFinite(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!(Math.abs(x[i]) <= Float.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }
}
