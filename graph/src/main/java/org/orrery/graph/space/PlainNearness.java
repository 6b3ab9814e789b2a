package org.orrery.graph.space;

import org.jspecify.annotations.Nullable;

/// The definition, in a loop that the compiler may turn into vectors and one without a branch.
final class PlainNearness implements Nearness {
  @Override
  public int within(double limit, double[][] at, int count, double px, double py, double pz,
      double @Nullable [] periods, double[] near, double[] found) {
    if (periods == null) {
      measure(at, count, px, py, pz, near);
    } else {
      measureImages(at, count, px, py, pz, periods, near);
    }
    return keep(limit, count, near, found);
  }

  /// Moves the squares that are at most the limit to the front, and writes where they were.
  static int keep(double limit, int count, double[] near, double[] found) {
    int size = 0;
    for (int i = 0; i < count; i++) {
      double square = near[i];
      near[size] = square;
      found[size] = i;
      size += square <= limit ? 1 : 0;
    }
    return size;
  }

  /// Where the nearest image is the point itself.
  private static void measure(double[][] at, int count, double px, double py, double pz, double[] squares) {
    double[] xs = at[0];
    double[] ys = at[1];
    double[] zs = at[2];
    for (int i = 0; i < count; i++) {
      double x = xs[i] - px;
      double y = ys[i] - py;
      double z = zs[i] - pz;
      squares[i] = x * x + y * y + z * z;
    }
  }

  /// The bits are those of [Rectangular#shortest(double, double, double)]: of a distance and the rest of the period the smaller
  /// one counts, and that difference is exact.
  private static void measureImages(
      double[][] at, int count, double px, double py, double pz, double[] periods, double[] squares) {
    double[] xs = at[0];
    double[] ys = at[1];
    double[] zs = at[2];
    double xPeriod = periods[0];
    double yPeriod = periods[1];
    double zPeriod = periods[2];
    for (int i = 0; i < count; i++) {
      double x = Math.abs(xs[i] - px);
      double y = Math.abs(ys[i] - py);
      double z = Math.abs(zs[i] - pz);
      x = Math.min(x, xPeriod - x);
      y = Math.min(y, yPeriod - y);
      z = Math.min(z, zPeriod - z);
      squares[i] = x * x + y * y + z * z;
    }
  }
}
