package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Shape;

class IdxTest {
  @TempDir
  private Path folder;

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private NumericArray read(byte[] bytes) throws IOException {
    return Idx.read(Mutations.overwrite(folder.resolve("x.idx"), bytes));
  }

  static List<Arguments> types() {
    Shape two = Shape.of(2);
    return List.of(
        Arguments.of(bytes(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 7, 255),
            NumericArray.of(ElementType.U8, Shape.of(2, 1), new int[] {7, 255})),
        Arguments.of(bytes(0, 0, 9, 1, 0, 0, 0, 2, 7, 255), NumericArray.of(ElementType.I8, two, new int[] {7, -1})),
        Arguments.of(bytes(0, 0, 11, 1, 0, 0, 0, 2, 1, 2, 255, 255),
            NumericArray.of(ElementType.I16, two, new int[] {258, -1})),
        Arguments.of(bytes(0, 0, 12, 1, 0, 0, 0, 2, 0, 0, 1, 2, 255, 255, 255, 255), NumericArray.of(two, 258, -1)),
        Arguments.of(bytes(0, 0, 13, 0, 0x3f, 0xc0, 0, 0), NumericArray.of(Shape.of(), 1.5f)),
        Arguments.of(bytes(0, 0, 14, 1, 0, 0, 0, 1, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0), NumericArray.of(Shape.of(1), 1.5)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsReadPlainAndCompressed(byte[] bytes, NumericArray expected) throws IOException {
    assertEquals(expected, read(bytes));
    assertEquals(expected, read(compressed(bytes)));
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThrows(FormatException.class, () -> read(part), "the first " + length + " bytes");
      assertThrows(FormatException.class, () -> read(compressed(part)), "the first " + length + " bytes, compressed");
    }
    byte[] gzip = compressed(bytes);
    for (int length = 0; length < gzip.length; length++) {
      byte[] part = Arrays.copyOf(gzip, length);
      assertThrows(FormatException.class, () -> read(part), "the first " + length + " compressed bytes");
    }
  }

  static List<Arguments> malformed() throws IOException {
    return List.of(
        Arguments.of(bytes(1, 0, 8, 1, 0, 0, 0, 1, 7), "does not begin with two zero bytes"),
        Arguments.of(bytes(0, 0, 10, 1, 0, 0, 0, 1, 7), "type 0xa; 0x8, "),
        Arguments.of(bytes(0, 0, 8, 3, 0, 0, 0, 1, 7), "ends within the sizes of 3 axes"),
        Arguments.of(bytes(0, 0, 8, 1, 0, 0, 0, 2, 7), "U8 [2] takes 10 bytes; at most 9 can be"),
        Arguments.of(bytes(0, 0, 8, 1, 0, 0, 0, 1, 7, 8), "goes on behind U8 [1]"),
        Arguments.of(bytes(0, 0, 14, 1, 255, 255, 255, 255, 7, 8), "numbers, are allowed"),
        Arguments.of(bytes(0, 0, 14, 1, 127, 0, 0, 0, 7, 8),
            "F64 [2130706432] takes 17045651464 bytes; at most 10 can"),
        Arguments.of(compressed(bytes(0, 0, 8, 1, 0, 64, 0, 0)), "U8 [4194304] takes 4194312 bytes; at most "),
        Arguments.of(bytes(0x1f, 0x8b, 8), "not a whole gzip file"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsMalformedIsRefused(byte[] bytes, String complaint) {
    String message = String.valueOf(assertThrows(FormatException.class, () -> read(bytes)).getMessage());
    assertTrue(message.startsWith(folder.resolve("x.idx") + ": ") && message.contains(complaint), message);
  }

  @Test
  void mutationsEndWell() throws IOException {
    byte[] plain = bytes(0, 0, 11, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    Path file = folder.resolve("m.idx");
    int refused = Mutations.refused(plain, file, 41, each -> assertTrue(Idx.read(each).shape().elements() <= 50));
    assertTrue(refused > Mutations.COUNT / 2 && refused < Mutations.COUNT, refused + " were refused");
    NumericArray whole = read(plain);
    int damaged = Mutations.refused(compressed(plain), file, 42, each -> assertEquals(whole, Idx.read(each)));
    assertTrue(damaged > Mutations.COUNT / 2 && damaged < Mutations.COUNT, damaged + " were refused");
  }

  @Test
  void theDigitsAreRead() throws IOException { // counts by digit from the SOURCE.txt of the data
    Path file = Mutations.shared("mnist/t10k-labels-idx1-ubyte.gz");
    assumeTrue(file != null, "there is no shared/data/mnist above the module");
    Path labels = Objects.requireNonNull(file);
    int[] counts = new int[10];
    for (int label : Idx.read(labels).ints()) {
      counts[label]++;
    }
    assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, counts);
    assertEquals("U8 [10000, 28, 28]", Idx.read(labels.resolveSibling("t10k-images-idx3-ubyte.gz")).toString());
  }
}
