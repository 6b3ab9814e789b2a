package org.orrery.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Shape;

/// One array of numbers in NumPy's `.npy` format, versions 1 to 3.
/// <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
///
/// Read are `f2` `f4` `f8`, `i1` to `i8`, `u1` to `u8` and `b1` of both byte orders, row-major and column-major. Objects,
/// texts, dates, records and complex numbers are refused.
///
/// A file is untrusted input: whatever disagrees with the format is refused with a [FormatException] before numbers are
/// read, and the numbers take as much memory as in the file.
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
    long size = Files.size(WholeFile.requireReadable(file));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      NumPyHeader header = NumPyHeader.read(in, size, file.toString());
      return numbers(header, in, file.toString());
    }
  }

  /// The numbers behind a header, which must be all that follows.
  static NumericArray numbers(NumPyHeader header, InputStream in, String what) throws IOException {
    long[] sizes = header.sizes().stream().mapToLong(Long::longValue).toArray();
    int count = Math.toIntExact(NumberBytes.elements(sizes, what));
    ElementType type = type(header.type());
    if (type == null) {
      throw new FormatException(what + ": type " + ZipArchive.shown(header.type()) + kind(header.type()) + "; " + TYPES
          + " are required");
    }
    if (header.numbers() != (long) count * type.bytes()) {
      throw new FormatException(what + ": " + header.numbers() + " bytes for " + header.type() + " " + header.sizes()
          + "; " + (long) count * type.bytes() + " are required");
    }
    Object values = NumberBytes.decode(type, count, header.order(), what, NumberBytes.Source.of(in, what),
        header.columnMajor() ? StridedNumbers.Places.ofColumnMajor(sizes) : null);
    return NumericArray.wrap(type, Shape.of(header.sizes().stream().mapToInt(Math::toIntExact).toArray()), values);
  }

  /// The type of that name in NumPy, null where it is not read.
  static @Nullable ElementType type(String type) {
    return switch (type) {
      case "f2" -> ElementType.F16;
      case "f4" -> ElementType.F32;
      case "f8" -> ElementType.F64;
      case "i1" -> ElementType.I8;
      case "i2" -> ElementType.I16;
      case "i4" -> ElementType.I32;
      case "i8" -> ElementType.I64;
      case "u1" -> ElementType.U8;
      case "u2" -> ElementType.U16;
      case "u4" -> ElementType.U32;
      case "u8" -> ElementType.U64;
      case "b1" -> ElementType.BOOL;
      default -> null;
    };
  }

  private static String kind(String type) {
    return switch (type.charAt(0)) {
      case 'O' -> "; objects stand in a pickle, which is not read";
      case 'c' -> "; complex numbers are not read, save real and imaginary part";
      case 'U', 'S' -> "; texts are not read";
      default -> "";
    };
  }

  /// Writes or replaces a file, as a whole or not at all: [WholeFile].
  ///
  /// @throws IllegalArgumentException where NumPy has no such array: BF16, F8, or more than 64 axes
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
      case U64 -> "<u8";
      case U32 -> "<u4";
      case U16 -> "<u2";
      case U8 -> "|u1";
      case BOOL -> "|b1";
      case BF16, F8_E4M3, F8_E5M2 -> throw new IllegalArgumentException(
          "npy: " + name + " is " + array + "; NumPy has no such numbers");
    };
    return NumPyHeader.write(type, array.shape());
  }
}
