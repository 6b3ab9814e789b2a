package org.orrery.tensor.cpu.loops;

/// [CellLoops] in plain Java.
final class ScalarCells implements CellLoops {
  @Override
  public void lstm(float[] gates, int gatesAt, float[] before, int beforeAt, float[] c, int cAt, int width) {
    lstm(gates, gatesAt, before, beforeAt, c, cAt, width, 0);
  }

  /// From number `from` on.
  static void lstm(float[] gates, int gatesAt, float[] before, int beforeAt, float[] c, int cAt, int width, int from) {
    for (int j = from; j < width; j++) {
      int i = gatesAt + j;
      c[cAt + j] = Math.fma(gates[i + width], before[beforeAt + j], gates[i] * gates[i + 2 * width]);
    }
  }

  @Override
  public void lstmGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] tanh, int tanhAt,
      float[] byH, int byHAt, float[] byC, int byCAt, float[] share, int shareAt, int width) {
    lstmGradient(gates, gatesAt, before, beforeAt, tanh, tanhAt, byH, byHAt, byC, byCAt, share, shareAt, width, 0);
  }

  static void lstmGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] tanh, int tanhAt,
      float[] byH, int byHAt, float[] byC, int byCAt, float[] share, int shareAt, int width, int from) {
    for (int j = from; j < width; j++) {
      float i = gates[gatesAt + j];
      float f = gates[gatesAt + width + j];
      float g = gates[gatesAt + 2 * width + j];
      float o = gates[gatesAt + 3 * width + j];
      float t = tanh[tanhAt + j];
      float dh = byH[byHAt + j];
      float dc = Math.fma(dh * o, Math.fma(-t, t, 1f), byC[byCAt + j]);
      share[shareAt + j] = dc * g * (i * (1f - i));
      share[shareAt + width + j] = dc * before[beforeAt + j] * (f * (1f - f));
      share[shareAt + 2 * width + j] = dc * i * Math.fma(-g, g, 1f);
      share[shareAt + 3 * width + j] = dh * t * (o * (1f - o));
      byC[byCAt + j] = dc * f;
    }
  }

  @Override
  public void gruCandidate(float[] gates, int gatesAt, float[] x, int xAt, int width) {
    gruCandidate(gates, gatesAt, x, xAt, width, 0);
  }

  static void gruCandidate(float[] gates, int gatesAt, float[] x, int xAt, int width, int from) {
    for (int j = from; j < width; j++) {
      int i = gatesAt + j;
      gates[i + 2 * width] = Math.fma(gates[i], gates[i + 3 * width], x[xAt + j]);
    }
  }

  @Override
  public void gru(float[] gates, int gatesAt, float[] before, int beforeAt, float[] h, int hAt, int width) {
    gru(gates, gatesAt, before, beforeAt, h, hAt, width, 0);
  }

  static void gru(float[] gates, int gatesAt, float[] before, int beforeAt, float[] h, int hAt, int width, int from) {
    for (int j = from; j < width; j++) {
      float z = gates[gatesAt + width + j];
      float n = gates[gatesAt + 2 * width + j];
      h[hAt + j] = Math.fma(z, before[beforeAt + j] - n, n);
    }
  }

  @Override
  public void gruGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] byH, int byHAt,
      float[] byInput, int byInputAt, float[] byState, int byStateAt, int width) {
    gruGradient(gates, gatesAt, before, beforeAt, byH, byHAt, byInput, byInputAt, byState, byStateAt, width, 0);
  }

  static void gruGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] byH, int byHAt,
      float[] byInput, int byInputAt, float[] byState, int byStateAt, int width, int from) {
    for (int j = from; j < width; j++) {
      float r = gates[gatesAt + j];
      float z = gates[gatesAt + width + j];
      float n = gates[gatesAt + 2 * width + j];
      float q = gates[gatesAt + 3 * width + j];
      float dh = byH[byHAt + j];
      float dn = dh * (1f - z) * Math.fma(-n, n, 1f);
      float dr = dn * q * (r * (1f - r));
      float dz = dh * (before[beforeAt + j] - n) * (z * (1f - z));
      byInput[byInputAt + j] = dr;
      byInput[byInputAt + width + j] = dz;
      byInput[byInputAt + 2 * width + j] = dn;
      byState[byStateAt + j] = dr;
      byState[byStateAt + width + j] = dz;
      byState[byStateAt + 2 * width + j] = dn * r;
      byH[byHAt + j] = dh * z;
    }
  }
}
