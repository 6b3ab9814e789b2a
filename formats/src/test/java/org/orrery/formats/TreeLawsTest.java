package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orrery.io.FormatException;

class TreeLawsTest {
  @TempDir
  Path folder;

  private static final String HEADER = "node,descendant,redshift,mass_msun_h,x_mpc_h,y_mpc_h,z_mpc_h,"
      + "vx_kms,vy_kms,vz_kms\n";

  private Path trees(String... rows) throws IOException {
    return Files.writeString(folder.resolve("trees.csv"), HEADER + String.join("\n", rows) + "\n");
  }

  private static String row(long node, long descendant, double redshift) {
    return node + "," + descendant + "," + redshift + ",1e12,1,2,3,10,20,30";
  }

  private static void assertSaid(String said, Path file) {
    String message = String
        .valueOf(assertThrows(FormatException.class, () -> GalacticusTrees.readCsv(file)).getMessage());
    assertTrue(message.startsWith(file.toString()) && message.contains(said), message);
  }

  @Test
  void descendantsBecomePlacesAndIdsKeepTheir64Bits() throws IOException {
    long large = (1L << 62) + 1;
    MergerForest trees = GalacticusTrees.readCsv(trees(row(5, large, 2), row(large, -1, 0), row(7, large, 1)));
    assertArrayEquals(new long[] {5, large, 7}, trees.ids());
    assertArrayEquals(new int[] {1, -1, 1}, trees.descendants());
    assertEquals("Forest[1 tree, 3 nodes]", trees.forest().toString());
    assertArrayEquals(new double[] {1 / 3.0, 1, 0.5}, trees.scaleFactors(), 1e-15);
  }

  @Test
  void aMissingDescendantIsAnErrorThatNamesTheNode() throws IOException {
    Path file = trees(row(5, 6, 1), row(7, -1, 0));
    FormatException error = assertThrows(FormatException.class, () -> GalacticusTrees.readCsv(file));
    assertEquals(file + ": the descendant of node 5 is 6, which is not there; all descendants are required, or "
        + "OutsideLinks.LISTED for a part of a forest", error.getMessage());
  }

  @Test
  void aLinkThatLeadsOutOfTheFileIsListed() throws IOException {
    NumberTable table = CsvTable.read(trees(row(5, 6, 1), row(7, -1, 0)));
    MergerForest part = TreeLayout.of("node", "descendant", "mass_msun_h", MassUnit.SOLAR_PER_H)
        .outsideLinks(OutsideLinks.LISTED).read(table);
    assertEquals(List.of(new OutsideLink(5, 6)), part.outsideLinks());
    assertArrayEquals(new int[] {-1, -1}, part.descendants());
    assertTrue(part.toString().contains("1 links lead out"), part.toString());
  }

  @Test
  void aCycleIsAnErrorThatNamesItsNodes() throws IOException {
    Path file = trees(row(5, 6, 1), row(6, 7, 1), row(7, 5, 1), row(8, 5, 2));
    assertSaid("the nodes 5 -> 6 -> 7 -> 5 are descendants of themselves", file);
  }

  @Test
  void aNodeThatIsItsOwnDescendantIsACycle() throws IOException {
    Path file = trees(row(5, 5, 1));
    assertSaid("5 -> 5", file);
  }

  @Test
  void aDescendantIsLater() throws IOException {
    Path file = trees(row(5, 6, 1), row(6, -1, 2));
    assertSaid("node 5 at scale factor 0.5 has the descendant 6", file);
  }

  @Test
  void idsAreUnique() throws IOException {
    Path file = trees(row(5, -1, 1), row(5, -1, 2));
    assertSaid("two nodes have the id 5", file);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "5.5,-1,0,1e12,1,2,3,0,0,0 | 5.5; a whole number",
    "5,-1,-2,1e12,1,2,3,0,0,0  | redshift -2",
    "5,-1,0,-1e12,1,2,3,0,0,0  | a mass from 0",
    "5,-1,0,nan,1,2,3,0,0,0    | a mass from 0",
    "5,-1,0,1e3,1,2,3,0,0,0    | instead of M_sun/h?",
    "5,-1,0,1e12,nan,2,3,0,0,0 | a finite position",
    "5,-1,0,1e12,1,2,3,3e5,0,0 | the speed of light",
    "5,-1,0,1e12,1,2,3,0,0     | 9 cells; 10 are required",
    "five,-1,0,1e12,1,2,3,0,0,0| no column node of numbers"})
  void whatNoTreeCanHaveIsAnErrorThatSaysSo(String row, String said) throws IOException {
    Path file = trees(row);
    assertSaid(said, file);
  }

  @Test
  void aHeaderAloneIsNoForest() throws IOException {
    Path file = trees();
    assertSaid("no row behind a header", file);
  }

  @Test
  void aFolderIsNoFile() {
    FormatException error = assertThrows(FormatException.class, () -> GalacticusTrees.readCsv(folder));
    assertEquals(folder + " is a folder; a file is required", error.getMessage());
  }
}
