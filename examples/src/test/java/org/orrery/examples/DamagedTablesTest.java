package org.orrery.examples;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orrery.examples.cora.CitationFiles;
import org.orrery.examples.cosmographnet.HaloTable;
import org.orrery.examples.halographnet.GalaxyFile;
import org.orrery.examples.shakespeare.Text;
import org.orrery.tensor.Key;

/// Damaged tables and texts: each is read, or refused with the name of a file, which for tables that no longer fit each other
/// may be another of them, and nothing else is thrown. The property
/// `orrery.mutations` says how many of each, 300 unless it is given.
class DamagedTablesTest {
  private static final int COUNT = Integer.getInteger("orrery.mutations", 300);

  @TempDir
  private Path folder;

  enum Table {
    GALAXIES("galaxies.csv", """
        host,galaxy,x_kpc,y_kpc,z_kpc,speed_km_s,stellar_mass_msun,half_light_radius_kpc,note
        A,a,1,2,3,0,1e9,1,central
        A,b,4,5,6,40,1e8,1,"a, b"
        """), HALOS("halos.csv", """
        x_mpc_h,y_mpc_h,z_mpc_h,mass_msun_h,r50_mpc_h,vcirc_max_kms
        1,2,3,1e12,0.1,200
        4,5,6,1e13,0.2,300
        """), NODES("nodes.csv", "node,label,split\n0,0,train\n1,1,val\n2,1,test\n"), EDGES("edges.csv",
        "src,dst\n0,2\n1,2\n"), WORDS("features.mtx",
            "%%MatrixMarket matrix coordinate pattern general\n% words\n3 4 4\n1 1\n1 4\n2 2\n3 4\n"), TEXT("text.txt",
                "Now is the winter of our discontent\n".repeat(60));

    private final String name;
    private final String content;

    Table(String name, String content) {
      this.name = name;
      this.content = content;
    }

    private void read(Path file) throws IOException {
      switch (this) {
        case GALAXIES -> GalaxyFile.read(file);
        case HALOS -> HaloTable.read(file, 32);
        case NODES, EDGES, WORDS -> {
          Path folder = file.resolveSibling("network");
          if (Files.notExists(folder)) {
            Files.createDirectory(folder);
            for (Table each : new Table[] {NODES, EDGES, WORDS}) {
              Files.writeString(folder.resolve(each.name), each.content);
            }
          }
          overwrite(folder.resolve(name), Files.readAllBytes(file));
          CitationFiles.read(folder);
        }
        case TEXT -> Text.read(file);
      }
    }
  }

  /// Overwrites a file and cuts it to length, since file systems wait for the disk where a file is emptied first.
  private static void overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.truncate(bytes.length);
    }
  }

  private static byte[] damaged(byte[] whole, Key key) {
    byte[] bytes = whole;
    byte[] marks = "\",\n\r\0-+.eE0123456789 %\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    int[] draws = key.integers(13, Integer.MAX_VALUE);
    for (int change = 0; change <= draws[12] % 3 && bytes.length > 0; change++) {
      int at = draws[4 * change] % bytes.length;
      int count = draws[4 * change + 1] % Math.min(40, bytes.length - at + 1);
      bytes = switch (draws[4 * change + 2] % 5) {
        case 0 -> Arrays.copyOf(bytes, at);
        case 1 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + count, bytes.length));
        case 2 -> joined(Arrays.copyOf(bytes, at + count), Arrays.copyOfRange(bytes, at, bytes.length));
        case 3 -> joined(joined(Arrays.copyOf(bytes, at), "2147483647000".getBytes(StandardCharsets.UTF_8)),
            Arrays.copyOfRange(bytes, at, bytes.length));
        default -> {
          byte[] set = bytes.clone();
          set[at] = marks[draws[4 * change + 3] % marks.length];
          yield set;
        }
      };
    }
    return bytes;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void damageEndsInAReadTableOrInAnErrorThatNamesIt(Table table) throws IOException {
    Path file = folder.resolve(table.name);
    byte[] whole = table.content.getBytes(StandardCharsets.UTF_8);
    table.read(Files.write(file, whole));
    for (int i = 0; i < COUNT; i++) {
      overwrite(file, damaged(whole, Key.of(5).fold(table.name()).fold(i)));
      try {
        table.read(file);
      } catch (IOException refused) {
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.matches(Pattern.quote(folder.toString()) + "/.*\\.(csv|mtx|txt)(?s:[:,].*)"),
            "mutation " + i + " of seed 5: " + message);
      } catch (RuntimeException | OutOfMemoryError | StackOverflowError wrong) {
        throw new AssertionError(table + ", mutation " + i + " of seed 5", wrong);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Table.class, mode = EnumSource.Mode.EXCLUDE, names = {"NODES", "EDGES", "WORDS"})
  void aFolderInPlaceOfTheTableIsNamed(Table table) throws IOException {
    Path inner = Files.createDirectory(folder.resolve(table.name));
    String message = String.valueOf(assertThrows(IOException.class, () -> table.read(inner)).getMessage());
    assertTrue(message.startsWith(inner + ": a folder; a file is required"), message);
  }
}
