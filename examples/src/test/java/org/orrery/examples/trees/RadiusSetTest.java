package org.orrery.examples.trees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.SharedData;

/// Halos of real merger trees.
class RadiusSetTest {
  static final List<String> FILES = List.of("milliMillennium-tree1000019000000.csv.gz",
      "milliMillennium-tree12000000.csv.gz", "milliMillennium-tree2000024000000.csv.gz",
      "milliMillennium-tree3000055000000.csv.gz", "millennium_trees.csv");

  @TempDir
  private Path folder;

  private static List<Path> real(List<String> names) {
    Optional<Path> shared = SharedData.folder("merger-trees");
    assumeTrue(shared.isPresent(), "shared/data/merger-trees is not there");
    return names.stream().map(shared.get()::resolve).toList();
  }

  /// 2,230 halos; the trend is taken off, so that nothing of the mass is left in the target.
  @Test
  void theRealForestsGiveHalosAboveTheCutWithoutATrend() throws IOException {
    RadiusSet set = RadiusSet.read(real(FILES), RadiusSet.Cut.USUAL);
    assertEquals(2230, set.examples().size());
    assertEquals(5, set.files());
    double product = 0;
    double sum = 0;
    for (TreeExample example : set.examples()) {
      MergerHistory history = example.trees().getFirst();
      assertTrue(history.logMass(0) >= Math.log10(150) && history.redshift(0) <= 0.5 + 1e-9 && history.size() > 1);
      product += history.logMass(0) * example.truth()[0];
      sum += example.truth()[0];
    }
    assertEquals(0, product, 1e-8);
    assertEquals(0, sum, 1e-8);
    assertEquals(0.112, set.scatter(), 0.001);
  }

  @Test
  void treesStayWholeInFoldsOfNearlyOneSize() throws IOException {
    RadiusSet set = RadiusSet.read(real(FILES), RadiusSet.Cut.USUAL);
    int[] folds = set.folds(4);
    int[] groups = set.groups();
    Map<Integer, Integer> of = new HashMap<>();
    int[] sizes = new int[4];
    for (int i = 0; i < folds.length; i++) {
      int fold = folds[i];
      assertEquals(fold, of.computeIfAbsent(groups[i], group -> fold));
      sizes[folds[i]]++;
    }
    assertTrue(Arrays.stream(sizes).min().orElseThrow() > 500, Arrays.toString(sizes));
  }

  private static final String HEAD = "node,descendant,redshift,mass_msun_h,np,x_mpc_h,y_mpc_h,z_mpc_h,vx_kms,vy_kms,vz_kms,"
      + "halfmass_radius_mpc_h\n";

  /// Two trees of a halo and its progenitors, the second of which lacks a radius.
  private Path forest(String name, int first) throws IOException {
    String rest = "1,1,1,0,0,0,";
    return Files.writeString(folder.resolve(name),
        HEAD + first + ",-1,0,1e12,1000," + rest + "0.1\n" + (first + 1) + ","
            + first + ",1,4e11,400," + rest + "0.05\n" + (first + 2) + "," + first + ",1,3e11,300," + rest + "0.04\n"
            + (first + 3) + ",-1,0,2e12,2000," + rest + "nan\n" + (first + 4) + "," + (first + 3) + ",1,1e12,1000,"
            + rest
            + "0.1\n");
  }

  /// By hand: of five nodes one has a radius, a progenitor and a late redshift.
  @Test
  void aHaloIsChosenWithItsSubtree() throws IOException {
    RadiusSet set = RadiusSet.read(List.of(forest("a.csv", 1), forest("b.csv", 11)), RadiusSet.Cut.USUAL);
    assertEquals(2, set.examples().size());
    assertArrayEquals(new int[] {0, 1}, set.groups());
    MergerHistory history = set.examples().getFirst().trees().getFirst();
    assertEquals(3, history.size());
    assertArrayEquals(new int[] {0, 1}, history.mainBranch());
    assertEquals(3, history.logMass(0), 1e-12);
    assertEquals(Math.log(2), history.time(1), 1e-12);
  }

  private static void refused(String part, RadiusSet.Cut cut, Path... files) {
    String said = String
        .valueOf(assertThrows(IOException.class, () -> RadiusSet.read(List.of(files), cut)).getMessage());
    assertTrue(said.contains(part), said);
  }

  @Test
  void whatCannotBeLearnedFromIsRefusedByName() throws IOException {
    Path forest = forest("a.csv", 1);
    refused("no halo of 5000 particles or more up to redshift 0.5", new RadiusSet.Cut(5000, 0.5), forest);
    refused("halo 1 is in " + forest + " too", RadiusSet.Cut.USUAL, forest, forest("b.csv", 1));
    Path without = Files.writeString(folder.resolve("c.csv"),
        Files.readString(forest).replace("halfmass_radius_mpc_h", "radius"));
    refused("c.csv: there is no half-mass radius", RadiusSet.Cut.USUAL, without);
    refused("there is no number of particles", RadiusSet.Cut.USUAL, Files.writeString(folder.resolve("d.csv"),
        Files.readString(forest).replace(",np,", ",count,")));
    RadiusSet one = RadiusSet.read(List.of(forest), RadiusSet.Cut.USUAL);
    assertThrows(IllegalArgumentException.class, () -> one.folds(2));
    assertThrows(IllegalArgumentException.class, () -> new RadiusSet.Cut(0, 1));
  }

  @Test
  void treesWithoutAHalfMassRadiusSaySo() {
    refused("bolshoiTestTrees.dat: there is no number of particles", RadiusSet.Cut.USUAL,
        real(List.of("bolshoiTestTrees.dat")).getFirst());
  }
}
