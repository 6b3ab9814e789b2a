package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orrery.io.FormatException;

/// Formats of which no real file is at hand, against files of their published layouts.
class PublishedLayoutsTest {
  @TempDir
  Path folder;

  @FunctionalInterface
  private interface Reading {
    void read() throws IOException;
  }

  private static void assertSaid(String said, Reading reading) {
    String message = String.valueOf(assertThrows(FormatException.class, reading::read).getMessage());
    assertTrue(message.contains(said), message);
  }

  @Test
  void rockstarsListHasItsHeadersUniverse() throws IOException {
    HaloCatalog halos = Rockstar.read(Samples.rockstar(folder.resolve("out_5.list")));
    assertArrayEquals(new long[] {7, 9}, halos.ids());
    assertArrayEquals(new double[] {1.5e14, 2.5e13}, halos.masses());
    assertArrayEquals(new double[] {10.5, 500.25, 3.125}, Arrays.copyOf(halos.positions(), 3));
    assertArrayEquals(new double[] {-120, 45.5, 8}, Arrays.copyOf(halos.velocities(), 3));
    assertEquals(1.10025, halos.column("Rvir").doubles()[0], 1e-12);
    assertEquals(Quantity.VELOCITY, halos.column("Vmax").quantity());
    assertEquals(512, halos.boxSize().orElseThrow());
    assertEquals(1, halos.redshift().orElseThrow());
    assertEquals(0.3, halos.cosmology().omegaMatter().orElseThrow());
    assertEquals(0.7, halos.cosmology().h().orElseThrow());
  }

  /// So is a run of one galaxy.
  @Test
  void aBoxOfRockstarWithoutASideIsOpenSpace() throws IOException {
    Path file = Samples.rockstar(folder.resolve("out_5.list"));
    Files.writeString(file, Files.readString(file).replace("512.000000", "0.000000").replace("10.5 ", "-10.5 "));
    HaloCatalog halos = Rockstar.read(file);
    assertTrue(halos.boxSize().isEmpty());
    assertEquals(-10.5, halos.positions()[0]);
  }

  @Test
  void rockstarsMassMayHaveAnotherDefinition() throws IOException {
    Path file = Samples.rockstar(folder.resolve("out_5.list"));
    Files.writeString(file, Files.readString(file).replace("Mvir", "M200c").replace("Rvir", "R200c"));
    assertSaid("no column Mvir of numbers; there are [ID, DescID, M200c", () -> Rockstar.read(file));
    HaloCatalog halos = Rockstar.read(file, "M200c");
    assertArrayEquals(new double[] {1.5e14, 2.5e13}, halos.masses());
    assertEquals(1.10025, halos.column("R200c").doubles()[0], 1e-12);
  }

  @Test
  void aListOfConsistentTreesIsOneSnapshot() throws IOException {
    Path file = Samples.hlist(folder.resolve("hlist_0.50000.list"));
    HaloCatalog halos = Rockstar.read(file);
    assertArrayEquals(new long[] {12, 15}, halos.ids());
    assertEquals(0.5, halos.scaleFactor().orElseThrow());
    assertEquals(250, halos.boxSize().orElseThrow());
    Files.writeString(file, Files.readString(file).replace("0.50000 15", "0.60000 15"));
    assertSaid("halos at scale factors 0.5 and 0.6", () -> Rockstar.read(file));
  }

  @Test
  void linesThatDivideTreesAreNoRows() throws IOException {
    Path file = Samples.consistentTrees(folder.resolve("tree_0_0_0.dat"));
    ConsistentTrees trees = ConsistentTrees.read(file);
    assertArrayEquals(new int[] {-1, 0, -1}, trees.forest().descendants());
    assertTrue(trees.notes().isEmpty(), trees.notes()::toString);
    Files.writeString(file, Files.readString(file).replace("0.9 11 1.0 12", "0.9 11 1.0 17"));
    assertSaid("the descendant of node 11 is 17, which is not there", () -> ConsistentTrees.read(file));
    assertEquals(List.of(new OutsideLink(11, 17)),
        ConsistentTrees.read(file, OutsideLinks.LISTED).forest().outsideLinks());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void groupsOfPGadgetAreReadInEitherOrderOfBytes(boolean isBig, boolean hasRates) throws IOException {
    ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    Path first = Samples.groups(folder.resolve("group_tab_003.0"), 0, order, hasRates);
    Path second = Samples.groups(folder.resolve("group_tab_003.1"), 1, order, hasRates);
    HaloCatalog groups = BinaryGroups.read(List.of(first, second), 1000, 0.5);
    assertArrayEquals(new double[] {2e13, 1.5e13, 1.999e13, 1.5e13}, groups.masses(), 1e5);
    assertArrayEquals(new double[] {100, 200, 300}, Arrays.copyOf(groups.positions(), 3), 1e-9);
    assertArrayEquals(new double[] {0, 15, 30}, Arrays.copyOf(groups.velocities(), 3), 1e-9);
    assertArrayEquals(new long[] {40, 30, 40, 30}, groups.column("GroupLen").longs());
    assertEquals(hasRates, groups.columns().stream().anyMatch(column -> column.name().equals("GroupSFR")));
    assertSaid("is one of 2 files of a snapshot", () -> BinaryGroups.read(List.of(first), 1000, 0));
    assertSaid("Are the positions in kpc/h instead of Mpc/h?",
        () -> BinaryGroups.read(List.of(first, second), LengthUnit.MPC_PER_H, 1000, 0));
    Files.write(second, Arrays.copyOf(Files.readAllBytes(second), 150));
    assertSaid("150 bytes for", () -> BinaryGroups.read(List.of(first, second), 1000, 0));
  }

  @Test
  void subLinksTreesAreInItsDocumentedUnits() throws IOException {
    Path file = Samples.subLink(folder.resolve("tree_extended.0.hdf5"));
    MergerForest trees = SubLink.read(file);
    assertArrayEquals(new int[] {-1, 0, 1, 0}, trees.descendants());
    assertEquals(10_000_000_004L, trees.ids()[3]);
    assertEquals(1e12, trees.masses()[0], 1);
    assertArrayEquals(new double[] {1, 2, 3}, Arrays.copyOf(trees.positions(), 3), 1e-12);
    assertArrayEquals(new long[] {99, 98, 97, 97}, trees.snapshots());
    assertFalse(trees.hasScaleFactors());
    assertSaid("SubhaloID is not there", () -> SubLink.read(Samples.subfind(folder.resolve("x.hdf5"),
        new Samples.Snapshot(0, 1, 1, 25_000, true))));
  }

  @Test
  void velocitiesOfGroupsAreDividedByTheScaleFactorAndLengthsAreInMegaparsec() throws IOException {
    GroupCatalog catalog = Subfind
        .read(Samples.subfind(folder.resolve("fof_subhalo_tab_024.hdf5"),
            new Samples.Snapshot(0, 1, 0.5, 25_000, true)));
    HaloCatalog groups = catalog.groups();
    assertArrayEquals(new double[] {1, 2, 3, 0, 5, 6}, groups.positions(), 1e-9);
    assertArrayEquals(new double[] {20, 40, 60, 80, 100, 120}, groups.velocities(), 1e-9);
    assertArrayEquals(new double[] {1e12, 5e11}, groups.masses(), 1);
    assertArrayEquals(new double[] {0.2, 0.1}, groups.column("Group_R_Crit200").doubles(), 1e-12);
    assertArrayEquals(new double[] {10, 20, 30}, Arrays.copyOf(catalog.subhalos().velocities(), 3));
    assertArrayEquals(new int[] {0, 0, 1}, catalog.groupOfSubhalo());
    assertEquals(25, groups.boxSize().orElseThrow(), 1e-12);
    assertEquals(0.6711, groups.cosmology().h().orElseThrow());
    assertTrue(catalog.outsideLinks().isEmpty());
  }

  @Test
  void filesOfASnapshotAreJoinedInTheOrderOfTheirNumbers() throws IOException {
    Path first = Samples.subfind(folder.resolve("tab_024.0.hdf5"), new Samples.Snapshot(0, 3, 1, 25_000, true));
    Path second = Samples.subfind(folder.resolve("tab_024.1.hdf5"), new Samples.Snapshot(1, 3, 1, 25_000, true));
    Path third = Samples.subfind(folder.resolve("tab_024.2.hdf5"), new Samples.Snapshot(2, 3, 1, 25_000, true));
    GroupCatalog all = Subfind.read(third, first, second);
    assertArrayEquals(new int[] {0, 0, 1, 2, 2, 3, 4, 4, 5}, all.groupOfSubhalo());
    assertEquals(1.001, all.groups().positions()[6], 1e-7);
    assertEquals(first + ": Group and 2 more", all.groups().source());
    GroupCatalog last = Subfind.read(second, third);
    assertArrayEquals(new long[] {2, 3, 4, 5}, last.groups().ids());
    assertArrayEquals(new int[] {0, 0, 1, 2, 2, 3}, last.groupOfSubhalo());
    GroupCatalog middle = Subfind.read(second);
    assertArrayEquals(new int[] {-1, -1, -1}, middle.groupOfSubhalo());
    assertEquals(3, middle.outsideLinks().size());
    assertSaid("whose numbers follow each other", () -> Subfind.read(first, third));
    Path other = Samples.subfind(folder.resolve("tab_025.1.hdf5"), new Samples.Snapshot(1, 3, 0.5, 25_000, true));
    assertSaid("files of one snapshot are required", () -> Subfind.read(first, other));
  }

  @Test
  void unitsThatAFileDoesNotStateAreAskedFor() throws IOException {
    Path file = Samples.subfind(folder.resolve("tab.hdf5"), new Samples.Snapshot(0, 1, 1, 25_000, false));
    assertSaid("LengthUnit and MassUnit from the caller", () -> Subfind.read(file));
    GroupCatalog catalog = Subfind.read(List.of(file), LengthUnit.KPC_PER_H, MassUnit.GADGET);
    assertEquals(25, catalog.groups().boxSize().orElseThrow(), 1e-12);
    assertSaid("Are the masses in 10^10 M_sun/h",
        () -> Subfind.read(List.of(file), LengthUnit.KPC_PER_H, MassUnit.SOLAR_PER_H));
    Path megaparsec = Samples.subfind(folder.resolve("mpc.hdf5"), new Samples.Snapshot(0, 1, 1, 25, true));
    assertSaid("Are the positions in kpc/h instead of Mpc/h?", () -> Subfind.read(megaparsec));
  }

  @Test
  void columnsOfFitsAreScaledAndWholeNumbersKeep64Bits() throws IOException {
    Path file = Samples.fits(folder.resolve("halos.fits"));
    NumberTable table = FitsFile.table(file);
    assertArrayEquals(new long[] {(1L << 60) + 1, 3}, table.column("ID").longs());
    assertArrayEquals(new double[] {10.5, 11}, table.column("SCALED").doubles());
    assertArrayEquals(new long[] {200, 7}, table.column("BYTE").longs());
    assertArrayEquals(new long[] {Long.MIN_VALUE, 5}, table.column("SMALL").longs());
    assertArrayEquals(new double[] {Double.NaN, 4}, table.column("GAPS").doubles());
    NumberTable text = FitsFile.table(file, 2);
    assertArrayEquals(new double[] {0, Double.NaN}, text.columns().getFirst().doubles());
    assertArrayEquals(new double[] {1.5, 2.5}, text.columns().getLast().doubles());
    assertEquals(3, table.column("POS").components());
    assertTrue(table.texts().contains("NAME"));
    assertEquals("Msun/h", FitsFile.units(file, 1).get("MASS"));
    assertEquals(25.0, FitsFile.numbers(file, 1).get("BOXSIZE"));
    HaloCatalog halos = CatalogLayout.of(List.of("POS"), LengthUnit.MPC_PER_H, "MASS", MassUnit.SOLAR_PER_H).id("ID")
        .box(25).read(table);
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, halos.positions());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, FitsFile.image(file).floats());
    assertEquals("[2, 3]", FitsFile.image(file).shape().toString());
    assertEquals(List.of("0: image [2, 3]", "1: table HALOS 2 rows of 8 columns",
        "2: table 2 rows of 2 columns"), FitsFile.contents(file));
    assertSaid("part 0 is an image; a table without compression is required", () -> FitsFile.table(file, 0));
    assertSaid("part 7 of 3; 0 to 2", () -> FitsFile.table(file, 7));
    assertSaid("an image with numbers is required", () -> FitsFile.image(file, 1));
    assertSaid("is a folder", () -> FitsFile.table(folder));
    assertSaid("FITS", () -> FitsFile.table(Files.writeString(folder.resolve("no.fits"), "not FITS")));
  }

  @Test
  void seedsOfCamelsHaveTenDigits() throws IOException {
    CamelsParameters parameters = CamelsParameters.read(Samples.camels(folder.resolve("CosmoAstroSeed.txt")));
    assertEquals(List.of("LH_0", "LH_1"), parameters.simulations());
    assertArrayEquals(new long[] {10_000, 5_017_999_999L}, parameters.seeds());
    assertEquals(List.of("Omega_m", "sigma_8", "A_SN1"), parameters.parameters());
    assertEquals(0.1262, parameters.cosmology(1).omegaMatter().orElseThrow());
    assertSaid("there is no column A_SN9", () -> parameters.values("A_SN9"));
  }
}
