package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.tensor.Key;

/// Damaged files end in the documented exceptions, whatever is damaged. `-Dorrery.mutations=10000` tries more.
class MutationTest {
  private static final int COUNT = Integer.getInteger("orrery.mutations", 300);
  private static final Logger FITS = Logger.getLogger("nom.tam");

  @TempDir
  Path folder;

  @FunctionalInterface
  private interface Reading {
    void of(Path file) throws IOException;
  }

  /// The library logs every odd header.
  @BeforeAll
  static void silence() {
    FITS.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    FITS.setLevel(null);
  }

  private void mutate(Path whole, long seed, Reading reading) throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    reading.of(whole);
    Path file = folder.resolve("mutated" + String.valueOf(whole.getFileName()).replaceAll(".*(?=\\.)", ""));
    List<Key> keys = Key.of(seed).split(COUNT);
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      overwrite(file, mutated(bytes, keys.get(i)));
      try {
        reading.of(file);
      } catch (IOException expected) {
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError wrong) {
        throw new AssertionError("seed " + seed + ", mutation " + i, wrong);
      }
    }
    assertTrue(refused > 0 && refused < COUNT, refused + " of " + COUNT + " were refused");
  }

  /// Overwrites one file and cuts it to length, since file systems wait for the disk where a file is emptied first.
  private static void overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.truncate(bytes.length);
    }
  }

  /// One to three changes: a bit turned, bytes replaced, removed, repeated, made the largest, or everything behind cut.
  private static byte[] mutated(byte[] whole, Key key) {
    byte[] bytes = whole;
    int[] draws = key.integers(13, Integer.MAX_VALUE);
    for (int change = 0; change <= draws[0] % 3; change++) {
      int at = draws[4 * change + 2] % (bytes.length + 1);
      int count = draws[4 * change + 3] % 9;
      int kind = draws[4 * change + 1] % 12;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, at);
      int rest = Math.min(bytes.length, at + 1);
      switch (kind) {
        case 0, 1, 2, 3 -> out.write(at < bytes.length ? bytes[at] ^ 1 << count % 8 : count);
        case 4, 5, 6 -> out.write(draws[4 * change + 4]);
        case 7 -> rest = Math.min(bytes.length, at + count);
        case 8 -> rest = Math.max(0, at - count);
        case 9, 10 -> {
          rest = Math.min(bytes.length, at + count);
          for (int i = at; i < rest; i++) {
            out.write(0xff);
          }
        }
        default -> rest = change == 0 ? bytes.length : rest;
      }
      out.write(bytes, rest, bytes.length - rest);
      bytes = out.toByteArray();
    }
    return bytes;
  }

  @Test
  void ofRockstarsLists() throws IOException {
    mutate(Samples.rockstar(folder.resolve("out_1.list")), 1, Rockstar::read);
    mutate(Samples.hlist(folder.resolve("hlist.list")), 2, Rockstar::read);
  }

  @Test
  void ofConsistentTrees() throws IOException {
    mutate(Samples.consistentTrees(folder.resolve("tree.dat")), 3, ConsistentTrees::read);
  }

  @Test
  void ofTables() throws IOException {
    Path file = Files.writeString(folder.resolve("trees.csv"), """
        # a comment
        node,descendant,redshift,mass_msun_h,x_mpc_h,y_mpc_h,z_mpc_h,vx_kms,vy_kms,vz_kms,name
        5,6,1,1e12,1,2,3,10,20,30,"a, b"
        6,-1,0,2e12,1,2,3,10,20,30,c
        """);
    mutate(file, 4, GalacticusTrees::readCsv);
    Path packed = folder.resolve("trees.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    mutate(packed, 5, CsvTable::read);
  }

  @Test
  void ofCamelsParameters() throws IOException {
    mutate(Samples.camels(folder.resolve("parameters.txt")), 6, CamelsParameters::read);
  }

  @Test
  void ofBinaryGroups() throws IOException {
    Path second = Samples.groups(folder.resolve("second"), 1, ByteOrder.LITTLE_ENDIAN, true);
    mutate(Samples.groups(folder.resolve("first.0"), 0, ByteOrder.LITTLE_ENDIAN, true), 7,
        file -> BinaryGroups.read(List.of(file, second), 1000, 0));
  }

  @Test
  void ofSubfindAndSubLink() throws IOException {
    mutate(Samples.subfind(folder.resolve("tab.hdf5"), new Samples.Snapshot(0, 1, 0.5, 25_000, true)), 8,
        Subfind::read);
    mutate(Samples.subLink(folder.resolve("tree.hdf5")), 9, SubLink::read);
  }

  @Test
  void ofEveryLayoutOfHdf5() throws IOException {
    for (String name : List.of("layouts-old.hdf5", "layouts-new.hdf5")) {
      Path whole = folder.resolve(name);
      try (InputStream in = Objects.requireNonNull(MutationTest.class.getResourceAsStream(name), name)) {
        Files.write(whole, in.readAllBytes());
      }
      mutate(whole, 10, path -> {
        try (Hdf5File file = Hdf5File.open(path)) {
          for (String column : List.of("block", "chunks", "deflated", "growing", "both", "single", "bits48", "compact",
              "half", "soft")) {
            file.column(column);
          }
          file.table("group");
          for (int i = 0; i < 12; i++) {
            file.number("group", "number" + i);
          }
          file.text("group", "text");
        }
      });
    }
  }

  @Test
  void ofRealHdf5() throws IOException {
    mutate(SharedFolder.file("merger-trees/splitForests-milliMillennium-tree12000000.hdf5"), 12,
        GalacticusTrees::readHdf5);
    mutate(SharedFolder.file("gadget4-groups/subhalo_treelink_264.19.hdf5"), 13, SubhaloLinks::read);
  }

  @Test
  void ofRealText() throws IOException {
    mutate(SharedFolder.file("merger-trees/bolshoiTestTrees.dat"), 14, ConsistentTrees::read);
    mutate(SharedFolder.file("merger-trees/milliMillennium-tree12000000.csv.gz"), 15, GalacticusTrees::readCsv);
  }

  @Test
  void ofFits() throws IOException {
    mutate(Samples.fits(folder.resolve("halos.fits")), 11, file -> {
      FitsFile.contents(file);
      FitsFile.numbers(file, 1);
      FitsFile.units(file, 1);
      FitsFile.table(file);
      FitsFile.image(file);
    });
  }
}
