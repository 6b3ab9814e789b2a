package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Published tables, with what their sources state.
class RealTablesTest {
  /// The means of the first two are those of any Latin hypercube of .1-.5 and .6-1.
  @ParameterizedTest
  @CsvSource({"camels-params/CosmoAstroSeed_SIMBA_L25n256_LH.txt, 5000, 1.35253",
    "camels-params/CosmoAstroSeed_Astrid_L25n256_LH.txt, 10000, 1.35253",
    "camels-pk/CosmoAstroSeed_IllustrisTNG_L25n256_LH.txt, -1, 1.35253"})
  void theHypercubesOfCamelsAreRead(String name, long firstSeed, double mean) throws IOException {
    CamelsParameters parameters = CamelsParameters.read(SharedFolder.file(name));
    assertEquals(1000, parameters.size());
    assertEquals("LH_999", parameters.simulations().getLast());
    assertEquals(0.3, Arrays.stream(parameters.values("Omega_m")).average().orElseThrow(), 1e-3);
    assertEquals(0.8, Arrays.stream(parameters.values("sigma_8")).average().orElseThrow(), 1e-3);
    assertEquals(mean, Arrays.stream(parameters.values(parameters.parameters().get(2))).average().orElseThrow(), 1e-3);
    assertTrue(firstSeed < 0 || parameters.seeds()[0] == firstSeed, "seed " + parameters.seeds()[0]);
    if (name.contains("SIMBA")) {
      assertEquals(5_017_999_999L, parameters.seeds()[17]);
    }
  }

  @Test
  void rangesOfCamelsAreATable() throws IOException {
    NumberTable ranges = CsvTable.read(SharedFolder.file("camels-params/Info_Astrid_L25n256_6params.csv"));
    assertEquals(6, ranges.rows());
    assertTrue(ranges.texts().contains("Description"));
    assertEquals(4, ranges.column("MaxVal").doubles()[5]);
  }

  @Test
  void halosOfAbacusFillTheirBox() throws IOException {
    HaloCatalog halos = CatalogLayout
        .of(List.of("x_mpc_h", "y_mpc_h", "z_mpc_h"), LengthUnit.MPC_PER_H, "mass_msun_h", MassUnit.SOLAR_PER_H)
        .velocities(List.of("vx_kms", "vy_kms", "vz_kms"), VelocityUnit.KM_PER_S).id("id").box(32).scaleFactor(1)
        .length("r100_mpc_h", LengthUnit.MPC_PER_H).read(CsvTable.read(SharedFolder.file("abacus-mini/halos_z0.csv")));
    assertEquals(381, halos.size());
    assertEquals(200_000_004_000_000L, halos.ids()[0]);
    double[] masses = halos.masses();
    long[] particles = halos.column("npart").longs();
    for (int i = 0; i < masses.length; i++) {
      assertEquals(1.08824e10, masses[i] / particles[i], 1e6);
    }
  }

  @Test
  void particlesOfAbacusAreATableOfNumPy() throws IOException {
    NumberTable particles = NumPyTable.read(SharedFolder.file("abacus-mini/particles_z0.npz"));
    assertEquals(262_144, particles.rows());
    assertEquals(3, particles.column("pos").components());
    assertEquals(0.378, Arrays.stream(particles.column("in_group").doubles()).average().orElseThrow(), 1e-3);
  }

  @Test
  void galaxiesOfCorrfuncAreATableOfNumPy() throws IOException {
    NumberTable galaxies = NumPyTable.read(SharedFolder.file("corrfunc-mr19/mr19_mock.npz"));
    assertEquals(84_383, galaxies.rows());
    assertTrue(galaxies.has("ra") && galaxies.has("dec"), galaxies::toString);
  }
}
