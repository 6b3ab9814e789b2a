package org.orrery.cosmology;

import java.util.Arrays;
import java.util.List;
import org.orrery.graph.space.Pairs;

/// What counting pairs tells of a catalog: its power spectrum, and for pairs by separation their excess, their mean infall and
/// the dispersion of their velocities.
///
/// - P(k): the mean over shells of width 2 pi / L of |delta_k|^2 of objects assigned to cells (cloud in cell, its window divided
///   out), V / N of shot noise included. With a line of sight also the quadrupole, 5 times the mean with L_2(mu).
/// - xi(r) = DD / RR - 1, RR exact in a periodic box.
/// - v(r), sigma(r): mean and root mean square of (v_j - v_i) . r_ij / r_ij over pairs, km/s.
public final class TwoPointStatistics {
  private final double[] power;
  private final double[] quadrupole;
  private final double[] excess;
  private final double[] infall;
  private final double[] dispersion;

  /// What is measured.
  ///
  /// @param shells of wave numbers, each 2 pi / L wide, from half of one up
  /// @param separations edges of the bins of pairs, ascending, Mpc/h; the last at most half the box
  /// @param cells along a side for the power spectrum
  /// @param lineOfSight the axis of the quadrupole
  @SuppressWarnings("ArrayRecordComponent") // copied, never compared
  public record Settings(int shells, double[] separations, int cells, int lineOfSight) {
    /// @throws IllegalArgumentException where a number is out of range, naming it
    public Settings {
      separations = separations.clone();
      require(shells >= 1 && shells < cells / 2, shells + " shells of " + cells + " cells; 1 to below half the cells");
      require(cells >= 4 && cells % 2 == 0, cells + " cells a side; an even number of 4 or more");
      require(lineOfSight >= 0 && lineOfSight < 3, "line of sight along axis " + lineOfSight + "; 0 to 2");
      require(separations.length >= 2, separations.length + " edges of separations; 2 or more");
      for (int b = 1; b < separations.length; b++) {
        require(separations[b] > separations[b - 1] && separations[0] >= 0,
            "separations " + Arrays.toString(separations) + "; ascending ones from 0 or more");
      }
    }

    /// So many shells, and separations from 3 Mpc/h to 0.4 L in equal steps of their logarithm.
    public static Settings of(double side, int shells, int bins, int cells) {
      double[] edges = new double[bins + 1];
      Arrays.setAll(edges, b -> 3 * Math.pow(0.4 * side / 3, (double) b / bins));
      return new Settings(shells, edges, cells, 2);
    }

    @Override
    public double[] separations() {
      return separations.clone();
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("two-point statistics: " + message + " is required");
    }
  }

  private TwoPointStatistics(double[][] spectra, double[][] pairs) {
    power = spectra[0];
    quadrupole = spectra[1];
    excess = pairs[0];
    infall = pairs[1];
    dispersion = pairs[2];
  }

  /// Measures a catalog.
  ///
  /// @throws IllegalArgumentException where it has fewer than two objects, or separations reach beyond half the box
  public static TwoPointStatistics of(Catalog catalog, Settings settings) {
    require(catalog.size() >= 2, catalog.size() + " objects; two or more");
    return new TwoPointStatistics(spectra(catalog, settings), pairs(catalog, settings));
  }

  private static double[][] spectra(Catalog catalog, Settings settings) {
    int n = settings.cells;
    float[] modes = new Modes(n).forward(cells(catalog, n));
    double[] sum = new double[settings.shells];
    double[] second = new double[settings.shells];
    double[] count = new double[settings.shells];
    double volume = Math.pow(catalog.side(), 3) / Math.pow(n, 6);
    int at = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        for (int c = 0; c <= n / 2; c++, at += 2) {
          int[] wave = {Modes.wave(a, n), Modes.wave(b, n), c};
          int square = wave[0] * wave[0] + wave[1] * wave[1] + c * c;
          int shell = (int) (Math.sqrt(square) - 0.5);
          if (square == 0 || shell >= settings.shells) {
            continue;
          }
          double window = window(wave[0], n) * window(wave[1], n) * window(c, n);
          double p = ((double) modes[at] * modes[at] + (double) modes[at + 1] * modes[at + 1]) * volume
              / (window * window);
          double weight = c == 0 || 2 * c == n ? 1 : 2;
          double along = wave[settings.lineOfSight];
          sum[shell] += weight * p;
          second[shell] += weight * p * 5 * (1.5 * along * along / square - 0.5);
          count[shell] += weight;
        }
      }
    }
    for (int shell = 0; shell < settings.shells; shell++) {
      sum[shell] /= count[shell];
      second[shell] /= count[shell];
    }
    return new double[][] {sum, second};
  }

  /// The transform of a cloud in a cell along an axis: (sin x / x)^2 with x = pi k / n.
  private static double window(int wave, int n) {
    double x = Math.PI * wave / n;
    double sinc = wave == 0 ? 1 : Math.sin(x) / x;
    return sinc * sinc;
  }

  /// The density contrast of objects, each shared among the eight nearest centers.
  static float[] cells(Catalog catalog, int n) {
    double[] density = new double[n * n * n];
    double cell = catalog.side() / n;
    int[] low = new int[3];
    double[] part = new double[3];
    for (int i = 0; i < catalog.size(); i++) {
      for (int axis = 0; axis < 3; axis++) {
        double x = catalog.position(i, axis) / cell - 0.5;
        low[axis] = (int) Math.floor(x);
        part[axis] = x - low[axis];
      }
      for (int corner = 0; corner < 8; corner++) {
        int index = 0;
        double weight = 1;
        for (int axis = 0; axis < 3; axis++) {
          int up = corner >> axis & 1;
          index = index * n + Math.floorMod(low[axis] + up, n);
          weight *= up == 1 ? part[axis] : 1 - part[axis];
        }
        density[index] += weight;
      }
    }
    double mean = (double) catalog.size() / density.length;
    float[] contrast = new float[density.length];
    for (int i = 0; i < contrast.length; i++) {
      contrast[i] = (float) (density[i] / mean - 1);
    }
    return contrast;
  }

  private static double[][] pairs(Catalog catalog, Settings settings) {
    double[] edges = settings.separations;
    int bins = edges.length - 1;
    double side = catalog.side();
    require(edges[bins] <= side / 2, "separations up to " + edges[bins] + " in a box of " + side + "; half of it");
    List<double[]> parts = Pairs.fold(catalog.space(), catalog.positions(), edges[bins], new Pairs.Fold<double[]>() {
      @Override
      public double[] start() {
        return new double[3 * bins];
      }

      @Override
      public void pair(double[] sums, int first, int second, double square) {
        double r = Math.sqrt(square);
        int bin = Arrays.binarySearch(edges, r);
        bin = bin >= 0 ? bin : -bin - 2;
        if (bin < 0 || bin >= bins || r == 0) {
          return;
        }
        double along = 0;
        for (int axis = 0; axis < 3; axis++) {
          double d = catalog.position(second, axis) - catalog.position(first, axis);
          d -= side * Math.rint(d / side);
          along += d / r * (catalog.velocity(second, axis) - catalog.velocity(first, axis));
        }
        sums[bin]++;
        sums[bins + bin] += along;
        sums[2 * bins + bin] += along * along;
      }
    });
    double[] sums = new double[3 * bins];
    parts.forEach(part -> Arrays.setAll(sums, i -> sums[i] + part[i]));
    double[][] result = new double[3][bins];
    double pairs = 0.5 * catalog.size() * (catalog.size() - 1.0) / Math.pow(side, 3);
    for (int b = 0; b < bins; b++) {
      double shell = 4 * Math.PI / 3 * (Math.pow(edges[b + 1], 3) - Math.pow(edges[b], 3));
      result[0][b] = sums[b] / (pairs * shell) - 1;
      result[1][b] = sums[b] == 0 ? 0 : sums[bins + b] / sums[b];
      result[2][b] = sums[b] == 0 ? 0 : Math.sqrt(sums[2 * bins + b] / sums[b]);
    }
    return result;
  }

  /// P by shell, (Mpc/h)^3.
  public double[] power() {
    return power.clone();
  }

  /// The quadrupole of P by shell, (Mpc/h)^3.
  public double[] quadrupole() {
    return quadrupole.clone();
  }

  /// xi by separation.
  public double[] excess() {
    return excess.clone();
  }

  /// The mean velocity apart by separation, km/s, negative where pairs fall together; 0 without pairs.
  public double[] infall() {
    return infall.clone();
  }

  /// The root mean square of the velocity apart by separation, km/s; 0 without pairs.
  public double[] dispersion() {
    return dispersion.clone();
  }
}
