package org.orrery.cosmology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The background and its linear power.
class CosmologyTest {
  private static final Cosmology UNIVERSE = Cosmology.of(0.3, 0.8);

  private static void refused(String part, Executable call) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.contains(part), message);
  }

  @Test
  void structureGrowsAsTheScaleFactorWhereMatterIsAll() {
    Cosmology matter = new Cosmology(1, 0.05, 0.7, 1, 0.8);
    for (double z : new double[] {0, 0.5, 3, 20}) {
      assertEquals(1 / (1 + z), matter.growth(z), 1e-12);
      assertEquals(1, matter.growthRate(z), 1e-12);
      assertEquals(2, matter.secondOrderGrowthRate(z), 1e-12);
      assertEquals(Math.pow(1 + z, 1.5), matter.expansion(z), 1e-9 * Math.pow(1 + z, 1.5));
    }
  }

  /// D(a) = 5/2 omegaM E(a) int_0^a da' / (a' E(a'))^3 (Heath 1977), integrated here by the midpoint rule.
  @Test
  void growthAgreesWithItsIntegralWithinOnePercent() {
    for (double z : new double[] {0.3, 1, 2, 5}) {
      double expected = growthIntegral(1 / (1 + z)) / growthIntegral(1);
      assertEquals(1, UNIVERSE.growth(z) / expected, 0.01, "redshift " + z);
      double step = 1e-3;
      double rate = Math.log(growthIntegral((1 + step) / (1 + z)) / growthIntegral((1 - step) / (1 + z))) / (2 * step);
      assertEquals(1, UNIVERSE.growthRate(z) / rate, 0.01, "redshift " + z);
    }
  }

  private static double growthIntegral(double a) {
    int steps = 20_000;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double at = a * (i + 0.5) / steps;
      double e = UNIVERSE.expansion(1 / at - 1);
      sum += a / steps / Math.pow(at * e, 3);
    }
    return 2.5 * 0.3 * UNIVERSE.expansion(1 / a - 1) * sum;
  }

  @Test
  void densityInSpheresOfEightIsSigmaEight() {
    for (double omegaM : new double[] {0.1, 0.3, 0.5}) {
      assertEquals(0.8, new LinearPower(Cosmology.of(omegaM, 0.8)).sigma(8), 1e-12);
    }
  }

  @Test
  void powerGrowsWithTheSquareOfSigmaEightAndKeepsItsShape() {
    LinearPower low = new LinearPower(Cosmology.of(0.3, 0.6));
    LinearPower high = new LinearPower(Cosmology.of(0.3, 0.9));
    for (double k : new double[] {1e-3, 0.1, 5}) {
      assertEquals(2.25, high.at(k) / low.at(k), 1e-9);
    }
  }

  /// On the largest scales T is 1; on the smallest it falls as ln(k) / k^2.
  @Test
  void transferHasItsLimits() {
    LinearPower power = new LinearPower(UNIVERSE);
    assertEquals(1, power.transfer(1e-6), 1e-3);
    double fall = Math.log(power.transfer(2e4) / power.transfer(1e4)) / Math.log(2);
    assertEquals(-2 + 1 / Math.log(1e4 * 10), fall, 0.03);
  }

  /// Without baryons the zero-baryon form of Eisenstein & Hu 1998, eq. 29, with shape omegaM h.
  @Test
  void transferWithoutBaryonsIsTheirShapeFunction() {
    LinearPower power = new LinearPower(new Cosmology(0.3, 1e-9, 0.7, 1, 0.8));
    for (double k : new double[] {0.01, 0.1, 1}) {
      double q = k * Math.pow(2.7255 / 2.7, 2) / (0.3 * 0.7);
      double l = Math.log(2 * Math.E + 1.8 * q);
      assertEquals(l / (l + (14.2 + 731 / (1 + 62.5 * q)) * q * q), power.transfer(k), 1e-6);
    }
  }

  @Test
  void aMassAndItsSphereGoTogether() {
    LinearPower power = new LinearPower(UNIVERSE);
    assertEquals(1e14, power.massOf(power.radiusOf(1e14)), 1e4);
    assertEquals(power.sigma(power.radiusOf(1e14)), power.sigmaOfMass(1e14), 0);
    // 4 pi / 3 x 0.3 x 2.77536627e11 x 512 = 1.7857e14 M_sun/h in spheres of 8 Mpc/h
    assertEquals(1.7857e14, power.massOf(8), 1e10);
  }

  @Test
  void aUniverseThatCannotBeIsRefused() {
    assertEquals("cosmology: omegaM is 1.2; it must be above 0 and at most 1",
        assertThrows(IllegalArgumentException.class, () -> Cosmology.of(1.2, 0.8)).getMessage());
    refused("omegaB is 0.049; it must be above 0 and below omegaM", () -> Cosmology.of(0.04, 0.8));
    assertThrows(IllegalArgumentException.class, () -> Cosmology.of(Double.NaN, 0.8));
    assertThrows(IllegalArgumentException.class, () -> Cosmology.of(0.3, 0));
    assertThrows(IllegalArgumentException.class, () -> UNIVERSE.growth(-0.5));
    assertThrows(IllegalArgumentException.class, () -> new LinearPower(UNIVERSE).sigma(0));
  }
}
