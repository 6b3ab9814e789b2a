package org.orrery.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Bytes of a stream whose length was stated, with the place of the next one.
final class CountedBytes {
  private final InputStream in;
  private final String what;
  private final long length;
  private long position;

  /// @param in which reads single bytes fast
  /// @param length how many bytes there are
  /// @param what with which messages start
  CountedBytes(InputStream in, long length, String what) {
    this.in = in;
    this.length = length;
    this.what = what;
  }

  long position() {
    return position;
  }

  long remaining() {
    return length - position;
  }

  /// The next byte, 0 to 255.
  int next() throws IOException {
    require(1);
    int value = in.read();
    if (value < 0) {
      throw ended(1);
    }
    position++;
    return value;
  }

  /// So many bytes. The caller has charged them.
  byte[] take(int count) throws IOException {
    require(count);
    byte[] bytes = in.readNBytes(count);
    position += bytes.length;
    if (bytes.length < count) {
      throw ended(count - bytes.length);
    }
    return bytes;
  }

  /// Little-endian, of 1 to 8 bytes; the highest bit is the sign where there are 8.
  long whole(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << (8 * i);
    }
    return value;
  }

  /// The bytes for an array that messages name.
  NumberBytes.Source source(String array) {
    NumberBytes.Source source = NumberBytes.Source.of(in, array);
    return (ByteBuffer chunk) -> {
      int count = chunk.remaining();
      source.fill(chunk);
      position += count;
    };
  }

  /// Passes over so many bytes.
  void skip(long count) throws IOException {
    require(count);
    long skipped = 0;
    while (skipped < count) { // a skip may stop early, so a byte is read where it does
      long step = in.skip(count - skipped);
      if (step <= 0) {
        if (in.read() < 0) {
          throw ended(count - skipped);
        }
        step = 1;
      }
      skipped += step;
    }
    position += count;
  }

  private void require(long count) throws FormatException {
    if (count < 0 || count > remaining()) {
      throw new FormatException(what + " byte " + position + ": " + remaining() + " bytes are left; "
          + Long.toUnsignedString(count) + " are required");
    }
  }

  private FormatException ended(long missing) {
    return new FormatException(what + " byte " + position + ": ends, though " + length + " bytes were stated; "
        + missing + " more are required");
  }
}
