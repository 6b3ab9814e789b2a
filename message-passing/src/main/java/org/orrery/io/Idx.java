package org.orrery.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.orrery.tensor.Shape;

/// One array in the IDX format of the MNIST digits, plain or compressed with gzip, which the content tells.
/// LeCun, Cortes and Burges, <http://yann.lecun.com/exdb/mnist/>: two zero bytes, the type, the number of axes, their
/// sizes and the numbers, all big-endian.
///
/// A file is untrusted input: it is refused with a [FormatException] where it is not what its header says, or where it
/// would expand to more than 64 MiB and 50 times its size.
public final class Idx {
  private static final int GZIP = 0x1f8b;

  private Idx() {
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file, what came and what is required
  /// @throws IOException where the file cannot be read
  public static NumericArray read(Path file) throws IOException {
    long size = Files.size(WholeFile.requireReadable(file));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(Short.BYTES);
      byte[] begin = in.readNBytes(Short.BYTES);
      in.reset();
      if (begin.length == Short.BYTES && ByteBuffer.wrap(begin).getShort() == (short) GZIP) {
        return read(new GZIPInputStream(in, 1 << 16), ZipArchive.mostInflated(size), file.toString());
      }
      return read(in, size, file.toString());
    } catch (ZipException | EOFException invalid) {
      throw new FormatException(file + ": not a whole gzip file: " + invalid.getMessage(), invalid);
    }
  }

  private static NumericArray read(InputStream in, long most, String file) throws IOException {
    byte[] magic = in.readNBytes(Integer.BYTES);
    if (magic.length < Integer.BYTES || magic[0] != 0 || magic[1] != 0) {
      throw new FormatException(file + ": does not begin with two zero bytes, type and number of axes, as required");
    }
    ElementType type = type(magic[2], file);
    int axes = Byte.toUnsignedInt(magic[3]);
    byte[] header = in.readNBytes(axes * Integer.BYTES);
    if (header.length < axes * Integer.BYTES) {
      throw new FormatException(file + ": ends within the sizes of " + axes + " axes; all are required");
    }
    ByteBuffer sizes = ByteBuffer.wrap(header);
    long[] shape = new long[axes];
    for (int axis = 0; axis < axes; axis++) {
      shape[axis] = Integer.toUnsignedLong(sizes.getInt());
    }
    long elements = NumberBytes.elements(shape, file);
    long bytes = magic.length + header.length + elements * type.bytes();
    if (bytes > most) {
      throw new FormatException(
          file + ": " + type + " " + Arrays.toString(shape) + " takes " + bytes + " bytes; at most "
              + most + " can be in a file of that size");
    }
    Object values = NumberBytes.decode(type, (int) elements, ByteOrder.BIG_ENDIAN, file,
        NumberBytes.Source.of(in, file));
    if (in.read() >= 0) {
      throw new FormatException(
          file + ": goes on behind " + type + " " + Arrays.toString(shape) + "; nothing is allowed "
              + "there");
    }
    return NumericArray.wrap(type, Shape.of(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray()), values);
  }

  private static ElementType type(int code, String file) throws FormatException {
    return switch (code) {
      case 0x08 -> ElementType.U8;
      case 0x09 -> ElementType.I8;
      case 0x0b -> ElementType.I16;
      case 0x0c -> ElementType.I32;
      case 0x0d -> ElementType.F32;
      case 0x0e -> ElementType.F64;
      default -> throw new FormatException(file + ": type 0x" + Integer.toHexString(code & 0xff)
          + "; 0x8, 0x9, 0xb, 0xc, 0xd or 0xe is required");
    };
  }
}
