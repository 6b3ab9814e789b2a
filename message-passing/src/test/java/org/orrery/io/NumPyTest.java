package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;

class NumPyTest {
  @TempDir
  private Path folder;

  /// A file written by hand from the description of the format.
  private static byte[] file(int version, String header, int... numbers) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
    int prefix = version == 1 ? 2 : 4;
    ByteBuffer bytes = ByteBuffer.allocate(8 + prefix + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) text.length);
    } else {
      bytes.putInt(text.length);
    }
    bytes.put(text);
    for (int number : numbers) {
      bytes.put((byte) number);
    }
    return bytes.array();
  }

  private static String header(String type, boolean columnMajor, String shape) {
    return "{'descr': '" + type + "', 'fortran_order': " + (columnMajor ? "True" : "False") + ", 'shape': " + shape
        + ", }";
  }

  private static byte[] file(String type, String shape, int... numbers) {
    return file(1, header(type, false, shape), numbers);
  }

  private NumericArray read(byte[] bytes) throws IOException {
    return NumPy.read(Mutations.overwrite(folder.resolve("x.npy"), bytes));
  }

  static List<Arguments> types() {
    Shape one = Shape.of(1);
    Shape two = Shape.of(2);
    return List.of(
        Arguments.of("<f8", new int[] {0, 0, 0, 0, 0, 0, 0xf8, 0x3f}, NumericArray.of(one, 1.5)),
        Arguments.of(">f8", new int[] {0x3f, 0xf8, 0, 0, 0, 0, 0, 0}, NumericArray.of(one, 1.5)),
        Arguments.of("<f4", new int[] {0, 0, 0xc0, 0x3f}, NumericArray.of(one, 1.5f)),
        Arguments.of(">f4", new int[] {0x3f, 0xc0, 0, 0}, NumericArray.of(one, 1.5f)),
        Arguments.of("<f2", new int[] {0, 0x3e}, NumericArray.of(ElementType.F16, one, new float[] {1.5f})),
        Arguments.of(">f2", new int[] {0x3e, 0}, NumericArray.of(ElementType.F16, one, new float[] {1.5f})),
        Arguments.of("<i8", new int[] {2, 1, 0, 0, 0, 0, 0, 0x80}, NumericArray.of(one, Long.MIN_VALUE + 258)),
        Arguments.of(">i8", new int[] {0x80, 0, 0, 0, 0, 0, 1, 2}, NumericArray.of(one, Long.MIN_VALUE + 258)),
        Arguments.of("<i4", new int[] {2, 1, 0, 0x80}, NumericArray.of(one, Integer.MIN_VALUE + 258)),
        Arguments.of(">i4", new int[] {0x80, 0, 1, 2}, NumericArray.of(one, Integer.MIN_VALUE + 258)),
        Arguments.of("<i2", new int[] {2, 1, 255, 255}, NumericArray.of(ElementType.I16, two, new int[] {258, -1})),
        Arguments.of(">i2", new int[] {1, 2, 255, 255}, NumericArray.of(ElementType.I16, two, new int[] {258, -1})),
        Arguments.of("|i1", new int[] {1, 255}, NumericArray.of(ElementType.I8, two, new int[] {1, -1})),
        Arguments.of("|u1", new int[] {1, 255}, NumericArray.of(ElementType.U8, two, new int[] {1, 255})),
        Arguments.of("|b1", new int[] {1, 0}, NumericArray.of(ElementType.BOOL, two, new int[] {1, 0})),
        Arguments.of("<u2", new int[] {2, 1, 255, 255}, NumericArray.of(ElementType.U16, two, 258, 65535)),
        Arguments.of(">u2", new int[] {1, 2, 255, 255}, NumericArray.of(ElementType.U16, two, 258, 65535)),
        Arguments.of("<u4", new int[] {2, 1, 0, 255}, NumericArray.wrap(ElementType.U32, one, new int[] {0xff000102})),
        Arguments.of(">u4", new int[] {255, 0, 1, 2}, NumericArray.wrap(ElementType.U32, one, new int[] {0xff000102})),
        Arguments.of("<u8", new int[] {255, 255, 255, 255, 255, 255, 255, 127},
            NumericArray.wrap(ElementType.U64, one, new long[] {Long.MAX_VALUE})),
        Arguments.of(">u8", new int[] {0x80, 0, 0, 0, 0, 0, 0, 1},
            NumericArray.wrap(ElementType.U64, one, new long[] {Long.MIN_VALUE + 1})));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsReadInBothOrdersAndWritten(String type, int[] bytes, NumericArray expected) throws IOException {
    String shape = "(" + expected.shape().elements() + ",)";
    for (int version = 1; version <= 3; version++) {
      assertEquals(expected, read(file(version, header(type, false, shape), bytes)), "version " + version);
    }
    NumPy.write(folder.resolve("y.npy"), expected);
    assertEquals(expected, NumPy.read(folder.resolve("y.npy")));
  }

  @Test
  void columnsFirstComesOutRowsFirst() throws IOException { // 0 2 4 / 1 3 5, columns one behind the other
    assertEquals(NumericArray.of(ElementType.U8, Shape.of(2, 3), new int[] {0, 2, 4, 1, 3, 5}),
        read(file(1, header("|u1", true, "(2, 3)"), 0, 1, 2, 3, 4, 5)));
    assertEquals(NumericArray.of(ElementType.U8, Shape.of(2, 1, 2), new int[] {0, 2, 1, 3}),
        read(file(1, header("|u1", true, "(2, 1, 2)"), 0, 1, 2, 3)));
    assertEquals(NumericArray.of(ElementType.U8, Shape.of(), new int[] {9}),
        read(file(1, header("|u1", true, "()"), 9)));
  }

  @Test
  void headersThatNumPyAcceptsAreRead() throws IOException {
    NumericArray expected = NumericArray.of(ElementType.U8, Shape.of(2, 1), new int[] {7, 8});
    for (String header : List.of(
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }            ",
        "{'shape':(2,1),'fortran_order':False,'descr':'|u1'}",
        "{\"descr\": \"|u1\", 'fortran_order': False, 'shape': (2L, 1L)}")) {
      assertEquals(expected, read(file(1, header, 7, 8)), header);
    }
  }

  /// The bytes that numpy.save(file, numpy.arange(3, dtype='<f4')) of NumPy 2.4.6 writes.
  @Test
  void theWriterWritesWhatNumPyWrites() throws IOException {
    NumPy.write(folder.resolve("y.npy"), NumericArray.of(Shape.of(3), 0f, 1f, 2f));
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    assertArrayEquals(
        file(1, header + " ".repeat(118 - 1 - header.length()), 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40),
        Files.readAllBytes(folder.resolve("y.npy")));
  }

  static List<Arguments> malformed() {
    String good = header("|u1", false, "(2,)");
    return List.of(
        Arguments.of(new byte[0], "ends within its header"),
        Arguments.of("GIF89a, and more".getBytes(StandardCharsets.US_ASCII), "the magic number of an .npy file"),
        Arguments.of(file(4, good, 1, 2), "version 4.0; 1.0, 2.0 or 3.0 is required"),
        Arguments.of(file("|O", "(1,)", 0x80, 2), "type O; objects stand in a pickle, which is not read; numbers f2"),
        Arguments.of(file("<c8", "(1,)", 0, 0, 0, 0, 0, 0, 0, 0), "type c8; complex numbers are not read"),
        Arguments.of(file("<U2", "(1,)", 0, 0, 0, 0, 0, 0, 0, 0), "type U2; texts are not read"),
        Arguments.of(file("<f16", "(1,)"), "type f16; numbers f2"),
        Arguments.of(file("<M8[ns]", "(1,)"), "type M8; numbers f2"),
        Arguments.of(file("=f4", "(1,)", 0, 0, 0, 0), "type =f4; numbers f2"),
        Arguments.of(file("|f4", "(1,)", 0, 0, 0, 0), "type |f4; numbers f2"),
        Arguments.of(file("f4", "(1,)", 0, 0, 0, 0), "type f4; numbers f2"),
        Arguments.of(file(1, good.replace("'|u1'", "[('x]', '<f4', (2,))]"), 1, 2), "type records; numbers f2"),
        Arguments.of(file(1, good.replace("'|u1'", "[('x', '<f4'"), 1, 2), "the header has records without end"),
        Arguments.of(file(1, good.replace("descr", "type"), 1, 2), "the header has a field type"),
        Arguments.of(file(1, "{'descr': '|u1', 'shape': (2,)}", 1, 2), "the header lacks a field"),
        Arguments.of(file(1, "{'shape': (2,), 'shape': (2,)}", 1, 2), "the header has two fields shape"),
        Arguments.of(file(1, good.replace("False", "0"), 1, 2), "fortran_order that is neither True nor False"),
        Arguments.of(file(1, good.replace("(2,)", "(-2,)"), 1, 2), "a shape of other than whole numbers"),
        Arguments.of(file(1, good.replace("(2,)", "(__import__('os').system('x'),)"), 1, 2),
            "a shape of other than whole numbers"),
        Arguments.of(file(1, good.replace("(2,)", "(2 3)"), 1, 2), "has 3 at place 53 and not )"),
        Arguments.of(file(1, good + "x", 1, 2), "the header goes on behind its dictionary"),
        Arguments.of(file("|u1", "(3,)", 1, 2), "2 bytes for u1 [3]; 3 are required"),
        Arguments.of(file("|u1", "(1,)", 1, 2), "2 bytes for u1 [1]; 1 are required"),
        Arguments.of(file("<f8", "(2000000000,)", 1, 2), "2 bytes for f8 [2000000000]; 16000000000 are required"),
        Arguments.of(file("<f8", "(4294967296, 4294967296)", 1, 2), "numbers, are allowed"),
        Arguments.of(file("|u1", "(" + "1, ".repeat(65) + ")", 1), "65 axes; at most 64 are allowed"),
        Arguments.of(file("|b1", "(2,)", 1, 2), "entry 1 is the byte 2; 0 or 1 is required"),
        Arguments.of(file(1, " ".repeat(50) + "{", 1, 2), "the header has ? at place 51 and not '"),
        Arguments.of(file(2, good + " ".repeat(70_000), 1, 2), "; at most 65536 are allowed"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsMalformedIsRefused(byte[] bytes, String complaint) {
    String message = String.valueOf(assertThrows(FormatException.class, () -> read(bytes)).getMessage());
    assertTrue(message.startsWith(folder.resolve("x.npy") + ": ") && message.contains(complaint), message);
  }

  @Test
  void whatNumPyLacksIsNotWritten() {
    Path file = folder.resolve("y.npy");
    NumericArray brain = NumericArray.of(ElementType.BF16, Shape.of(1), new float[] {1});
    assertEquals("npy: array is BF16 [1]; NumPy has no such numbers",
        assertThrows(IllegalArgumentException.class, () -> NumPy.write(file, brain)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> NumPyArchive.of(Map.of("x", brain)));
    assertThrows(IllegalArgumentException.class,
        () -> NumPyArchive.of(Map.of("../x", NumericArray.of(Shape.of(), 1f))));
    assertTrue(Files.notExists(file));
  }

  private static Map<String, NumericArray> sample() {
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("layers.0.weight", NumericArray.of(Shape.of(3, 5), Key.of(1).normal(15)));
    arrays.put("größe/x", NumericArray.of(Shape.of(), Math.PI));
    arrays.put("edges", NumericArray.of(Shape.of(2, 2), 0L, 1L << 40, -1L, 3L));
    arrays.put("nothing", NumericArray.of(Shape.of(0, 4), new int[0]));
    arrays.put("mask", NumericArray.of(ElementType.BOOL, Shape.of(2), new int[] {1, 0}));
    arrays.put("large", NumericArray.of(Shape.of(30_001), Key.of(2).uniformDouble(30_001)));
    return arrays;
  }

  @Test
  void anArchiveIsReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("x.npz");
    NumPyArchive.of(sample()).write(file);
    NumPyArchive content = NumPyArchive.read(file);
    assertEquals(List.copyOf(sample().entrySet()), List.copyOf(content.arrays().entrySet()));
    Path again = folder.resolve("y.npz");
    content.write(again);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
    String message = String.valueOf(assertThrows(FormatException.class, () -> content.array("bias")).getMessage());
    assertTrue(message.startsWith(file + ": there is no array bias; there are {layers.0.weight=F32 [3, 5], "), message);
  }

  private Path archive(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return Mutations.overwrite(folder.resolve("x.npz"), bytes.toByteArray());
  }

  @Test
  void textsAreListedAndNotLost() throws IOException {
    NumPyArchive content = NumPyArchive.read(archive(Map.of("x.npy", file("|u1", "(2,)", 7, 8),
        "bodies.npy", file("<U1", "(2,)", 65, 0, 0, 0, 66, 0, 0, 0))));
    assertEquals(Map.of("x", NumericArray.of(ElementType.U8, Shape.of(2), new int[] {7, 8})), content.arrays());
    assertEquals(Map.of("bodies", "text U1 [2]"), content.skipped());
    assertThrows(IllegalStateException.class, () -> content.write(folder.resolve("y.npz")));
  }

  @Test
  void whatHoldsNoNumbersDoesNotMakeTheOthersUnreadable() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x.npy", file("|u1", "(2,)", 7, 8));
    entries.put("object.npy", file("|O", "(1,)", 0x80, 2));
    entries.put("wave.npy", file("<c8", "(1,)", 0, 0, 0, 0, 0, 0, 0, 0));
    entries.put("day.npy", file("<M8[D]", "(1,)", 0, 0, 0, 0, 0, 0, 0, 0));
    entries.put("table.npy", file(1, header("|u1", false, "(1,)").replace("'|u1'", "[('x', '<f4'), ('y', '<f4')]"),
        0, 0, 0, 0, 0, 0, 0, 0));
    NumPyArchive content = NumPyArchive.read(archive(entries));
    assertEquals(Map.of("x", NumericArray.of(ElementType.U8, Shape.of(2), 7, 8)), content.arrays());
    assertEquals(Map.of("object", "objects O [1]", "wave", "complex numbers c8 [1]", "day", "times M8 [1]", "table",
        "records [1]"), content.skipped());
    String message = String.valueOf(assertThrows(FormatException.class, () -> content.array("object")).getMessage());
    assertTrue(message.contains("array object is objects O [1], which is not read"), message);
  }

  @Test
  void archivesOfOtherThingsAreRefused() throws IOException {
    String other = String
        .valueOf(assertThrows(FormatException.class, () -> NumPyArchive.read(archive(Map.of("a.exe", new byte[3]))))
            .getMessage());
    assertTrue(other.endsWith("entry a.exe; a name that ends in .npy is required"), other);
    byte[] zeros = new byte[200 << 20];
    byte[] begin = file("|u1", "(" + zeros.length + ",)");
    System.arraycopy(begin, 0, zeros, 0, begin.length);
    String bomb = String.valueOf(
        assertThrows(FormatException.class, () -> NumPyArchive.read(archive(Map.of("x.npy", zeros)))).getMessage());
    assertTrue(bomb.contains("entry x.npy of 209715200 bytes from "), bomb);
  }

  @Test
  void mutationsEndWell() throws IOException {
    byte[] whole = file(1, header("<i2", true, "(2, 3)"), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    int refused = Mutations.refused(whole, folder.resolve("m.npy"), 31,
        file -> assertTrue(NumPy.read(file).shape().elements() <= 16));
    assertTrue(refused > Mutations.COUNT / 2 && refused < Mutations.COUNT, refused + " were refused");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mutationsOfAnArchiveEndWell(boolean compressed) throws IOException {
    Map<String, NumericArray> arrays = sample();
    arrays.remove("large");
    Path file = folder.resolve("x.npz");
    NumPyArchive.of(arrays).write(file);
    if (compressed) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      try (ZipArchive archive = ZipArchive.open(file)) {
        for (String name : archive.names()) {
          entries.put(name, archive.bytes(name));
        }
      }
      archive(entries);
    }
    List<NumericArray> numbers = List.copyOf(arrays.values());
    int refused = Mutations.refused(Files.readAllBytes(file), folder.resolve("m.npz"), 32,
        each -> assertTrue(numbers.containsAll(NumPyArchive.read(each).arrays().values())));
    assertTrue(refused > Mutations.COUNT / 5 && refused < Mutations.COUNT, refused + " were refused");
  }

  private static Path shared(String name) {
    Path file = Mutations.shared(name);
    assumeTrue(file != null, "there is no shared/data/" + name + " above the module");
    return Objects.requireNonNull(file);
  }

  @Test
  void thePublishedAttentionNetworkIsRead() throws IOException {
    NumPyArchive content = NumPyArchive.read(shared("gat-cora/gat_cora_weights.npz"));
    assertEquals(
        "{W1=F32 [8, 1433, 8], a_dst1=F32 [8, 8], a_dst1_bias=F32 [8], a_src1=F32 [8, 8], a_src1_bias=F32 [8], "
            + "bias1=F32 [8, 8], W2=F32 [64, 7], a_dst2=F32 [7], a_dst2_bias=F32 [1], a_src2=F32 [7], a_src2_bias=F32 [1], "
            + "bias2=F32 [7]}",
        content.toString());
    assertEquals(92_391, content.arrays().values().stream().mapToInt(array -> array.shape().elements()).sum());
  }

  @Test
  void coraIsRead() throws IOException {
    NumPyArchive content = NumPyArchive.read(shared("cora/cora.npz"));
    assertEquals("{indptr=I32 [2709], indices=I32 [49216], data=F32 [49216], shape=I64 [2], edges=I32 [5278, 2], "
        + "labels=I32 [2708], train=I64 [140], val=I64 [500], test=I64 [1000]}", content.toString());
    assertArrayEquals(new int[] {2708, 1433}, content.array("shape").ints());
    assertEquals(49_216, content.array("indptr").ints()[2708]);
    assertTrue(Arrays.stream(content.array("labels").ints()).allMatch(label -> label >= 0 && label < 7));
  }

  @Test
  void planetsHaveTextsAmongTheirNumbers() throws IOException {
    NumPyArchive content = NumPyArchive.read(shared("jpl-horizons/inner4_barycentric_5d.npz"));
    assertEquals("{jd_tdb=F64 [2923], state_au_aud=F64 [2923, 4, 6]}", content.toString());
    assertEquals(Map.of("bodies", "text U7 [4]"), content.skipped());
  }

  @Test
  void powerSpectraAreRead() throws IOException {
    assertEquals("F32 [1000, 79]",
        NumPy.read(shared("camels-pk/Pk_galaxies_IllustrisTNG_LH_10_kmax=20.0.npy")).toString());
  }
}
