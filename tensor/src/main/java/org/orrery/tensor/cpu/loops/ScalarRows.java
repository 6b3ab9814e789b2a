package org.orrery.tensor.cpu.loops;

/// [RowLoops] in plain Java.
final class ScalarRows implements RowLoops {
  @Override
  public void shift(float[] x, int xStart, float[] amounts, int rows, int width, float[] y, int yStart) {
    for (int r = 0; r < rows; r++) {
      float amount = amounts[r];
      for (int j = r * width; j < r * width + width; j++) {
        y[yStart + j] = x[xStart + j] + amount;
      }
    }
  }

  @Override
  public void scale(float[] x, int xStart, float[] factors, int rows, int width, float[] y, int yStart) {
    for (int r = 0; r < rows; r++) {
      float factor = factors[r];
      for (int j = r * width; j < r * width + width; j++) {
        y[yStart + j] = x[xStart + j] * factor;
      }
    }
  }

  @Override
  public void multiplyDifference(float[] a, float[] b, int start, float[] amounts, int rows, int width, float[] y) {
    for (int r = 0; r < rows; r++) {
      float amount = amounts[r];
      int at = start + r * width;
      for (int i = at; i < at + width; i++) {
        y[i] = a[i] * (b[i] - amount);
      }
    }
  }

  @Override
  public void subtractMultiple(float[] a, float[] b, int start, float[] amounts, int rows, int width, float[] y) {
    for (int r = 0; r < rows; r++) {
      float amount = -amounts[r];
      int at = start + r * width;
      for (int i = at; i < at + width; i++) {
        y[i] = Math.fma(amount, b[i], a[i]);
      }
    }
  }

  @Override
  public void standardize(float[] x, int xStart, float[] shifts, float[] factors, float[] weight, float[] bias,
      int rows, int width, float[] y, int yStart) {
    for (int r = 0; r < rows; r++) {
      float shift = shifts[r];
      float factor = factors[r];
      int from = xStart + r * width;
      int to = yStart + r * width;
      for (int j = 0; j < width; j++) {
        y[to + j] = Math.fma((x[from + j] + shift) * factor, weight[j], bias[j]);
      }
    }
  }

  @Override
  public void standardizeGradient(float[] h, int hStart, float[] shifts, float[] factors, float[] means,
      float[] slopes, int rows, int width, float[] y, int yStart) {
    for (int r = 0; r < rows; r++) {
      float shift = shifts[r];
      float factor = factors[r];
      float slope = -slopes[r];
      float mean = means[r];
      int from = hStart + r * width;
      int to = yStart + r * width;
      for (int j = 0; j < width; j++) {
        float z = (y[to + j] + shift) * factor;
        y[to + j] = factor * Math.fma(slope, z, h[from + j] - mean);
      }
    }
  }
}
