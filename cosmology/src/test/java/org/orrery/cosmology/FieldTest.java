package org.orrery.cosmology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.orrery.tensor.Key;

/// Fields, their modes and what moves along them.
class FieldTest {
  private static final LinearPower POWER = new LinearPower(Cosmology.of(0.3, 0.8));

  private static void refused(String part, Executable call) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.contains(part), message);
  }

  @Test
  void modesAreTheSumsTheyStandFor() {
    int n = 6;
    float[] field = Key.of(1).normal(n * n * n);
    float[] modes = new Modes(n).forward(field);
    for (int[] k : new int[][] {{0, 0, 0}, {1, 2, 3}, {5, 0, 1}, {3, 4, 2}, {2, 5, 0}}) {
      double re = 0;
      double im = 0;
      for (int x = 0; x < n; x++) {
        for (int y = 0; y < n; y++) {
          for (int z = 0; z < n; z++) {
            double angle = -2 * Math.PI * (k[0] * x + k[1] * y + k[2] * z) / n;
            re += field[(x * n + y) * n + z] * Math.cos(angle);
            im += field[(x * n + y) * n + z] * Math.sin(angle);
          }
        }
      }
      int at = 2 * ((k[0] * n + k[1]) * (n / 2 + 1) + k[2]);
      assertEquals(re, modes[at], 1e-4, "real part of mode " + k[0] + k[1] + k[2]);
      assertEquals(im, modes[at + 1], 1e-4, "imaginary part of mode " + k[0] + k[1] + k[2]);
    }
    assertArrayEquals(field, new Modes(n).inverse(modes), 1e-5f);
  }

  /// The mean of |delta_k|^2 V / n^6 over the modes of a shell and ten fields is P(k), with a spread of sqrt(1 / modes).
  @Test
  void fieldsHaveTheirPower() {
    int n = 32;
    double side = 200;
    double[] sum = new double[9];
    int[] modes = new int[9];
    for (int seed = 0; seed < 10; seed++) {
      float[] density = LinearField.draw(POWER, side, n, Key.of(seed)).density();
      float[] spectrum = new Modes(n).forward(density);
      for (int a = 0, at = 0; a < n; a++) {
        for (int b = 0; b < n; b++) {
          for (int c = 0; c <= n / 2; c++, at += 2) {
            int x = Modes.wave(a, n);
            int y = Modes.wave(b, n);
            double wave = Math.sqrt(x * x + y * y + c * c);
            int shell = (int) Math.round(wave);
            if (shell > 0 && shell < 9 && c > 0 && c < n / 2) {
              double square = spectrum[at] * (double) spectrum[at] + spectrum[at + 1] * (double) spectrum[at + 1];
              sum[shell] += square * Math.pow(side, 3) / Math.pow(n, 6) / POWER.at(2 * Math.PI / side * wave);
              modes[shell]++;
            }
          }
        }
      }
    }
    for (int shell = 1; shell < 9; shell++) {
      assertEquals(1, sum[shell] / modes[shell], 4 / Math.sqrt(modes[shell]), "shell " + shell);
    }
  }

  @Test
  void oneKeyGivesTheSamePhasesInEveryUniverse() {
    float[] one = LinearField.draw(POWER, 100, 8, Key.of(3)).density();
    float[] twice = LinearField.draw(new LinearPower(Cosmology.of(0.3, 1.6)), 100, 8, Key.of(3)).density();
    for (int i = 0; i < one.length; i++) {
      assertEquals(2 * one[i], twice[i], 1e-4);
    }
    assertArrayEquals(one, LinearField.draw(POWER, 100, 8, Key.of(3)).density());
    double sum = 0;
    for (float value : one) {
      sum += value;
    }
    assertEquals(0, sum / one.length, 1e-6);
  }

  @Test
  void smoothingWithASphereAveragesOverIt() {
    int n = 32;
    LinearField field = LinearField.draw(POWER, 64, n, Key.of(4));
    float[] density = field.density();
    float[] smooth = field.inSpheres(16);
    double sum = 0;
    int cells = 0;
    for (int x = -8; x <= 8; x++) {
      for (int y = -8; y <= 8; y++) {
        for (int z = -8; z <= 8; z++) {
          if (x * x + y * y + z * z <= 64) {
            sum += density[((x + n) % n * n + (y + n) % n) * n + (z + n) % n];
            cells++;
          }
        }
      }
    }
    // The cells' sphere is not quite round.
    assertEquals(sum / cells, smooth[0], 0.03);
  }

  /// Where the density is A cos(k x), psi_1 = -A / k sin(k x) and there is no second order, as there are no tides.
  @Test
  void aPlaneWaveMovesAsZeldovichSays() {
    int n = 16;
    double side = 50;
    double k = 2 * Math.PI / side;
    LinearField wave = LinearField.of(POWER, side, n, (x, y, z) -> 0.2 * Math.cos(k * x));
    Displacement first = Displacement.of(wave, 0, Displacement.Order.FIRST);
    Displacement second = Displacement.of(wave, 0, Displacement.Order.SECOND);
    for (int x = 0; x < n; x++) {
      double at = (x + 0.5) * side / n;
      int cell = (x * n + 3) * n + 5;
      assertEquals(-0.2 / k * Math.sin(k * at), first.along(0)[cell], 1e-5);
      assertEquals(0, first.along(1)[cell], 1e-5);
      assertEquals(first.along(0)[cell], second.along(0)[cell], 1e-5);
      assertEquals(100 * Math.pow(0.3, 5.0 / 9) * first.along(0)[cell], first.velocityAlong(0)[cell], 1e-3);
    }
  }

  /// delta = A cos(k x) + B cos(k y) has tides phi_xx phi_yy = A B cos(k x) cos(k y), whose inverse Laplacian is
  /// -A B / (2 k^2) cos(k x) cos(k y); so psi_2 along x is -3/7 Omega^(-1/143) A B / (2 k) sin(k x) cos(k y).
  @Test
  void crossingWavesMoveByTheirTidesToo() {
    int n = 16;
    double side = 50;
    double k = 2 * Math.PI / side;
    LinearField waves = LinearField.of(POWER, side, n, (x, y, z) -> 0.2 * Math.cos(k * x) + 0.3 * Math.cos(k * y));
    Displacement first = Displacement.of(waves, 0, Displacement.Order.FIRST);
    Displacement second = Displacement.of(waves, 0, Displacement.Order.SECOND);
    double factor = -3.0 / 7 * Math.pow(0.3, -1.0 / 143) * 0.2 * 0.3 / (2 * k);
    for (int x = 0; x < n; x++) {
      for (int y = 0; y < n; y++) {
        int cell = (x * n + y) * n + 2;
        double expected = factor * Math.sin(k * (x + 0.5) * side / n) * Math.cos(k * (y + 0.5) * side / n);
        assertEquals(expected, second.along(0)[cell] - first.along(0)[cell], 1e-5);
        assertEquals(100 * 2 * Math.pow(0.3, 6.0 / 11) * expected,
            second.velocityAlong(0)[cell] - first.velocityAlong(0)[cell], 2e-3);
      }
    }
  }

  @Test
  void smoothingOfTheDisplacementDampsAWaveByItsWindow() {
    double k = 2 * Math.PI / 50;
    LinearField wave = LinearField.of(POWER, 50, 16, (x, y, z) -> 0.2 * Math.cos(k * z));
    float sharp = Displacement.of(wave, 0, Displacement.Order.FIRST).along(2)[3];
    float smooth = Displacement.of(wave, 5, Displacement.Order.FIRST).along(2)[3];
    assertEquals(Math.exp(-k * k * 25 / 2), smooth / sharp, 1e-5);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertEquals("linear field: 7 cells a side; an even number from 4 to 1024 is required",
        assertThrows(IllegalArgumentException.class, () -> LinearField.draw(POWER, 100, 7, Key.of(0))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> LinearField.draw(POWER, -1, 8, Key.of(0)));
    LinearField field = LinearField.draw(POWER, 100, 8, Key.of(0));
    refused("smoothing of NaN", () -> Displacement.of(field, Double.NaN, Displacement.Order.FIRST));
  }
}
