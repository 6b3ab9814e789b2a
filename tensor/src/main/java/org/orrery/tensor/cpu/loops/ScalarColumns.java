package org.orrery.tensor.cpu.loops;

/// [ColumnLoops] in plain Java.
final class ScalarColumns implements ColumnLoops {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void sums(float[] x, int at, int rows, int width, float[] sums) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        sums[j] += x[at + r * width + j];
      }
    }
  }

  @Override
  public void squares(float[] x, int at, int rows, int width, float[] centers, float[] sums) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        float d = x[at + r * width + j] - centers[j];
        sums[j] = Math.fma(d, d, sums[j]);
        sums[width + j] += d;
      }
    }
  }

  @Override
  public void products(float[] u, float[] x, int at, int rows, int width, float[] centers, float[] sums) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        int p = at + r * width + j;
        sums[j] = Math.fma(x[p] - centers[j], u[p], sums[j]);
      }
    }
  }

  @Override
  public void standardize(float[] x, int at, int rows, int width, float[] centers, float[] factors, float[] shifts,
      float[] y) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        int p = at + r * width + j;
        y[p] = Math.fma(x[p] - centers[j], factors[j], shifts[j]);
      }
    }
  }

  @Override
  public void combine(float[] u, float[] x, int at, int rows, int width, float[] scales, float[] centers,
      float[] factors, float[] shifts, float[] y) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        int p = at + r * width + j;
        y[p] = Math.fma(u[p], scales[j], Math.fma(x[p] - centers[j], factors[j], shifts[j]));
      }
    }
  }
}
