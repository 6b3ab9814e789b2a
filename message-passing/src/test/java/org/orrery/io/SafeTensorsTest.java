package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;

class SafeTensorsTest {
  @TempDir
  private Path folder;

  /// The bytes of a file with this header and so many bytes of numbers, 0, 1, 2, ...
  private static byte[] file(String header, int numbers) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + numbers).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    for (int i = 0; i < numbers; i++) {
      bytes.put((byte) i);
    }
    return bytes.array();
  }

  /// Overwrites one file and cuts it to length, since file systems wait for the disk where a file is emptied first.
  private SafeTensors read(byte[] bytes) throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.truncate(bytes.length);
    }
    return SafeTensors.read(file);
  }

  private static SafeTensors sample() {
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("layers.0.weight", NumericArray.of(Shape.of(2, 3), 1f, -2f, 0.5f, Float.NaN, Float.MIN_VALUE, -0f));
    arrays.put("positions", NumericArray.of(Shape.of(3), 1e300, Math.PI, Double.NEGATIVE_INFINITY));
    arrays.put("edge_index", NumericArray.of(Shape.of(2, 2), 0L, 1L << 40, -1L, 3L));
    arrays.put("labels", NumericArray.of(Shape.of(1, 3, 1), 7, -8, Integer.MAX_VALUE));
    arrays.put("scalar", NumericArray.of(Shape.of(), 2.5f));
    arrays.put("nothing", NumericArray.of(Shape.of(0, 4), new float[0]));
    arrays.put("übergröße \"x\" \n", NumericArray.of(Shape.of(1), 1f));
    return SafeTensors.of(arrays, Map.of("op", "GATConv", "note", "größer"));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("model.safetensors");
    sample().write(file);
    assertEquals(sample(), SafeTensors.read(file));
    SafeTensors.of(Map.of(), Map.of()).write(file);
    assertEquals(SafeTensors.of(Map.of(), Map.of()), SafeTensors.read(file));
  }

  @Test
  void longNamesAndStringsAreRead() throws IOException { // longer than what the JSON parser takes unasked
    Path file = folder.resolve("model.safetensors");
    SafeTensors wordy = SafeTensors.of(Map.of("n".repeat(60_000), NumericArray.of(Shape.of(1), new float[] {1})),
        Map.of("k".repeat(60_000), "v".repeat(20_000_001)));
    wordy.write(file);
    assertEquals(wordy, SafeTensors.read(file));
    SafeTensors tooWordy = SafeTensors.of(Map.of(), Map.of("k", "v".repeat(100_000_000)));
    assertThrows(IllegalArgumentException.class, () -> tooWordy.write(file));
    assertEquals(wordy, SafeTensors.read(file));
  }

  @Test
  void manyNumbersPassThroughTheBuffer() throws IOException { // several times its 65,536 bytes, and not a multiple
    SafeTensors large = SafeTensors.of(Map.of(
        "a", NumericArray.of(Shape.of(100_003), Key.of(1).normal(100_003)),
        "b", NumericArray.of(Shape.of(30_001), Key.of(2).uniformDouble(30_001)),
        "c", NumericArray.of(Shape.of(77, 777), Key.of(3).integers(77 * 777, 1000))), Map.of());
    Path file = folder.resolve("model.safetensors");
    large.write(file);
    assertEquals(large, SafeTensors.read(file));
  }

  @Test
  void equalContentGivesEqualFilesWithAlignedNumbers() throws IOException {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    sample().write(one);
    SafeTensors.read(one).write(other);
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
    long header = ByteBuffer.wrap(Files.readAllBytes(one)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8);
    assertEquals(
        List.of("edge_index", "positions", "labels", "layers.0.weight", "nothing", "scalar", "übergröße \"x\" \n"),
        List.copyOf(SafeTensors.read(one).arrays().keySet()), "wide numbers first, then by name");
  }

  /// Written by hand from the description of the format: numbers 0, 1, 2, ... as bytes, read little-endian.
  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of("F64", 8, NumericArray.wrap(ElementType.F64, Shape.of(1),
            new double[] {Double.longBitsToDouble(0x0706050403020100L)})),
        Arguments.of("F32", 4, NumericArray.of(ElementType.F32, Shape.of(1),
            new float[] {Float.intBitsToFloat(0x03020100)})),
        // exponent 0 of 5 bits: 0x100 2^-24
        Arguments.of("F16", 2, NumericArray.of(ElementType.F16, Shape.of(1), new float[] {0x1p-16f})),
        Arguments.of("BF16", 2, NumericArray.of(ElementType.BF16, Shape.of(1),
            new float[] {Float.intBitsToFloat(0x01000000)})),
        // exponent 0 of 4 bits: 0, 1, 2 times 2^-9; and of 5 bits 0, 1, 2 times 2^-16
        Arguments.of("F8_E4M3", 3,
            NumericArray.of(ElementType.F8_E4M3, Shape.of(3), new float[] {0, 0x1p-9f, 0x1p-8f})),
        Arguments.of("F8_E5M2", 3,
            NumericArray.of(ElementType.F8_E5M2, Shape.of(3), new float[] {0, 0x1p-16f, 0x1p-15f})),
        Arguments.of("U64", 8, NumericArray.wrap(ElementType.U64, Shape.of(1), new long[] {0x0706050403020100L})),
        Arguments.of("U32", 4, NumericArray.of(ElementType.U32, Shape.of(1), 0x03020100)),
        Arguments.of("U16", 2, NumericArray.of(ElementType.U16, Shape.of(1), 0x0100)),
        Arguments.of("I64", 8, NumericArray.wrap(ElementType.I64, Shape.of(1), new long[] {0x0706050403020100L})),
        Arguments.of("I32", 4, NumericArray.of(ElementType.I32, Shape.of(1), new int[] {0x03020100})),
        Arguments.of("I16", 2, NumericArray.of(ElementType.I16, Shape.of(1), new int[] {0x0100})),
        Arguments.of("I8", 3, NumericArray.of(ElementType.I8, Shape.of(3), new int[] {0, 1, 2})),
        Arguments.of("U8", 3, NumericArray.of(ElementType.U8, Shape.of(3), new int[] {0, 1, 2})),
        Arguments.of("BOOL", 2, NumericArray.of(ElementType.BOOL, Shape.of(2), new int[] {0, 1})));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsReadAndWritten(String type, int bytes, NumericArray expected) throws IOException {
    SafeTensors there = read(file("{\"x\":{\"dtype\":\"" + type + "\",\"shape\":[" + expected.shape().elements()
        + "],\"data_offsets\":[0," + bytes + "]}}", bytes));
    assertEquals(Map.of("x", expected), there.arrays());
    assertEquals(there, again(there));
  }

  @Test
  void tensorsOfOtherTypesAreListedAndTheOthersAreRead() throws IOException {
    SafeTensors content = read(file("{\"z\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]},"
        + "\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[8,10]},"
        + "\"f\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[10,13]}}", 13));
    assertEquals(Map.of("x", NumericArray.of(ElementType.U8, Shape.of(2), 8, 9)), content.arrays());
    assertEquals(Map.of("z", "C64 [1]", "f", "F6_E2M3 [4]"), content.skipped());
    String message = refusal(() -> content.array("z"));
    assertTrue(message.contains(": tensor z is C64 [1], which is not read; one of [F64, "), message);
    assertThrows(IllegalStateException.class, () -> content.write(folder.resolve("again")));
  }

  @Test
  void signsComeOut() throws IOException { // bytes 250 to 255 are -6 to -1
    String header = "{\"a\":{\"dtype\":\"I8\",\"shape\":[256],\"data_offsets\":[0,256]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[256],\"data_offsets\":[256,512]},"
        + "\"c\":{\"dtype\":\"I16\",\"shape\":[128],\"data_offsets\":[512,768]}}";
    SafeTensors content = read(file(header, 768));
    assertEquals(List.of("a", "b", "c"), List.copyOf(content.arrays().keySet()));
    assertEquals(-1, content.array("a").ints()[255]);
    assertEquals(255, content.array("b").ints()[255]);
    assertEquals((short) 0xfffe, content.array("c").ints()[127]);
    assertEquals(content, again(content));
  }

  private static final String X = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of(new byte[0], ": 0 bytes; a header length of 8 bytes is required"),
        Arguments.of(new byte[7], ": 7 bytes; a header length of 8 bytes is required"),
        Arguments.of(new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{', '}'},
            ": a header of 100 bytes in a file of 10; at most 2 are allowed"),
        Arguments.of(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'},
            ": a header of 18446744073709551615 bytes in a file of 10; at most 2 are allowed"),
        Arguments.of(file("", 0), ": a header that begins with ''; a JSON object is required"),
        Arguments.of(file("[1, 2]", 0), ": a header that begins with '[1, 2]'; a JSON object is required"),
        Arguments.of(file("{\"x\"", 0), ": the header is not valid JSON: "),
        Arguments.of(file("{} {}", 0), ": { behind the header's object; nothing is allowed there"),
        Arguments.of(file(X.replace("}}", "},\"x\":{}}"), 8), ": the header is not valid JSON: Duplicate field 'x'"),
        Arguments.of(file("{\"x\":7}", 0), ": tensor x is 7; an object is required"),
        Arguments.of(file(X.replace("\"dtype\":\"F32\",", ""), 8), ": tensor x has no dtype; "),
        Arguments.of(file(X.replace("\"shape\":[2],", ""), 8), ": tensor x has no shape; "),
        Arguments.of(file(X.replace(",\"data_offsets\":[0,8]", ""), 8), ": tensor x has no data_offsets; "),
        Arguments.of(file(X.replace("shape", "form"), 8), ": tensor x has a field form; "),
        Arguments.of(file(X.replace("\"F32\"", "32"), 8), ": tensor x: dtype is 32; a string is required"),
        Arguments.of(file(X.replace("F32", "C96"), 8), ": tensor x: dtype C96; one of [F64, F32, "),
        Arguments.of(file(X.replace("F32", "C64"), 8), ": tensor x: 8 bytes for C64 [2]; 16 are required"),
        Arguments.of(file(X.replace("[2]", "2"), 8), ": tensor x: shape is 2; an array of whole numbers is required"),
        Arguments.of(file(X.replace("[2]", "[-2]"), 8), ": tensor x: shape holds -2; whole numbers from 0 to "),
        Arguments.of(file(X.replace("[2]", "[2.0]"), 8), ": tensor x: shape holds 2.0; whole numbers from 0 to "),
        Arguments.of(file(X.replace("[2]", "[18446744073709551618]"), 8),
            ": tensor x: shape holds 18446744073709551618; whole numbers from 0 to "),
        Arguments.of(file(X.replace("[2]", "[4294967296,4294967296]"), 8),
            ": tensor x: shape [4294967296, 4294967296]; at most 2147483639 numbers are allowed"),
        Arguments.of(file(X.replace("[2]", "[65536,65536]"), 8),
            ": tensor x: shape [65536, 65536]; at most 2147483639 numbers are allowed"),
        Arguments.of(file(X.replace("[2]", "[2000000000]"), 8),
            ": tensor x: 8 bytes for F32 [2000000000]; 8000000000 are required"),
        Arguments.of(file(X.replace("[2]", "[3]"), 8), ": tensor x: 8 bytes for F32 [3]; 12 are required"),
        Arguments.of(file(X.replace("[2]", "[1]"), 8), ": tensor x: 8 bytes for F32 [1]; 4 are required"),
        // 4 (2^62 + 1) is 4 in 64 bits
        Arguments.of(file(X.replace("[2]", "[4,4611686018427387905]"), 16),
            ": tensor x: shape [4, 4611686018427387905]; at most 2147483639 numbers are allowed"),
        Arguments.of(file(X.replace("[0,8]", "[0,8,16]"), 8), ": tensor x: data_offsets [0, 8, 16]; begin and end, "),
        Arguments.of(file(X.replace("[0,8]", "[8,0]"), 8), ": tensor x: data_offsets [8, 0]; begin and end, "),
        Arguments.of(file(X, 7),
            ": tensor x: data_offsets [0, 8]; begin and end, in this order, from 0 to 7 are required"),
        Arguments.of(file(X.replace("[0,8]", "[9223372036854775800,9223372036854775807]"), 8),
            ": tensor x: data_offsets [9223372036854775800, 9223372036854775807]; begin and end, "),
        Arguments.of(file(X.replace("[0,8]", "[4,12]"), 12),
            ": tensor x begins at byte 4 of the numbers; 0, where the header ends, is required"),
        Arguments.of(file(two("0,8", "12,20"), 20),
            ": tensor y begins at byte 12 of the numbers; 8, where tensor x ends, is required"),
        Arguments.of(file(two("0,8", "4,12"), 12),
            ": tensor y begins at byte 4 of the numbers; 8, where tensor x ends, is required"),
        Arguments.of(file(X, 11), ": 3 bytes behind tensor x; none are allowed"),
        Arguments.of(file("{}", 1), ": 1 bytes behind the header; none are allowed"),
        Arguments.of(file("{\"__metadata__\":[]}", 0), ": __metadata__ is [; an object of strings is required"),
        Arguments.of(file("{\"__metadata__\":{\"op\":1}}", 0), ": __metadata__ op is 1; a string is required"),
        Arguments.of(file("{\"x\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3),
            ": tensor x: entry 2 is the byte 2; 0 or 1 is required"));
  }

  private static String two(String first, String second) {
    return "{\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + second + "]},"
        + "\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + first + "]}}";
  }

  private static String refusal(Executable reading) {
    return String.valueOf(assertThrows(FormatException.class, reading).getMessage());
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsMalformedIsRefused(byte[] bytes, String complaint) {
    String message = refusal(() -> read(bytes));
    assertTrue(message.startsWith(folder.resolve("model.safetensors") + complaint), message);
  }

  @Test
  void invalidTextIsRefused() {
    byte[] bytes = file("{\"x\":\"?\"}", 0);
    bytes[8 + 6] = (byte) 0xff;
    String message = refusal(() -> read(bytes));
    assertTrue(message.endsWith(": header byte 6 begins no character; UTF-8 is required"), message);
  }

  @Test
  void aHeaderBeyondTheFormatsLimitIsRefused() throws IOException { // the file is sparse: it takes no space
    Path file = folder.resolve("model.safetensors");
    try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE_NEW,
        StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001));
      channel.position(200_000_000);
      channel.write(ByteBuffer.wrap(new byte[1]));
    }
    String message = refusal(() -> SafeTensors.read(file));
    assertTrue(message.endsWith(
        ": a header of 100000001 bytes in a file of 200000001; at most 100000000 are allowed; is it a "
            + "safetensors file?"),
        message);
  }

  @Test
  void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
    byte[] whole = written(sample());
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(FormatException.class, () -> read(part), "the first " + length + " bytes");
    }
  }

  private byte[] written(SafeTensors content) throws IOException {
    Path file = folder.resolve("written");
    content.write(file);
    return Files.readAllBytes(file);
  }

  /// What a mutation leaves is refused, or it is a file whose content can be written and read.
  @Test
  void mutationsEndWell() throws IOException {
    byte[] whole = written(sample());
    long seed = 11;
    int refused = 0;
    List<Key> keys = Key.of(seed).split(Mutations.COUNT);
    for (int i = 0; i < keys.size(); i++) {
      byte[] mutated = mutated(whole, keys.get(i));
      SafeTensors content;
      try {
        content = read(mutated);
      } catch (FormatException expected) {
        refused++;
        continue;
      }
      if (i % 20 == 0 && content.skipped().isEmpty()) { // each waits for the disk
        assertEquals(content, again(content), "seed " + seed + ", mutation " + i);
      }
    }
    assertTrue(refused > Mutations.COUNT / 2 && refused < Mutations.COUNT, refused + " were refused");
  }

  private SafeTensors again(SafeTensors content) throws IOException {
    Path file = folder.resolve("again");
    content.write(file);
    return SafeTensors.read(file);
  }

  /// One to three changes: a bit turned, a byte replaced by one that JSON knows, bytes removed, repeated or added.
  private static byte[] mutated(byte[] whole, Key key) {
    byte[] bytes = whole;
    byte[] marks = "{}[]\",:0123456789-.eE\\u \0".getBytes(StandardCharsets.UTF_8);
    int[] draws = key.integers(16, Integer.MAX_VALUE);
    for (int change = 0; change <= draws[0] % 3; change++) {
      int at = draws[4 * change + 2] % (bytes.length + 1);
      int count = draws[4 * change + 3] % 9;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, at);
      int rest = Math.min(bytes.length, at + 1);
      switch (draws[4 * change + 1] % 5) {
        case 0 -> out.write(at < bytes.length ? bytes[at] ^ 1 << count % 8 : count);
        case 1 -> out.write(marks[draws[4 * change + 4] % marks.length]);
        case 2 -> rest = Math.min(bytes.length, at + count);
        case 3 -> rest = Math.max(0, at - count);
        default -> {
          out.write(draws[4 * change + 4]);
          rest = at;
        }
      }
      out.write(bytes, rest, bytes.length - rest);
      bytes = out.toByteArray();
    }
    return bytes;
  }

  @Test
  void aMissingTensorIsNamed() {
    SafeTensors content = SafeTensors.of(Map.of("weight", NumericArray.of(Shape.of(2), 1f, 2f)), Map.of());
    assertEquals("safetensors: there is no tensor bias; there are {weight=F32 [2]}",
        refusal(() -> content.array("bias")));
  }

  @Test
  void theNameOfTheMetadataIsTaken() {
    assertThrows(IllegalArgumentException.class,
        () -> SafeTensors.of(Map.of("__metadata__", NumericArray.of(Shape.of(), 1f)), Map.of()));
  }

  @TestFactory
  Stream<DynamicTest> everyReferenceCaseIsRead() throws IOException {
    Path reference = reference();
    if (reference == null) {
      return Stream.of(DynamicTest.dynamicTest("reference cases",
          () -> assumeTrue(false, "there is no folder shared/reference above the module")));
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(reference)) {
      files = all.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
    assertFalse(files.isEmpty(), "there is no .safetensors file in shared/reference");
    return files.stream().map(file -> DynamicTest.dynamicTest(reference.relativize(file).toString(), () -> {
      SafeTensors content = SafeTensors.read(file);
      assertTrue(content.metadata().containsKey("op"), "the metadata has no op");
      assertFalse(content.arrays().isEmpty(), "there are no tensors");
      Path copy = folder.resolve("copy");
      content.write(copy);
      assertEquals(content, SafeTensors.read(copy));
    }));
  }

  private static @Nullable Path reference() {
    for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
      Path reference = above.resolve("shared").resolve("reference");
      if (Files.isDirectory(reference)) {
        return reference;
      }
    }
    return null;
  }
}
