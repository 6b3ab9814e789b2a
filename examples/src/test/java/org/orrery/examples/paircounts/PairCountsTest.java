package org.orrery.examples.paircounts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.orrery.examples.SharedData;
import org.orrery.io.NumPyArchive;

class PairCountsTest {
  private static Path data() {
    Optional<Path> found = SharedData.folder("corrfunc-mr19");
    Assumptions.assumeTrue(found.isPresent(), "no folder shared/data/corrfunc-mr19");
    return found.orElseThrow();
  }

  private static double[][] table(String name) throws IOException {
    List<String> lines = Files.readAllLines(data().resolve("reference").resolve(name));
    return lines.stream().filter(line -> !line.isBlank())
        .map(line -> Arrays.stream(line.strip().split("\\s+")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  private static double[] edges(double[][] bins) {
    double[] edges = new double[bins.length + 1];
    for (int b = 0; b < bins.length; b++) {
      edges[b] = bins[b][0];
      edges[b + 1] = bins[b][1];
    }
    return edges;
  }

  @Test
  void anglesAreCountedExactlyAsCorrfuncCountsThem() throws IOException {
    NumPyArchive mock = NumPyArchive.read(data().resolve("mr19_mock.npz"));
    double[][] reference = table("Mr19_mock_wtheta.DD");
    long[] counts = PairCounts.angular(mock.array("ra").doubles(), mock.array("dec").doubles(),
        edges(table("angular_bins")));
    assertEquals(reference.length, counts.length);
    for (int b = 0; b < counts.length; b++) {
      assertEquals((long) reference[b][0], 2 * counts[b], "bin " + b + " from " + reference[b][2] + " degrees");
    }
  }

  @Test
  void separationsAreCountedAsCorrfuncCountsThemUpToItsDistances() throws IOException {
    NumPyArchive mock = NumPyArchive.read(data().resolve("mr19_mock.npz"));
    double[][] reference = table("Mr19_mock.DD");
    double[] edges = edges(table("bins"));
    long[][] counts = PairCounts.projected(mock.array("xyz_mpc_h").doubles(), edges, 40);
    double difference = 0;
    double total = 0;
    for (int b = 0; b < counts.length; b++) {
      for (int step = 0; step < 40; step++) {
        double expected = reference[b * 40 + step][0];
        difference += Math.abs(2.0 * counts[b][step] - expected);
        total += expected;
        // a pair changes its bin where the distances differ in the fifth digit: of few pairs one is more than 5e-4
        assertEquals(expected, 2.0 * counts[b][step], Math.max(8, 5e-4 * expected), "bin " + b + ", " + step);
      }
    }
    assertTrue(difference <= 5e-4 * total, difference + " of " + total);
  }

  @Test
  void pairsOfAHandfulOfPlaces() { // on the equator at 0, 1 and 3 degrees: 1, 2 and 3 apart
    double[] ra = {0, 1, 3};
    double[] dec = {0, 0, 0};
    assertArrayEquals(new long[] {1, 2}, PairCounts.angular(ra, dec, 0.5, 1.5, 3.5));
    // at (0, 0, 10) and (1, 0, 12): l = (1, 0, 22), s.l = -1 - 44 = -45, pi = 45 / 22.02 = 2.04, r_p = 0.91
    assertArrayEquals(new long[][] {{0, 0, 1, 0}, {0, 0, 0, 0}},
        PairCounts.projected(new double[] {0, 0, 10, 1, 0, 12}, new double[] {0.5, 1, 2}, 4));
  }

  @Test
  void placesThatAreNoneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PairCounts.angular(new double[1], new double[2], 1, 2));
    assertThrows(IllegalArgumentException.class,
        () -> PairCounts.angular(new double[] {0}, new double[] {91}, 1, 2));
    assertThrows(IllegalArgumentException.class,
        () -> PairCounts.angular(new double[] {0}, new double[] {0}, 2, 1));
    assertThrows(IllegalArgumentException.class, () -> PairCounts.projected(new double[3], new double[] {1}, 1));
  }
}
