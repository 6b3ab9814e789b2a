package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small files that would grow when they are read, read where there is little more memory than they may take.
class ReadingMemoryTest {
  private static final int LARGE = 60_000_000;
  private static final int SMALLER = 8_000_000;
  private static final int HEAP = 144; // MiB; the files here may take 64 and 50 times their size, of 1 MiB at most

  @TempDir
  private Path folder;

  /// Reads the files that are named, and prints the outcome of each.
  static final class Reader {
    public static void main(String[] files) throws IOException {
      for (String name : files) {
        Path file = Path.of(name);
        String outcome;
        try {
          ArrayFile content = ArrayFile.read(file);
          outcome = "read " + content.arrays().size() + " arrays";
        } catch (FormatException refused) {
          outcome = String.valueOf(refused.getMessage()).replace(name, "").replaceAll("[0-9]+", "n");
        }
        System.out.println(file.getFileName() + " " + outcome);
      }
    }
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  /// A checkpoint whose pickle is a beginning and then the same again and again, up to so many bytes.
  private void checkpoint(String name, int length, byte[] begin, byte... repeated) throws IOException {
    byte[] pickle = new byte[length];
    System.arraycopy(begin, 0, pickle, 0, begin.length);
    for (int i = begin.length; i < length; i++) {
      pickle[i] = repeated[(i - begin.length) % repeated.length];
    }
    Files.write(folder.resolve(name), zip("archive/data.pkl", pickle));
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] array(boolean columnMajor, int rows, int columns) {
    String header = "{'descr': '|u1', 'fortran_order': " + (columnMajor ? "True" : "False") + ", 'shape': (" + rows
        + ", " + columns + ")}\n";
    ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + rows * columns).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put(latin("NUMPY")).put((byte) 1).put((byte) 0).putShort((short) header.length());
    return bytes.put(latin(header)).array();
  }

  private void safetensors(String name, String header, int numbers) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve(name), ByteBuffer.allocate(8 + text.length + numbers).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length).put(text).array());
  }

  private static String repeated(int count, IntFunction<String> part) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",").append(part.apply(i));
    }
    return text.toString();
  }

  private void files() throws IOException {
    checkpoint("dictionaries.pt", LARGE, new byte[0], (byte) '}');
    checkpoint("tuples.pt", SMALLER, new byte[0], (byte) ')');
    checkpoint("marks.pt", SMALLER, new byte[0], (byte) '(');
    checkpoint("memo.pt", SMALLER, latin("N"), (byte) 0x94);
    checkpoint("same-memo.pt", SMALLER, latin("Nr\uffff\uffff\uffff\uffff"), latin("Nr\u00ff\u00ff\u00ff\u00ff"));
    checkpoint("list.pt", SMALLER, latin("]("), (byte) 'N');
    checkpoint("name.pt", SMALLER, latin("c"), (byte) 'm');
    checkpoint("doubled.pt", SMALLER, latin("]"), latin("q\0h\0\u0086"));
    checkpoint("integers.pt", SMALLER, new byte[0], latin("\u008a\u0001\u0007"));
    checkpoint("text.pt", LARGE, latin("T\u0000\u0000\u0000\u0003"), (byte) 'x');
    checkpoint("instances.pt", SMALLER, latin("cos\nsystem\nq\0"), latin("h\0)R"));
    Files.write(folder.resolve("columns.npz"), zip("x.npy", array(true, LARGE / 1000, 1000)));
    Files.write(folder.resolve("rows.npz"), zip("x.npy", array(false, LARGE / 1000, 1000)));
    ByteArrayOutputStream idx = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(idx)) {
      gzip.write(ByteBuffer.allocate(LARGE).putInt(0x00000801).putInt(LARGE - 8).array());
    }
    Files.write(folder.resolve("zeros.idx.gz"), idx.toByteArray());
    safetensors("metadata.safetensors", "{\"__metadata__\":{" + repeated(90_000, i -> "\"" + i + "\":\"\"") + "}}", 0);
    safetensors("tensors.safetensors", "{" + repeated(17_000,
        i -> "\"" + i + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}") + "}", 0);
    safetensors("axes.safetensors", "{\"x\":{\"dtype\":\"U8\",\"shape\":[0" + ",1".repeat(450_000)
        + "],\"data_offsets\":[0,0]}}", 0);
    safetensors("nested.safetensors", "{\"x\":" + "[".repeat(900_000), 0);
    safetensors("escapes.safetensors", "{\"" + "\\u0041".repeat(150_000) + "\":1}", 0);
  }

  @Test
  void smallFilesTakeNoMoreMemoryThanIsStated() throws IOException, InterruptedException {
    files();
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + HEAP + "m", "-XX:+UseSerialGC", "-cp", System.getProperty("surefire.test.class.path",
            System.getProperty("java.class.path")),
        Reader.class.getName()));
    try (var all = Files.list(folder)) {
      all.sorted().forEach(file -> command.add(file.toString()));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), shown);
    TreeMap<String, String> outcomes = new TreeMap<>();
    shown.lines().forEach(line -> outcomes.put(line.substring(0, line.indexOf(' ')), line));
    for (String read : new String[] {"columns.npz", "rows.npz", "zeros.idx.gz", "metadata.safetensors",
      "tensors.safetensors"}) {
      assertTrue(String.valueOf(outcomes.remove(read)).matches(read + " read [01][0-9]* arrays"), shown);
    }
    for (String other : new String[] {"name.pt", "axes.safetensors", "nested.safetensors", "escapes.safetensors"}) {
      outcomes.remove(other); // refused for another reason, or read, and without more memory
    }
    assertEquals(10, outcomes.size(), shown);
    outcomes.values().forEach(outcome -> assertTrue(outcome.contains(": reading takes more than n bytes of memory; at "
        + "most n MiB and n times the file's size of n bytes are allowed"), outcome));
  }

  /// Names of 32 letters: pairs of `Aa` and `BB`, which have one hash code, or of `Aa` and `Ab`.
  private static byte[] archive(int count, String other) throws IOException {
    byte[] content = array(false, 1, 1);
    CRC32 sum = new CRC32();
    sum.update(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < count; i++) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
          name.append((i >> bit & 1) == 0 ? "Aa" : other);
        }
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private long work(byte[] bytes, int arrays) throws IOException {
    Path file = Mutations.overwrite(folder.resolve("names.npz"), bytes);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    assertEquals(arrays, NumPyArchive.read(file).arrays().size());
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
  }

  /// A table that is searched from its begin makes many times the work here.
  @Test
  void namesOfOneHashCodeMakeNoMoreWorkThanOthers() throws IOException {
    int count = 30_000;
    byte[] different = archive(count, "Ab");
    work(different, count);
    long usual = work(different, count);
    long hostile = work(archive(count, "BB"), count);
    assertTrue(hostile < 5 * usual, hostile + " ns of the processor for names of one hash code, " + usual
        + " for others; less than five times as much is required");
  }

  @Test
  void theBudgetIsChargedToTheLastByte() throws FormatException {
    Budget budget = new Budget(1000);
    budget.charge((64 << 20) + 49_999, "x");
    assertTrue(budget.take(1));
    assertTrue(!budget.take(1) && !budget.take(-1) && !budget.take(Long.MAX_VALUE));
    assertEquals("x: reading takes more than 67158864 bytes of memory; at most 64 MiB and 50 times the file's size of "
        + "1000 bytes are allowed", budget.exceeded("x").getMessage());
    assertEquals(List.of(64L << 20), Arrays.asList(Budget.most(0)));
  }
}
