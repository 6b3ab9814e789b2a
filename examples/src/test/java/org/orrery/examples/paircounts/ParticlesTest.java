package org.orrery.examples.paircounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.orrery.examples.SharedData;
import org.orrery.graph.Sparse;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.io.NumPyArchive;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

/// The radius graph of real particles, clustered as gravity made them.
class ParticlesTest {
  private static final double BOX = 32;
  private static final double RADIUS = 0.2;
  private static final long SEED = 17;

  @Test
  void theRadiusGraphAgreesWithBruteForceOnARandomThousand() throws IOException {
    Optional<Path> data = SharedData.folder("abacus-mini");
    Assumptions.assumeTrue(data.isPresent(), "no folder shared/data/abacus-mini");
    double[] x = NumPyArchive.read(data.orElseThrow().resolve("particles_z0.npz")).array("pos").doubles();
    int points = x.length / 3;
    assertEquals(262_144, points);
    NeighborList near = NeighborList.within(Space.periodic(BOX, BOX, BOX), x, RADIUS);
    Sparse edges = near.edges();
    double[] displacements = near.displacements();
    Indices offsets = edges.byReceiver().offsets();
    long compared = 0;
    for (int receiver : Key.of(SEED).integers(1000, points)) {
      int edge = offsets.at(receiver);
      for (int sender = 0; sender < points; sender++) {
        double square = 0;
        double[] d = new double[3];
        for (int k = 0; k < 3; k++) {
          d[k] = x[3 * sender + k] - x[3 * receiver + k];
          d[k] -= d[k] > BOX / 2 ? BOX : d[k] < -BOX / 2 ? -BOX : 0;
          square += d[k] * d[k];
        }
        if (sender != receiver && Math.sqrt(square) <= RADIUS) {
          String what = "seed " + SEED + ", edge " + sender + " -> " + receiver;
          assertTrue(edge < offsets.at(receiver + 1), what + " is missing");
          assertEquals(sender, edges.senderOf().at(edge), what);
          for (int k = 0; k < 3; k++) {
            assertEquals(d[k], displacements[3 * edge + k], what);
          }
          edge++;
          compared++;
        }
      }
      assertEquals(offsets.at(receiver + 1), edge, "seed " + SEED + ": more edges to " + receiver + " than there are");
    }
    assertTrue(compared > 10_000, compared + " edges were compared");
  }
}
