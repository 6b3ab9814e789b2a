package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Published merger trees, with the counts that their source states.
class RealTreesTest {
  @ParameterizedTest
  @ValueSource(strings = {"millenniumTestTrees.csv", "millennium_trees.csv"})
  void theMillenniumTreesResolveEveryDescendant(String name) throws IOException {
    MergerForest trees = MillenniumTrees.read(SharedFolder.file("merger-trees/" + name), 62.5);
    assertEquals(12_920, trees.size());
    assertEquals(166, Arrays.stream(trees.descendants()).filter(d -> d < 0).count());
    assertTrue(trees.outsideLinks().isEmpty());
    long[] snapshots = trees.snapshots();
    Map<Long, Integer> steps = new HashMap<>();
    int[] descendants = trees.descendants();
    for (int i = 0; i < descendants.length; i++) {
      if (descendants[i] >= 0) {
        steps.merge(snapshots[descendants[i]] - snapshots[i], 1, Integer::sum);
      }
    }
    assertEquals(Map.of(1L, 12_494, 2L, 260), steps);
    assertEquals(13, Arrays.stream(snapshots).min().orElseThrow());
    assertEquals(63, Arrays.stream(snapshots).max().orElseThrow());
    assertEquals(71, Arrays.stream(trees.column("treeId").longs()).distinct().count());
    assertEquals(62.5, trees.boxSize().orElseThrow());
  }

  /// The roots of the 71 trees weigh 1.00 to 1.10e12 M_sun/h.
  @Test
  void massesOfTheMillenniumAreInSolarMassesPerH() throws IOException {
    MergerForest trees = MillenniumTrees.read(SharedFolder.file("merger-trees/millennium_trees.csv"));
    long[] ids = trees.ids();
    long[] tree = trees.column("treeId").longs();
    double[] masses = trees.masses();
    int roots = 0;
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == tree[i]) {
        roots++;
        assertTrue(masses[i] > 1.00e12 && masses[i] < 1.10e12, "root " + ids[i] + " of " + masses[i]);
      }
    }
    assertEquals(71, roots);
    assertEquals(Quantity.LENGTH, trees.column("halfmassRadius_mpc_h").quantity());
  }

  @ParameterizedTest
  @CsvSource({"1000019000000, 14869", "12000000, 1372", "2000024000000, 2566", "3000055000000, 2017"})
  void forestsOfGalacticusResolveEveryDescendant(String tree, int nodes) throws IOException {
    MergerForest trees = GalacticusTrees
        .readCsv(SharedFolder.file("merger-trees/milliMillennium-tree" + tree + ".csv.gz"));
    assertEquals(nodes, trees.size());
    assertEquals(nodes, trees.forest().nodes());
    assertEquals(Long.parseLong(tree), trees.ids()[0]);
    assertTrue(trees.outsideLinks().isEmpty());
    assertEquals(1, trees.scaleFactors()[0]);
  }

  /// The file's own header, to the last digit: the first row is the root at scale 1.0003.
  @Test
  void columnsOfConsistentTreesAreTakenByNameWhereTheNumberingLeavesOneOut() throws IOException {
    ConsistentTrees read = ConsistentTrees.read(SharedFolder.file("merger-trees/bolshoiTestTrees.dat"));
    MergerForest trees = read.forest();
    assertEquals(20, trees.size());
    assertEquals(3_060_152_439L, trees.ids()[0]);
    assertEquals(1.0003, trees.scaleFactors()[0]);
    assertEquals(9.541e8, trees.masses()[0]);
    assertArrayEquals(new double[] {46.84172, 32.92173, 86.09726}, Arrays.copyOf(trees.positions(), 3));
    assertArrayEquals(new double[] {127.57, 274.64, 2.72}, Arrays.copyOf(trees.velocities(), 3));
    assertEquals(0.020373, trees.column("rvir").doubles()[0], 1e-12);
    assertEquals(250, trees.boxSize().orElseThrow());
    assertEquals(0.27, trees.cosmology().omegaMatter().orElseThrow());
    assertEquals(0.73, trees.cosmology().omegaLambda().orElseThrow());
    assertEquals(0.7, trees.cosmology().h().orElseThrow());
    assertEquals(1, trees.forest().roots().size());
    assertEquals(1, read.notes().size());
    String note = read.notes().getFirst();
    assertTrue(note.contains("numbers scale as column 0, but it is column 1"), note);
    assertFalse(trees.toString().isEmpty());
  }

  /// The same forest as HDF5 and as table: 1372 nodes, beside a region reference that jHDF stops at.
  @Test
  void aForestInHdf5IsTheOneOfTheTable() throws IOException {
    MergerForest trees = GalacticusTrees
        .readHdf5(SharedFolder.file("merger-trees/splitForests-milliMillennium-tree12000000.hdf5"));
    MergerForest twin = GalacticusTrees
        .readCsv(SharedFolder.file("merger-trees/milliMillennium-tree12000000.csv.gz"));
    assertEquals(1372, trees.size());
    assertArrayEquals(twin.ids(), trees.ids());
    assertArrayEquals(twin.descendants(), trees.descendants());
    assertArrayEquals(twin.positions(), trees.positions(), 6e-6);
    assertArrayEquals(twin.velocities(), trees.velocities(), 6e-4);
    assertArrayEquals(twin.scaleFactors(), trees.scaleFactors(), 6e-6);
    for (int i = 0; i < 1372; i++) {
      assertEquals(1, trees.masses()[i] / twin.masses()[i], 1e-6);
    }
    assertEquals(500, trees.boxSize().orElseThrow());
    assertEquals(0.25, trees.cosmology().omegaMatter().orElseThrow());
    assertEquals(0.9, trees.cosmology().sigma8().orElseThrow());
  }
}
