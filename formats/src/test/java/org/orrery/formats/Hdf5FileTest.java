package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.io.FormatException;

/// The samples are written by `make_layouts.py` beside them: 0 to 34 as `[7, 5]`, and 3 i - 5 for 23 i.
class Hdf5FileTest {
  @TempDir
  Path folder;

  private static final double[] WIDE = IntStream.range(0, 35).asDoubleStream().toArray();
  private static final long[] LONG = LongStream.range(0, 23).map(i -> 3 * i - 5).toArray();

  private Path sample(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Hdf5FileTest.class.getResourceAsStream(name), name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"layouts-old.hdf5", "layouts-new.hdf5"})
  void everyLayoutGivesTheSameNumbers(String name) throws IOException {
    try (Hdf5File file = Hdf5File.open(sample(name))) {
      for (String path : new String[] {"block", "chunks", "deflated", "both", "half", "float"}) {
        Column column = file.column(path);
        assertEquals(5, column.components(), path);
        assertArrayEquals(WIDE, column.doubles(), path);
      }
      for (String path : new String[] {"growing", "single", "big", "bits48", "compact"}) {
        assertArrayEquals(LONG, file.column(path).longs(), path);
      }
      assertArrayEquals(new long[] {0, 0xffffffffL}, file.column("unsigned").longs());
      assertEquals(0, file.column("empty").rows());
      assertArrayEquals(new long[] {-5, -2}, file.column("soft").longs());
      assertEquals(12, file.names("group").size());
      assertEquals(7.5, file.number("group", "number7").orElseThrow());
      assertEquals("said", file.text("group", "text").orElseThrow());
      assertTrue(file.number("group", "nowhere").isEmpty());
    }
  }

  /// jHDF's own groups do not open where one member is a region reference.
  @ParameterizedTest
  @ValueSource(strings = {"layouts-old.hdf5", "layouts-new.hdf5"})
  void whatCannotBeReadIsRefusedByNameAndStandsInNobodysWay(String name) throws IOException {
    Path path = sample(name);
    try (Hdf5File file = Hdf5File.open(path)) {
      assertSaid(path + ": regions: Dataset Region references not supported", () -> file.column("regions"));
      assertSaid(path + ": objects is of Reference; integers or fractions are required", () -> file.column("objects"));
      assertSaid(path + ": words is of StringData", () -> file.column("words"));
      assertSaid(path + ": scalar has the shape []; one or two axes are required", () -> file.column("scalar"));
      assertSaid(path + ": cube has the shape [2, 2, 2]", () -> file.column("cube"));
      assertSaid(path + ": huge: entry 1 is 18446744073709551615; at most 2^63 - 1", () -> file.column("huge"));
      assertSaid(path + ": lzf has the filters", () -> file.column("lzf"));
      assertSaid(path + ": group is a group; a data set is required", () -> file.column("group"));
      assertSaid(path + ": group/absent is not there; group has [member", () -> file.column("group/absent"));
      assertSaid(path + ": nowhere/absent is not there, nor is nowhere", () -> file.column("nowhere/absent"));
      assertSaid("/circle: links that lead in circles", () -> file.column("circle"));
      assertSaid("/links/outside is a link to another file", () -> file.column("links/outside"));
      assertSaid("group attribute two is FixedPoint [2]; one number is required", () -> file.number("group", "two"));
      assertTrue(file.table("/").texts().contains("regions"));
      assertTrue(file.has("block") && !file.has("blocks"));
    }
  }

  @FunctionalInterface
  private interface Reading {
    void read() throws IOException;
  }

  private static void assertSaid(String said, Reading reading) {
    String message = String.valueOf(assertThrows(FormatException.class, reading::read).getMessage());
    assertTrue(message.contains(said), message);
  }

  @ParameterizedTest
  @CsvSource({"'', signature", "'not HDF5 at all', signature"})
  void whatIsNoHdf5IsRefused(String content, String said) throws IOException {
    Path file = Files.writeString(folder.resolve("x.hdf5"), content);
    assertSaid(said, () -> Hdf5File.open(file));
  }

  @Test
  void aMissingFileAndAFolderAreSaid() {
    assertThrows(NoSuchFileException.class, () -> Hdf5File.open(folder.resolve("absent.hdf5")));
    assertSaid(folder + " is a folder; a file is required", () -> Hdf5File.open(folder));
  }

  /// The last third of the file is gone: what stands in the rest is read or refused.
  @Test
  void aFileThatWasCutIsRefused() throws IOException {
    Path whole = sample("layouts-old.hdf5");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.hdf5"), Arrays.copyOf(bytes, bytes.length / 3));
    assertSaid("cut.hdf5", () -> {
      try (Hdf5File file = Hdf5File.open(cut)) {
        for (String name : file.names("/")) {
          assertFalse(name.isEmpty());
          file.column(name);
        }
      }
    });
  }

  /// The root's B-tree becomes its own child: level 1 instead of 0, and its address where that of the first leaf stood.
  @Test
  void aTreeThatIsItsOwnChildEnds() throws IOException {
    Path whole = sample("layouts-old.hdf5");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(whole)).order(ByteOrder.LITTLE_ENDIAN);
    int tree = 0;
    while (bytes.getInt(tree) != 0x45455254) { // "TREE"
      tree++;
    }
    bytes.put(tree + 5, (byte) 1);
    bytes.putLong(tree + 32, tree);
    Files.write(whole, bytes.array());
    assertSaid("layouts-old.hdf5: /: ", () -> {
      try (Hdf5File file = Hdf5File.open(whole)) {
        file.names("/");
      }
    });
  }

  /// A million, and one for each 64 bytes of the file.
  @Test
  void readsOfAFileAreCounted() throws IOException {
    try (Arena arena = Arena.ofConfined(); FileChannel channel = FileChannel.open(sample("layouts-new.hdf5"))) {
      Hdf5Storage storage = Hdf5Storage.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      long most = 1_000_000 + channel.size() / 64;
      for (long i = 0; i < most; i++) {
        assertEquals(1, storage.map(0, 1).remaining());
      }
      assertThrows(HdfException.class, () -> storage.map(0, 1));
    }
  }

  @Test
  void aGroupOfColumnsIsATable() throws IOException {
    try (Hdf5File file = Hdf5File.open(SharedFolder.file("photoz-dc2/test_dc2_training_9816.hdf5"))) {
      NumberTable table = file.table("photometry");
      assertEquals(10_225, table.rows());
      assertEquals(14, table.columns().size());
      assertTrue(table.column("id").isWhole());
      double[] redshifts = table.column("redshift").doubles();
      assertEquals(0.019, Arrays.stream(redshifts).min().orElseThrow(), 1e-3);
      assertEquals(2.987, Arrays.stream(redshifts).max().orElseThrow(), 1e-3);
    }
  }
}
