package org.orrery.cosmology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.orrery.tensor.Key;

/// Halos of a field, what is selected of them, and their galaxies.
class HalosTest {
  private static final LinearPower POWER = new LinearPower(Cosmology.of(0.3, 0.8));

  /// A bump 3 exp(-r^2 / (2 s^2)) of s = 10 Mpc/h averages over a sphere of radius x s to
  /// 9 / x^3 (sqrt(pi / 2) erf(x / sqrt 2) - x exp(-x^2 / 2)). Less the mean of the box, 3 (2 pi)^(3/2) 1000 / 200^3 = 0.0059,
  /// that is 1.6865 at x = 1.4245: R is 14.245 Mpc/h up to the interpolation between scales.
  private static void refused(String part, Executable call) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.contains(part), message);
  }

  @Test
  void aBumpIsOneHaloOfTheSphereThatCollapses() {
    LinearField bump = LinearField.of(POWER, 200, 32, (x, y, z) -> {
      double square = (x - 103.125) * (x - 103.125) + (y - 103.125) * (y - 103.125) + (z - 103.125) * (z - 103.125);
      return 3 * Math.exp(-square / 200);
    });
    Catalog halos = new PeakPatches(6.25, 1.1, 16).halos(bump);
    assertEquals(1, halos.size());
    assertEquals(14.245, POWER.radiusOf(halos.masses()[0]), 0.03);
    for (double x : halos.positions()) {
      assertEquals(103.125, x, 1e-3); // pulled from all sides alike
    }
  }

  @Test
  void aPeakInTheSphereOfAHeavierOneIsSwallowed() {
    LinearField.Density two = (x, y, z) -> bump(x - 103.125, y - 103.125, z - 103.125, 10)
        + 0.9 * bump(x - 115.625, y - 103.125, z - 103.125, 4);
    LinearField.Density apart = (x, y, z) -> bump(x - 103.125, y - 103.125, z - 103.125, 10)
        + 0.9 * bump(x - 165.625, y - 103.125, z - 103.125, 6);
    PeakPatches patches = new PeakPatches(3, 1.15, 14);
    assertEquals(1, patches.halos(LinearField.of(POWER, 200, 32, two)).size());
    assertEquals(2, patches.halos(LinearField.of(POWER, 200, 32, apart)).size());
  }

  private static double bump(double x, double y, double z, double width) {
    return 4 * Math.exp(-(x * x + y * y + z * z) / (2 * width * width));
  }

  @Test
  void halosComeHeaviestFirstAndInTheBox() {
    LinearField field = LinearField.draw(POWER, 200, 32, Key.of(1));
    Catalog halos = PeakPatches.of(field).halos(field);
    double[] masses = halos.masses();
    for (int i = 1; i < masses.length; i++) {
      assertTrue(masses[i] <= masses[i - 1]);
    }
    Catalog few = PeakPatches.of(field).halos(field, 20);
    assertArrayEquals(halos.heaviest(20).positions(), few.positions());
    assertArrayEquals(few.masses(), PeakPatches.of(field).halos(field, 20).masses());
  }

  /// Press and Schechter 1974: more structure, more heavy halos.
  @Test
  void thereAreMoreHeavyHalosWhereSigmaEightIsLarger() {
    LinearField low = LinearField.draw(new LinearPower(Cosmology.of(0.3, 0.6)), 200, 32, Key.of(2));
    LinearField high = LinearField.draw(new LinearPower(Cosmology.of(0.3, 1.0)), 200, 32, Key.of(2));
    int few = PeakPatches.of(low).halos(low).above(3e14).size();
    int many = PeakPatches.of(high).halos(high).above(3e14).size();
    assertTrue(many > 2 * few + 5, many + " against " + few);
  }

  private static Catalog three() {
    return Catalog.of(10, new double[] {1, 2, 3, 9, 9, 9, 4, 5, 6}, new double[] {0, 0, 100, 0, 0, 300, -100, 0, 0},
        new double[] {2, 5, 3});
  }

  @Test
  void selectionsKeepTheOrderOfTheCatalog() {
    assertArrayEquals(new double[] {5, 3}, three().heaviest(2).masses());
    assertArrayEquals(new double[] {2, 3}, three().where(i -> i != 1).masses());
    assertArrayEquals(new double[] {4, 5, 6}, three().where(i -> i == 2).positions());
    assertEquals(2, three().above(3).size());
    assertEquals("catalog: 4 of 3 objects; 0 to all is required",
        assertThrows(IllegalArgumentException.class, () -> three().heaviest(4)).getMessage());
  }

  /// A hundred km/s are one Mpc/h.
  @Test
  void redshiftSpaceMovesAlongTheLineOfSightAndStaysInTheBox() {
    assertArrayEquals(new double[] {1, 2, 4, 9, 9, 2, 4, 5, 6}, three().inRedshiftSpace(2).positions(), 1e-12);
    assertArrayEquals(three().velocities(), three().inRedshiftSpace(2).velocities());
    assertThrows(IllegalArgumentException.class, () -> three().inRedshiftSpace(3));
  }

  @Test
  void aCatalogThatCannotBeIsRefused() {
    double[] v = new double[3];
    refused("object 0 at 10.0 along axis 2", () -> Catalog.of(10, new double[] {1, 2, 10}, v, new double[] {1}));
    refused("object 0 of -1.0", () -> Catalog.of(10, new double[] {1, 2, 3}, v, new double[] {-1}));
    assertThrows(IllegalArgumentException.class,
        () -> Catalog.of(10, new double[] {1, 2, 3}, new double[] {0, 3e5, 0}, new double[] {1}));
    assertThrows(IllegalArgumentException.class, () -> Catalog.of(10, new double[] {1, 2}, v, new double[] {1}));
    assertThrows(IllegalArgumentException.class,
        () -> Catalog.of(10, new double[] {1, 2, Double.NaN}, v, new double[] {1}));
  }

  private static final HaloOccupation OCCUPATION = new HaloOccupation(13, 0.3, 13, 14, 1);

  /// At its threshold half of the halos have a central galaxy; (5e14 - 1e13) / 1e14 = 4.9 satellites follow.
  @Test
  void occupationHasItsMeans() {
    assertEquals(0.5, OCCUPATION.centrals(1e13), 1e-12);
    assertEquals(4.9, OCCUPATION.satellites(5e14), 1e-12);
    assertEquals(0, OCCUPATION.satellites(9e12), 0);
    int halos = 4000;
    double[] masses = new double[halos];
    Arrays.fill(masses, 5e14);
    double[] x = new double[3 * halos];
    Arrays.fill(x, 50);
    Catalog galaxies = OCCUPATION.populate(Catalog.of(100, x, new double[3 * halos], masses), Cosmology.of(0.3, 0.8),
        Key.of(5));
    assertEquals(1 + 4.9, galaxies.size() / (double) halos, 4 * Math.sqrt(4.9 / halos));
  }

  /// R = (3 M / (4 pi 200 rho))^(1/3) is 1.929 Mpc/h for 5e14 M_sun/h, the dispersion sqrt(G M / (2 R)) = 746.6 km/s along an axis.
  @Test
  void satellitesStayInTheirHaloAndMoveWithIt() {
    int halos = 2000;
    double[] masses = new double[halos];
    double[] x = new double[3 * halos];
    double[] v = new double[3 * halos];
    Arrays.fill(masses, 5e14);
    Arrays.fill(x, 50);
    Arrays.fill(v, 200);
    Catalog galaxies = new HaloOccupation(13, 0, 13, 14, 1).populate(Catalog.of(100, x, v, masses),
        Cosmology.of(0.3, 0.8), Key.of(6));
    double inner = 0;
    double sum = 0;
    double square = 0;
    int satellites = 0;
    for (int i = 0; i < galaxies.size(); i++) {
      double r = galaxies.space().distance(Arrays.copyOfRange(galaxies.positions(), 3 * i, 3 * i + 3),
          new double[] {50, 50, 50});
      assertTrue(r <= 1.93, "at " + r);
      if (r > 0) {
        satellites++;
        inner += r < 1.929 / 2 ? 1 : 0;
        double along = galaxies.velocities()[3 * i + 1] - 200;
        sum += along;
        square += along * along;
      }
    }
    double concentration = 10.14 * Math.pow(5e14 / 2e12, -0.081);
    double half = HaloOccupation.enclosed(concentration / 2) / HaloOccupation.enclosed(concentration);
    assertEquals(half, inner / satellites, 4 * Math.sqrt(half * (1 - half) / satellites));
    assertEquals(0, sum / satellites, 4 * 746.6 / Math.sqrt(satellites));
    assertEquals(746.6, Math.sqrt(square / satellites), 4 * 746.6 / Math.sqrt(2.0 * satellites));
  }
}
