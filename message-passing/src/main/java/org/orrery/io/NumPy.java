package org.orrery.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.orrery.tensor.Shape;

/// One array of numbers in NumPy's `.npy` format, versions 1 to 3.
/// <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
///
/// Read are `f2` `f4` `f8`, `i1` to `i8`, `u1` to `u8` and `b1` of both byte orders, row-major and column-major. `u2` comes
/// as I32, `u4` and `u8` as I64, where each number fits. Objects, texts, records and complex numbers are refused.
///
/// A file is untrusted input: whatever disagrees with the format is refused with a [FormatException] before numbers are
/// read, and memory is at most a small multiple of the file's size.
public final class NumPy {
  static final String TYPES = "numbers f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1, with < or > where order matters,";
  private static final int MOST_AXES = NumberBytes.MOST_AXES;

  private NumPy() {
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file, what came and what is required
  /// @throws IOException where the file cannot be read
  public static NumericArray read(Path file) throws IOException {
    long size = Files.size(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      NumPyHeader header = NumPyHeader.read(in, size, file.toString());
      return numbers(header, in, file.toString());
    }
  }

  /// The numbers behind a header, which must be all that follows.
  static NumericArray numbers(NumPyHeader header, InputStream in, String what) throws IOException {
    long[] sizes = header.sizes().stream().mapToLong(Long::longValue).toArray();
    int count = Math.toIntExact(NumberBytes.elements(sizes, what));
    int width = width(header.type(), what);
    if (header.numbers() != (long) count * width) {
      throw new FormatException(what + ": " + header.numbers() + " bytes for " + header.type() + " " + header.sizes()
          + "; " + (long) count * width + " are required");
    }
    NumberBytes.Source source = NumberBytes.Source.of(in, what);
    ElementType type = type(header.type());
    Object values = switch (header.type()) {
      case "u2" -> unsignedShorts(header, count, source);
      case "u4" -> unsignedInts(header, count, source);
      case "u8" -> unsignedLongs(header, count, source, what);
      default -> NumberBytes.decode(type, count, header.order(), what, source);
    };
    Shape shape = Shape.of(header.sizes().stream().mapToInt(Math::toIntExact).toArray());
    return NumericArray.wrap(type, shape, header.columnMajor() ? rowMajor(values, sizes) : values);
  }

  private static int width(String type, String what) throws FormatException {
    return switch (type) {
      case "b1", "i1", "u1" -> 1;
      case "f2", "i2", "u2" -> 2;
      case "f4", "i4", "u4" -> 4;
      case "f8", "i8", "u8" -> 8;
      default -> {
        String kind = switch (type.charAt(0)) {
          case 'O' -> "; objects stand in a pickle, which is not read";
          case 'c' -> "; complex numbers are not read, save real and imaginary part";
          case 'U', 'S' -> "; texts are not read";
          default -> "";
        };
        throw new FormatException(what + ": type " + ZipArchive.shown(type) + kind + "; " + TYPES + " are required");
      }
    };
  }

  private static ElementType type(String type) {
    return switch (type) {
      case "f2" -> ElementType.F16;
      case "f4" -> ElementType.F32;
      case "f8" -> ElementType.F64;
      case "i1" -> ElementType.I8;
      case "i2" -> ElementType.I16;
      case "i4", "u2" -> ElementType.I32;
      case "u1" -> ElementType.U8;
      case "b1" -> ElementType.BOOL;
      default -> ElementType.I64;
    };
  }

  private static int[] unsignedShorts(NumPyHeader header, int count, NumberBytes.Source source) throws IOException {
    int[] values = new int[count];
    NumberBytes.decode(Short.BYTES, count, header.order(), source,
        (i, chunk) -> values[i] = Short.toUnsignedInt(chunk.getShort()));
    return values;
  }

  private static long[] unsignedInts(NumPyHeader header, int count, NumberBytes.Source source) throws IOException {
    long[] values = new long[count];
    NumberBytes.decode(Integer.BYTES, count, header.order(), source,
        (i, chunk) -> values[i] = Integer.toUnsignedLong(chunk.getInt()));
    return values;
  }

  private static long[] unsignedLongs(NumPyHeader header, int count, NumberBytes.Source source, String what)
      throws IOException {
    long[] values = new long[count];
    NumberBytes.decode(Long.BYTES, count, header.order(), source, (i, chunk) -> values[i] = chunk.getLong());
    for (int i = 0; i < count; i++) {
      if (values[i] < 0) {
        throw new FormatException(what + ": entry " + i + " is " + Long.toUnsignedString(values[i])
            + "; at most 2^63 - 1 is required");
      }
    }
    return values;
  }

  private static Object rowMajor(Object values, long[] sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
    return StridedNumbers.gather(values, 0, sizes, strides);
  }

  /// Writes or replaces a file, as a whole or not at all: [WholeFile].
  ///
  /// @throws IllegalArgumentException where NumPy has no such array: BF16, or more than 64 axes
  /// @throws IOException where that fails; an older file is untouched then
  public static void write(Path file, NumericArray array) throws IOException {
    byte[] header = header("array", array);
    WholeFile.write(file, out -> write(header, array, out));
  }

  static void write(byte[] header, NumericArray array, OutputStream out) throws IOException {
    out.write(header);
    NumberBytes.encode(array, out);
  }

  static byte[] header(String name, NumericArray array) {
    if (array.shape().rank() > MOST_AXES) {
      throw new IllegalArgumentException(
          "npy: " + name + " is " + array + "; at most " + MOST_AXES + " axes are allowed");
    }
    String type = switch (array.type()) {
      case F64 -> "<f8";
      case F32 -> "<f4";
      case F16 -> "<f2";
      case I64 -> "<i8";
      case I32 -> "<i4";
      case I16 -> "<i2";
      case I8 -> "|i1";
      case U8 -> "|u1";
      case BOOL -> "|b1";
      case BF16 -> throw new IllegalArgumentException("npy: " + name + " is " + array + "; NumPy has no such numbers");
    };
    return NumPyHeader.write(type, array.shape());
  }
}
