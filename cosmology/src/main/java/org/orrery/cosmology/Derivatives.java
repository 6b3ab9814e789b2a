package org.orrery.cosmology;

/// Derivatives of the potential phi of a field, nabla^2 phi = delta, by its modes.
final class Derivatives {
  private final Modes transform;
  private final int n;
  private final double fundamental;

  Derivatives(LinearField field) {
    transform = field.transform();
    n = field.cells();
    fundamental = 2 * Math.PI / field.side();
  }

  /// factor d phi / d x_axis: -i k / k^2 delta times the factor.
  float[] inverseGradient(float[] modes, int axis, double factor) {
    float[] result = new float[modes.length];
    float scale = (float) (factor / fundamental);
    int at = 0;
    for (int a = 0; a < n; a++) {
      int x = Modes.wave(a, n);
      for (int b = 0; b < n; b++) {
        int y = Modes.wave(b, n);
        int across = x * x + y * y;
        for (int c = 0; c <= n / 2; c++, at += 2) {
          int wave = axis == 0 ? x : axis == 1 ? y : c;
          int square = across + c * c;
          if (square > 0 && 2 * wave != n) {
            float g = scale * wave / square;
            result[at] = g * modes[at + 1];
            result[at + 1] = -g * modes[at];
          }
        }
      }
    }
    return transform.inverse(result);
  }

  /// The sum over pairs of axes of phi_aa phi_bb - phi_ab^2.
  float[] tides(float[] modes) {
    float[] xx = second(modes, 0, 0);
    float[] yy = second(modes, 1, 1);
    float[] zz = second(modes, 2, 2);
    float[] xy = second(modes, 0, 1);
    float[] xz = second(modes, 0, 2);
    float[] yz = second(modes, 1, 2);
    for (int i = 0; i < xx.length; i++) {
      xx[i] = xx[i] * yy[i] + xx[i] * zz[i] + yy[i] * zz[i] - xy[i] * xy[i] - xz[i] * xz[i] - yz[i] * yz[i];
    }
    return xx;
  }

  /// d^2 phi / d x_one d x_other: k_one k_other / k^2 delta. A mixed one vanishes at the highest wave number along one of
  /// its axes, where it has no sign.
  private float[] second(float[] modes, int one, int other) {
    float[] result = new float[modes.length];
    int at = 0;
    for (int a = 0; a < n; a++) {
      int x = Modes.wave(a, n);
      for (int b = 0; b < n; b++) {
        int y = Modes.wave(b, n);
        int across = x * x + y * y;
        for (int c = 0; c <= n / 2; c++, at += 2) {
          int first = one == 0 ? x : one == 1 ? y : c;
          int second = other == 0 ? x : other == 1 ? y : c;
          int square = across + c * c;
          if (square > 0 && (one == other || (2 * first != n && 2 * second != n))) {
            float g = (float) (first * second) / square;
            result[at] = g * modes[at];
            result[at + 1] = g * modes[at + 1];
          }
        }
      }
    }
    return transform.inverse(result);
  }
}
