package org.orrery.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /// The numbers in the array of the type. The caller has checked that the source may hold so many.
  static Object decode(ElementType type, int size, ByteOrder order, String what, Source source) throws IOException {
    return decode(type, size, order, what, source, null);
  }

  /// The same, where the numbers come in another order.
  ///
  /// @param places where each goes, null for one behind the other
  static Object decode(ElementType type, int size, ByteOrder order, String what, Source source,
      StridedNumbers.@Nullable Places places) throws IOException {
    Object values = type.array(size);
    int width = type.bytes();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, (long) size * width)).order(order);
    Object part = places == null ? values : type.array(chunk.capacity() / width);
    for (int i = 0; i < size;) {
      int count = (int) Math.min(chunk.capacity() / width, (long) size - i);
      chunk.clear().limit(count * width);
      source.fill(chunk);
      chunk.flip();
      if (type == ElementType.BOOL) {
        requireTruth(chunk, i, what);
      }
      get(chunk, part, places == null ? i : 0, count);
      if (places != null) {
        StridedNumbers.scatter(part, count, values, places);
      }
      i += count;
    }
    return values;
  }

  private static void requireTruth(ByteBuffer chunk, int first, String what) throws FormatException {
    for (int i = 0; i < chunk.limit(); i++) {
      if (chunk.get(i) != 0 && chunk.get(i) != 1) {
        throw new FormatException(what + ": entry " + (first + i) + " is the byte " + chunk.get(i)
            + "; 0 or 1 is required");
      }
    }
  }

  private static void get(ByteBuffer chunk, Object values, int at, int count) {
    switch (values) {
      case double[] doubles -> chunk.asDoubleBuffer().get(doubles, at, count);
      case float[] floats -> chunk.asFloatBuffer().get(floats, at, count);
      case long[] longs -> chunk.asLongBuffer().get(longs, at, count);
      case int[] ints -> chunk.asIntBuffer().get(ints, at, count);
      case short[] shorts -> chunk.asShortBuffer().get(shorts, at, count);
      case byte[] octets -> chunk.get(octets, at, count);
      default -> throw new AssertionError(values.getClass());
    }
  }

  /// Writes the numbers, little-endian and row-major.
  static void encode(NumericArray array, OutputStream out) throws IOException {
    int size = array.shape().elements();
    int width = array.type().bytes();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size;) {
      int count = Math.min(CHUNK / width, size - i);
      put(array.values(), i, count, chunk.clear());
      out.write(chunk.array(), 0, count * width);
      i += count;
    }
  }

  private static void put(Object values, int at, int count, ByteBuffer chunk) {
    switch (values) {
      case double[] doubles -> chunk.asDoubleBuffer().put(doubles, at, count);
      case float[] floats -> chunk.asFloatBuffer().put(floats, at, count);
      case long[] longs -> chunk.asLongBuffer().put(longs, at, count);
      case int[] ints -> chunk.asIntBuffer().put(ints, at, count);
      case short[] shorts -> chunk.asShortBuffer().put(shorts, at, count);
      case byte[] octets -> chunk.put(octets, at, count);
      default -> throw new AssertionError(values.getClass());
    }
  }
}
