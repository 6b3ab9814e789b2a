package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orrery.io.FormatException;

/// Formats of merger trees are told apart by what a file begins with.
class TreeFilesTest {
  @TempDir
  private Path folder;

  /// The counts that the source of the files states.
  @ParameterizedTest
  @CsvSource({"millenniumTestTrees.csv, 12920, 166", "millennium_trees.csv, 12920, 166",
    "milliMillennium-tree1000019000000.csv.gz, 14869, -1", "milliMillennium-tree12000000.csv.gz, 1372, -1",
    "milliMillennium-tree2000024000000.csv.gz, 2566, -1", "milliMillennium-tree3000055000000.csv.gz, 2017, -1",
    "splitForests-milliMillennium-tree12000000.hdf5, 1372, -1", "bolshoiTestTrees.dat, 20, 1"})
  void publishedTreesAreReadWhateverTheirFormat(String name, int nodes, int roots) throws IOException {
    MergerForest trees = TreeFiles.read(SharedFolder.file("merger-trees/" + name));
    assertEquals(nodes, trees.size());
    assertTrue(trees.outsideLinks().isEmpty());
    if (roots >= 0) {
      assertEquals(roots, trees.forest().roots().size());
    }
  }

  @Test
  void whatTheReadersOfEachFormatReadIsRead() throws IOException {
    Path consistent = Samples.consistentTrees(folder.resolve("tree_0_0_0.dat"));
    assertArrayEquals(ConsistentTrees.read(consistent).forest().ids(), TreeFiles.read(consistent).ids());
    Path subLink = Samples.subLink(folder.resolve("tree_extended.0.hdf5"));
    assertArrayEquals(SubLink.read(subLink).ids(), TreeFiles.read(subLink).ids());
  }

  private void refused(String part, Path file) {
    String said = String.valueOf(assertThrows(FormatException.class, () -> TreeFiles.read(file)).getMessage());
    assertTrue(said.contains(file.getFileName().toString()) && said.contains(part), said);
  }

  private Path text(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void filesOfOtherFormatsAreRefusedByName() throws IOException {
    refused("it begins with 'a,b'; merger trees of Galacticus", text("table.csv", "a,b\n1,2\n"));
    refused("it begins with ''", text("empty.csv", ""));
    refused("an HDF5 file of [", Samples.subfind(folder.resolve("groups.hdf5"),
        new Samples.Snapshot(0, 1, 1, 25_000, true)));
  }

  @Test
  void missingDescendantsAndCyclesAreNamed() throws IOException {
    String head = "node,descendant,redshift,mass_msun_h,x_mpc_h,y_mpc_h,z_mpc_h,vx_kms,vy_kms,vz_kms\n";
    String rest = ",1e12,1,1,1,0,0,0\n";
    refused("the descendant of node 2 is 7", text("missing.csv", head + "1,-1,0" + rest + "2,7,1" + rest));
    refused("the nodes 1 -> 2 -> 1", text("cycle.csv", head + "1,2,0" + rest + "2,1,1" + rest));
  }

  @Test
  void anHdf5FileWithoutADataSetOrItsUnitNamesIt() {
    Path bare = folder.resolve("sublink.hdf5");
    try (WritableHdfFile hdf5 = HdfFile.write(bare)) {
      hdf5.putDataset("SubhaloID", new long[] {1});
      hdf5.putDataset("SubhaloMass", new float[] {1});
      hdf5.putDataset("SnapNum", new short[] {1});
    }
    refused("DescendantID is not there", bare);
    Path forest = folder.resolve("forest.hdf5");
    try (WritableHdfFile hdf5 = HdfFile.write(forest)) {
      hdf5.putGroup("forestHalos").putDataset("nodeIndex", new long[] {1});
    }
    refused("units has no attribute massUnitsInSI", forest);
  }
}
