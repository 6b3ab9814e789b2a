package org.orrery.cosmology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.orrery.cosmology.TwoPointStatistics.Settings;
import org.orrery.tensor.Key;

/// Spectra and pairs of catalogs whose answers are known.
class TwoPointStatisticsTest {
  private static Catalog scattered(int count, double side, long seed) {
    double[] x = Key.of(seed).uniformDouble(3 * count);
    double[] v = new double[3 * count];
    double[] m = new double[count];
    Arrays.setAll(x, i -> x[i] * side);
    Arrays.setAll(v, i -> 100 * Key.of(seed).normal(3 * count)[i]);
    Arrays.fill(m, 1);
    return Catalog.of(side, x, v, m);
  }

  /// N points at random have P = V / N in every shell, with a spread of sqrt(2 / modes) of it, and no excess of pairs.
  @Test
  void pointsAtRandomHaveShotNoiseAndNoExcess() {
    double[] power = new double[6];
    double[] quadrupole = new double[6];
    double[] excess = new double[4];
    int fields = 20;
    for (int seed = 0; seed < fields; seed++) {
      Catalog catalog = scattered(500, 100, seed);
      TwoPointStatistics found = TwoPointStatistics.of(catalog,
          new Settings(6, new double[] {5, 10, 20, 30, 40}, 32, 2));
      Arrays.setAll(power, s -> power[s] + found.power()[s] / (1e6 / 500) / fields);
      Arrays.setAll(quadrupole, s -> quadrupole[s] + found.quadrupole()[s] / (1e6 / 500) / fields);
      Arrays.setAll(excess, b -> excess[b] + found.excess()[b] / fields);
    }
    for (int shell = 0; shell < 6; shell++) {
      double modes = 2 * Math.PI * (shell + 1) * (shell + 1) * fields; // independent ones: half of 4 pi k^2
      assertEquals(1, power[shell], 5 / Math.sqrt(modes), "shell " + shell);
      assertEquals(0, quadrupole[shell], 5 * Math.sqrt(5 / modes), "shell " + shell);
    }
    assertArrayEquals(new double[4], excess, 0.1);
  }

  /// A wave of density 1 + A cos(k x) has P = A^2 V / 4 in its modes +-k, of 18 in the lowest shell (0.5 to 1.5 of the lowest wave
  /// number: 6 along the axes and 12 along diagonals).
  @Test
  void aWaveOfPointsHasItsPowerAlongItsAxis() {
    int count = 64 * 32 * 32;
    double side = 64;
    double[] x = new double[3 * count];
    for (int i = 0; i < count; i++) {
      int plane = i / 1024;
      int line = i / 32 % 32;
      double q = plane + 0.5;
      x[3 * i] = q - 0.1 * side / (2 * Math.PI) * Math.sin(2 * Math.PI * q / side);
      x[3 * i + 1] = (line + 0.5) * 2;
      x[3 * i + 2] = (i % 32 + 0.5) * 2;
    }
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    Catalog catalog = Catalog.of(side, x, new double[3 * count], ones);
    TwoPointStatistics across = TwoPointStatistics.of(catalog, new Settings(1, new double[] {0.1, 0.2}, 32, 2));
    TwoPointStatistics along = TwoPointStatistics.of(catalog, new Settings(1, new double[] {0.1, 0.2}, 32, 0));
    // Displaced by psi = -(A / k) sin(k q), density is 1 / (1 - A cos(k q)), whose first mode at x is 2 J_1(A) / 1 to A^3: A.
    double expected = 0.1 * 0.1 / 4 * Math.pow(side, 3) * 2 / 18;
    assertEquals(1, across.power()[0] / expected, 0.01);
    assertEquals(5, along.quadrupole()[0] / along.power()[0], 1e-3);
    assertEquals(-2.5, across.quadrupole()[0] / across.power()[0], 1e-3);
  }

  /// Two objects 4 apart over the edge of the box that approach each other at 300 km/s, and a third, far away.
  @Test
  void aPairThatFallsTogetherIsSeenAcrossTheEdge() {
    Catalog catalog = Catalog.of(40, new double[] {1, 5, 5, 37, 5, 5, 20, 25, 25},
        new double[] {-100, 70, 0, 200, 0, 5, 0, 0, 0}, new double[] {1, 1, 1});
    TwoPointStatistics found = TwoPointStatistics.of(catalog, new Settings(2, new double[] {3, 5, 10}, 8, 2));
    assertEquals(-300, found.infall()[0], 1e-9);
    assertEquals(300, found.dispersion()[0], 1e-9);
    assertEquals(0, found.infall()[1], 0);
    // 1 pair where 3 / 64000 x 4 pi / 3 (125 - 27) = 0.019242 are expected
    assertEquals(1 / 0.019242 - 1, found.excess()[0], 0.01);
    assertEquals(-1, found.excess()[1], 0);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertEquals("two-point statistics: separations up to 30.0 in a box of 40.0; half of it is required",
        assertThrows(IllegalArgumentException.class, () -> TwoPointStatistics.of(scattered(9, 40, 1),
            new Settings(2, new double[] {3, 30}, 8, 2))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Settings(4, new double[] {3, 30}, 8, 2));
    assertThrows(IllegalArgumentException.class, () -> new Settings(2, new double[] {3, 3}, 8, 2));
    assertThrows(IllegalArgumentException.class,
        () -> TwoPointStatistics.of(scattered(1, 40, 1), new Settings(2, new double[] {3, 10}, 8, 2)));
  }
}
