package org.orrery.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers as the bytes that a file holds, and back.
final class NumberBytes {
  private static final int CHUNK = 1 << 16;
  static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8; // the longest array that a JVM surely makes
  static final int MOST_AXES = 64; // as in PyTorch and NumPy

  /// Where bytes come from, in order.
  interface Source {
    /// Fills what remains of the chunk, or fails.
    void fill(ByteBuffer chunk) throws IOException;

    /// The bytes of a stream, for an array that messages name.
    @SuppressWarnings("ByteBufferBackingArray") // chunks are allocated below
    static Source of(InputStream in, String what) {
      return chunk -> {
        int read = in.readNBytes(chunk.array(), chunk.position(), chunk.remaining());
        if (read < chunk.remaining()) {
          throw new FormatException(what + ": the numbers end; " + (chunk.remaining() - read)
              + " more bytes are required");
        }
        chunk.position(chunk.limit());
      };
    }
  }

  interface Element {
    void take(int i, ByteBuffer chunk);
  }

  private interface Integer32 {
    int next(ByteBuffer chunk);
  }

  private NumberBytes() {
  }

  /// The product of sizes, at most what an array holds.
  static long elements(long[] sizes, String what) throws FormatException {
    if (sizes.length > MOST_AXES) {
      throw new FormatException(what + ": " + sizes.length + " axes; at most " + MOST_AXES + " are allowed");
    }
    long elements = 1;
    for (long size : sizes) {
      if (size < 0 || size > MOST_ELEMENTS || elements * size > MOST_ELEMENTS) { // neither factor has more than 31 bits
        throw new FormatException(what + ": shape " + Arrays.toString(sizes) + "; sizes from 0, and at most "
            + MOST_ELEMENTS + " numbers, are allowed");
      }
      elements *= size;
    }
    return elements;
  }

  /// The numbers in the array that [NumericArray#wrap] wants. The caller has checked that the source may hold so many.
  static Object decode(ElementType type, int size, ByteOrder order, String what, Source source) throws IOException {
    return switch (type) {
      case F64 -> {
        double[] values = new double[size];
        decode(type.bytes(), size, order, source, (i, chunk) -> values[i] = chunk.getDouble());
        yield values;
      }
      case F32 -> {
        float[] values = new float[size];
        decode(type.bytes(), size, order, source, (i, chunk) -> values[i] = chunk.getFloat());
        yield values;
      }
      case F16 -> {
        float[] values = new float[size];
        decode(type.bytes(), size, order, source, (i, chunk) -> values[i] = Float.float16ToFloat(chunk.getShort()));
        yield values;
      }
      case BF16 -> {
        float[] values = new float[size];
        decode(type.bytes(), size, order, source,
            (i, chunk) -> values[i] = Float.intBitsToFloat(chunk.getShort() << Short.SIZE));
        yield values;
      }
      case I64 -> {
        long[] values = new long[size];
        decode(type.bytes(), size, order, source, (i, chunk) -> values[i] = chunk.getLong());
        yield values;
      }
      case I32 -> integers(type, size, order, source, ByteBuffer::getInt);
      case I16 -> integers(type, size, order, source, ByteBuffer::getShort);
      case I8 -> integers(type, size, order, source, ByteBuffer::get);
      case U8 -> integers(type, size, order, source, chunk -> Byte.toUnsignedInt(chunk.get()));
      case BOOL -> {
        int[] values = integers(type, size, order, source, ByteBuffer::get);
        for (int i = 0; i < size; i++) {
          if (values[i] != 0 && values[i] != 1) {
            throw new FormatException(what + ": entry " + i + " is the byte " + values[i] + "; 0 or 1 is required");
          }
        }
        yield values;
      }
    };
  }

  private static int[] integers(ElementType type, int size, ByteOrder order, Source source, Integer32 number)
      throws IOException {
    int[] values = new int[size];
    decode(type.bytes(), size, order, source, (i, chunk) -> values[i] = number.next(chunk));
    return values;
  }

  /// Passes so many numbers of so many bytes, chunk by chunk.
  static void decode(int width, int size, ByteOrder order, Source source, Element element) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, (long) size * width)).order(order);
    for (int i = 0; i < size;) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), (long) (size - i) * width));
      source.fill(chunk);
      chunk.flip();
      while (chunk.hasRemaining()) {
        element.take(i++, chunk);
      }
    }
  }

  /// Writes the numbers, little-endian and row-major.
  static void encode(NumericArray array, OutputStream out) throws IOException {
    int size = array.shape().elements();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      put(array, i, chunk);
      if (chunk.remaining() < Long.BYTES || i == size - 1) {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }
  }

  private static void put(NumericArray array, int i, ByteBuffer chunk) {
    switch (array.values()) {
      case double[] values -> chunk.putDouble(values[i]);
      case long[] values -> chunk.putLong(values[i]);
      case float[] values -> {
        switch (array.type()) {
          case F16 -> chunk.putShort(Float.floatToFloat16(values[i]));
          case BF16 -> chunk.putShort((short) (Float.floatToRawIntBits(values[i]) >>> Short.SIZE));
          default -> chunk.putFloat(values[i]);
        }
      }
      case int[] values -> {
        switch (array.type().bytes()) {
          case Integer.BYTES -> chunk.putInt(values[i]);
          case Short.BYTES -> chunk.putShort((short) values[i]);
          default -> chunk.put((byte) values[i]);
        }
      }
      default -> throw new AssertionError(array.values().getClass());
    }
  }
}
