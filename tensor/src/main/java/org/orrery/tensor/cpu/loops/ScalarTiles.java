package org.orrery.tensor.cpu.loops;

import java.util.Arrays;

/// Blocks of a matrix product in plain Java: four k at once. Rows of b and c are copied to arrays of their own, because
/// the compiler makes vectors of a loop only where all arrays share one index.
final class ScalarTiles implements ProductTiles {
  private static final int WIDEST = 64;
  private static final int ROWS_AT_ONCE = 32;
  private static final float[] ZEROS = new float[WIDEST];

  @Override
  public int lanes() {
    return 4;
  }

  @Override
  public int widest() {
    return WIDEST;
  }

  @Override
  public float[] zeros() {
    return ZEROS;
  }

  @Override
  public void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart, int bStep,
      int inner, int runs, int runStep, int width, float[] init, int initStart, int initStep, float floor, float[] c,
      int cStart, int cStep,
      int real) {
    float[][] sums = new float[Math.min(rows, ROWS_AT_ONCE)][width];
    float[][] four = new float[4][width];
    for (int first = 0; first < rows; first += ROWS_AT_ONCE) {
      int count = Math.min(ROWS_AT_ONCE, rows - first);
      for (int i = 0; i < count; i++) {
        Arrays.fill(sums[i], 0f);
      }
      for (int run = 0; run < runs; run++) {
        add(a, aStart + first * aRowStep + run * runStep, aRowStep, aInnerStep, count, b, bStart + run * inner * bStep,
            bStep, inner, width, sums, four);
      }
      for (int i = 0; i < count; i++) {
        if (real < width && real >= lanes()) {
          System.arraycopy(sums[i], width - lanes(), sums[i], real - lanes(), lanes());
        }
        store(sums[i], real, init, initStart + (first + i) * initStep, floor, c, cStart + (first + i) * cStep);
      }
    }
  }

  private static void add(float[] a, int aAt, int aRowStep, int aInnerStep, int count, float[] b, int bStart, int bStep,
      int inner, int width, float[][] sums, float[][] four) {
    int k = 0;
    for (; k <= inner - 4; k += 4) {
      for (int q = 0; q < 4; q++) {
        System.arraycopy(b, bStart + (k + q) * bStep, four[q], 0, width);
      }
      for (int i = 0; i < count; i++) {
        int at = aAt + i * aRowStep + k * aInnerStep;
        addFour(sums[i], four[0], four[1], four[2], four[3], a[at], a[at + aInnerStep], a[at + 2 * aInnerStep],
            a[at + 3 * aInnerStep], width);
      }
    }
    for (; k < inner; k++) {
      System.arraycopy(b, bStart + k * bStep, four[0], 0, width);
      for (int i = 0; i < count; i++) {
        addOne(sums[i], four[0], a[aAt + i * aRowStep + k * aInnerStep], width);
      }
    }
  }

  private static void addFour(float[] sum, float[] b0, float[] b1, float[] b2, float[] b3, float a0, float a1, float a2,
      float a3, int width) {
    for (int j = 0; j < width; j++) {
      sum[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], sum[j]))));
    }
  }

  private static void addOne(float[] sum, float[] b, float a, int width) {
    for (int j = 0; j < width; j++) {
      sum[j] = Math.fma(a, b[j], sum[j]);
    }
  }

  private static void store(float[] sum, int width, float[] init, int initAt, float floor, float[] c, int at) {
    for (int j = 0; j < width; j++) {
      c[at + j] = Math.max(init[initAt + j] + sum[j], floor);
    }
  }
}
