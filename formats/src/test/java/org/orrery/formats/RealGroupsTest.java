package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// File 19 of 20 of a snapshot of GADGET-4, against tables that another program made of it.
class RealGroupsTest {
  private static final String FOLDER = "gadget4-groups/";

  private static GroupCatalog catalog() throws IOException {
    return Subfind.read(SharedFolder.file(FOLDER + "fof_subhalo_tab_264.19.hdf5"));
  }

  @Test
  void groupsAreThoseOfTheTable() throws IOException {
    HaloCatalog groups = catalog().groups();
    NumberTable twin = CsvTable.read(SharedFolder.file(FOLDER + "groups_z0.csv"));
    assertEquals(1904, groups.size());
    assertSame(twin, List.of("x", "y", "z"), 1, 1e-5, groups.positions());
    assertSame(twin, List.of("vx", "vy", "vz"), 1, 1e-3, groups.velocities());
    assertSame(twin, List.of("mass_1e10msun_h"), 1e10, 1e8, groups.masses());
    assertSame(twin, List.of("m_crit200"), 1e10, 1e8, groups.column("Group_M_Crit200").doubles());
    assertSame(twin, List.of("r_crit200"), 1, 1e-6, groups.column("Group_R_Crit200").doubles());
    assertArrayEquals(twin.column("len").longs(), groups.column("GroupLen").longs());
    assertArrayEquals(twin.column("first_sub").longs(), groups.column("GroupFirstSub").longs());
    assertEquals(500, groups.boxSize().orElseThrow());
    assertEquals(0, groups.redshift().orElseThrow(), 1e-12);
    assertEquals(0.3089, groups.cosmology().omegaMatter().orElseThrow());
    assertEquals(0.6774, groups.cosmology().h().orElseThrow());
    assertEquals(0.8159, groups.cosmology().sigma8().orElseThrow());
    assertEquals(38_115 - 1904, groups.ids()[0]);
  }

  @Test
  void subhalosAreThoseOfTheTableAndTheirMostBoundParticlesHave48Bits() throws IOException {
    HaloCatalog subhalos = catalog().subhalos();
    NumberTable twin = CsvTable.read(SharedFolder.file(FOLDER + "subhalos_z0.csv"));
    assertEquals(2131, subhalos.size());
    assertArrayEquals(twin.column("subhalo_nr").longs(), subhalos.ids());
    assertSame(twin, List.of("x", "y", "z"), 1, 1e-5, subhalos.positions());
    assertSame(twin, List.of("vx", "vy", "vz"), 1, 1e-3, subhalos.velocities());
    assertSame(twin, List.of("mass_1e10msun_h"), 1e10, 1e8, subhalos.masses());
    assertSame(twin, List.of("vmax"), 1, 1e-2, subhalos.column("SubhaloVmax").doubles());
    assertSame(twin, List.of("halfmass_rad"), 1, 1e-4, subhalos.column("SubhaloHalfmassRad").doubles());
    long[] bound = subhalos.column("SubhaloIDMostbound").longs();
    assertArrayEquals(new long[] {3_650_060, 3_847_829, 3_638_612, 3_731_429, 3_739_447}, Arrays.copyOf(bound, 5));
    assertEquals(19_670_979, Arrays.stream(bound).max().orElseThrow());
  }

  @Test
  void linksToGroupsOfOtherFilesAreListed() throws IOException {
    GroupCatalog catalog = catalog();
    long[] numbers = CsvTable.read(SharedFolder.file(FOLDER + "subhalos_z0.csv")).column("group_nr").longs();
    int[] places = catalog.groupOfSubhalo();
    long first = 38_115 - 1904;
    int outside = 0;
    for (int i = 0; i < places.length; i++) {
      assertEquals(numbers[i] < first ? -1 : numbers[i] - first, places[i]);
      outside += numbers[i] < first ? 1 : 0;
    }
    assertEquals(outside, catalog.outsideLinks().size());
    assertEquals(new OutsideLink(40_903, 35_970), catalog.outsideLinks().getFirst());
    long[] firstSubhalo = catalog.groups().column("GroupFirstSub").longs();
    for (int i = 0; i < places.length; i++) {
      assertTrue(places[i] < 0 || firstSubhalo[places[i]] == 40_903 + i, "subhalo " + i);
    }
  }

  @Test
  void linksToProgenitorsLeadIntoTheSnapshotBefore() throws IOException {
    SubhaloLinks links = SubhaloLinks.read(SharedFolder.file(FOLDER + "subhalo_prog_264.19.hdf5"));
    NumberTable twin = CsvTable.read(SharedFolder.file(FOLDER + "subhalos_z0.csv"));
    assertArrayEquals(twin.column("first_prog").longs(), links.column("FirstProgSubhaloNr"));
    assertArrayEquals(twin.column("subhalo_nr").longs(), links.column("SubhaloNr"));
    SubhaloLinks.Resolved none = links.resolve("ProgSubhaloNr", new long[0]);
    long linked = Arrays.stream(links.column("ProgSubhaloNr")).filter(nr -> nr >= 0).count();
    assertEquals(linked, none.outside().size());
    SubhaloLinks.Resolved one = links.resolve("ProgSubhaloNr", new long[] {7, 41_850});
    assertEquals(1, one.places().getFirst());
    assertEquals(linked - 1, one.outside().size());
    SubhaloLinks trees = SubhaloLinks.read(SharedFolder.file(FOLDER + "subhalo_treelink_264.19.hdf5"));
    assertArrayEquals(twin.column("tree_id").longs(), trees.column("TreeID"));
    assertArrayEquals(twin.column("tree_index").longs(), trees.column("TreeIndex"));
  }

  private static void assertSame(NumberTable twin, List<String> names, double factor, double tolerance, double[] read)
      throws IOException {
    for (int c = 0; c < names.size(); c++) {
      double[] expected = twin.column(names.get(c)).doubles();
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i] * factor, read[i * names.size() + c], tolerance, names.get(c) + " of " + i);
      }
    }
  }
}
