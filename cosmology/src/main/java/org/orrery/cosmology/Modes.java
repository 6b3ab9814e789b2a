package org.orrery.cosmology;

import org.jtransforms.fft.FloatFFT_1D;

/// A real field on a cube of n^3 cells and its Fourier modes, of which half are kept: the others are their conjugates.
///
/// Modes are `[n, n, n / 2 + 1]` complex numbers, real and imaginary part beside each other; entry (a, b, c) is the wave
/// vector 2 pi / L (wave(a), wave(b), c). An instance holds the work arrays of one thread.
final class Modes {
  /// Numbers along one axis.
  private final float[] line;
  private final FloatFFT_1D transform;
  private final int n;
  private final int half;

  Modes(int n) {
    this.n = n;
    half = n / 2 + 1;
    transform = new FloatFFT_1D(n);
    line = new float[2 * n];
  }

  /// How many numbers the modes are.
  int size() {
    return 2 * n * n * half;
  }

  /// Which multiple of the lowest wave number an index along a full axis is.
  static int wave(int index, int n) {
    return index <= n / 2 ? index : index - n;
  }

  /// sum_x f(x) exp(-i k x).
  float[] forward(float[] field) {
    float[] modes = new float[size()];
    float[] row = new float[n];
    for (int line = 0; line < n * n; line++) {
      System.arraycopy(field, line * n, row, 0, n);
      transform.realForward(row);
      int at = 2 * line * half;
      modes[at] = row[0];
      System.arraycopy(row, 2, modes, at + 2, n - 2);
      modes[at + n] = row[1];
    }
    alongFullAxes(modes, true);
    return modes;
  }

  /// 1 / n^3 sum_k f(k) exp(i k x); the modes are overwritten.
  float[] inverse(float[] modes) {
    alongFullAxes(modes, false);
    float[] field = new float[n * n * n];
    float scale = 1f / (n * n);
    float[] row = new float[n];
    for (int line = 0; line < n * n; line++) {
      int at = 2 * line * half;
      row[0] = modes[at];
      row[1] = modes[at + n];
      System.arraycopy(modes, at + 2, row, 2, n - 2);
      transform.realInverse(row, true);
      for (int i = 0; i < n; i++) {
        field[line * n + i] = row[i] * scale;
      }
    }
    return field;
  }

  /// Both axes of which all waves are kept, one after the other.
  private void alongFullAxes(float[] modes, boolean forward) {
    int plane = 2 * n * half;
    for (int slice = 0; slice < n; slice++) {
      alongAxis(modes, slice * plane, 2 * half, forward);
    }
    for (int slice = 0; slice < n; slice++) {
      alongAxis(modes, slice * 2 * half, plane, forward);
    }
  }

  /// Transforms n complex numbers that are `stride` apart, for each of the `half` that stand beside each other.
  private void alongAxis(float[] modes, int start, int stride, boolean forward) {
    for (int c = 0; c < half; c++) {
      int from = start + 2 * c;
      for (int i = 0; i < n; i++) {
        line[2 * i] = modes[from + i * stride];
        line[2 * i + 1] = modes[from + i * stride + 1];
      }
      if (forward) {
        transform.complexForward(line);
      } else {
        transform.complexInverse(line, false);
      }
      for (int i = 0; i < n; i++) {
        modes[from + i * stride] = line[2 * i];
        modes[from + i * stride + 1] = line[2 * i + 1];
      }
    }
  }
}
