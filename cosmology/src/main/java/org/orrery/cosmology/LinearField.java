package org.orrery.cosmology;

import org.orrery.graph.space.Space;
import org.orrery.tensor.Key;

/// The linear density contrast today in a periodic box: a Gaussian field of the given power, or one that is given.
///
/// White noise of the key is filtered by sqrt(P(k)): one key gives the same phases in every universe. The mean is 0.
/// Fields are `[n, n, n]`, row-major; cell (a, b, c) has its center at L / n (a + 1/2, b + 1/2, c + 1/2).
public final class LinearField {
  private final LinearPower power;
  private final double side;
  private final int n;
  private final Modes transform;
  private final float[] modes;

  private LinearField(LinearPower power, double side, int n, Modes transform, float[] modes) {
    this.power = power;
    this.side = side;
    this.n = n;
    this.transform = transform;
    this.modes = modes;
  }

  /// Draws a field.
  ///
  /// @param side of the box, Mpc/h
  /// @param n cells along a side
  /// @throws IllegalArgumentException unless the side is positive and finite, and n even and from 4 to 1024
  public static LinearField draw(LinearPower power, double side, int n, Key key) {
    requireBox(side, n);
    Modes transform = new Modes(n);
    float[] modes = transform.forward(key.normal(n * n * n));
    double fundamental = 2 * Math.PI / side;
    double cells = (double) n * n * n;
    double norm = Math.sqrt(cells / (side * side * side));
    float[] root = new float[3 * (n / 2) * (n / 2) + 1];
    for (int square = 1; square < root.length; square++) {
      root[square] = (float) (norm * Math.sqrt(power.at(fundamental * Math.sqrt(square))));
    }
    filter(modes, n, root);
    return new LinearField(power, side, n, transform, modes);
  }

  /// A density contrast as a function of the place.
  @FunctionalInterface
  public interface Density {
    /// delta at a place, Mpc/h.
    double at(double x, double y, double z);
  }

  /// A field that is given, sampled at the centers of the cells; its mean is left out.
  ///
  /// @throws IllegalArgumentException as in [#draw]
  public static LinearField of(LinearPower power, double side, int n, Density density) {
    requireBox(side, n);
    float[] field = new float[n * n * n];
    double cell = side / n;
    for (int x = 0, i = 0; x < n; x++) {
      for (int y = 0; y < n; y++) {
        for (int z = 0; z < n; z++, i++) {
          field[i] = (float) density.at((x + 0.5) * cell, (y + 0.5) * cell, (z + 0.5) * cell);
        }
      }
    }
    Modes transform = new Modes(n);
    float[] modes = transform.forward(field);
    modes[0] = 0;
    modes[1] = 0;
    return new LinearField(power, side, n, transform, modes);
  }

  private static void requireBox(double side, int n) {
    require(side > 0 && side < Double.POSITIVE_INFINITY, "a box of " + side + " Mpc/h; a positive finite side");
    require(n >= 4 && n <= 1024 && n % 2 == 0, n + " cells a side; an even number from 4 to 1024");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("linear field: " + message + " is required");
    }
  }

  /// Multiplies each mode by what a table has at the square of its wave vector in units of the lowest.
  private static void filter(float[] modes, int n, float[] bySquare) {
    int at = 0;
    for (int a = 0; a < n; a++) {
      int x = Modes.wave(a, n);
      for (int b = 0; b < n; b++) {
        int y = Modes.wave(b, n);
        int across = x * x + y * y;
        for (int c = 0; c <= n / 2; c++, at += 2) {
          float factor = bySquare[across + c * c];
          modes[at] *= factor;
          modes[at + 1] *= factor;
        }
      }
    }
  }

  /// What the field was drawn from.
  public LinearPower power() {
    return power;
  }

  /// The side of the box, Mpc/h.
  public double side() {
    return side;
  }

  /// Cells along a side.
  public int cells() {
    return n;
  }

  /// The box.
  public Space space() {
    return Space.periodic(side, side, side);
  }

  /// The density contrast, `[n, n, n]`.
  public float[] density() {
    return transform.inverse(modes.clone());
  }

  /// The density contrast, averaged in spheres of radius R around each center, `[n, n, n]`.
  ///
  /// @param radius Mpc/h
  public float[] inSpheres(double radius) {
    float[] window = new float[3 * (n / 2) * (n / 2) + 1];
    for (int square = 0; square < window.length; square++) {
      window[square] = (float) LinearPower.sphere(radius * 2 * Math.PI / side * Math.sqrt(square));
    }
    float[] smooth = modes.clone();
    filter(smooth, n, window);
    return transform.inverse(smooth);
  }

  /// The modes after smoothing with exp(-k^2 R^2 / 2).
  float[] smoothed(double radius) {
    float[] window = new float[3 * (n / 2) * (n / 2) + 1];
    for (int square = 0; square < window.length; square++) {
      double x = radius * 2 * Math.PI / side;
      window[square] = (float) Math.exp(-0.5 * x * x * square);
    }
    float[] smooth = modes.clone();
    filter(smooth, n, window);
    return smooth;
  }

  Modes transform() {
    return transform;
  }
}
