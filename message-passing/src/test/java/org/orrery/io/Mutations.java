package org.orrery.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;

/// Damaged files, and where the real ones stand. The property `orrery.mutations` says how many of each kind are read, 300
/// unless it is given; those of a smaller number are the first of a larger one.
final class Mutations {
  static final int COUNT = Integer.getInteger("orrery.mutations", 300);

  /// What is done with a damaged file.
  interface Reading {
    void of(Path file) throws IOException;
  }

  private Mutations() {
  }

  /// How many of the mutations of a file are refused; what else is thrown than an [IOException] comes out.
  static int refused(byte[] whole, Path file, long seed, Reading reading) throws IOException {
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      overwrite(file, mutated(whole, Key.of(seed).fold(i)));
      try {
        reading.of(file);
      } catch (IOException expected) {
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError wrong) {
        throw new AssertionError("seed " + seed + ", mutation " + i, wrong);
      }
    }
    return refused;
  }

  /// Overwrites one file and cuts it to length, since file systems wait for the disk where a file is emptied first.
  static Path overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.truncate(bytes.length);
    }
    return file;
  }

  /// One to three changes: a bit turned, a byte replaced, bytes removed, repeated or added.
  static byte[] mutated(byte[] whole, Key key) {
    byte[] bytes = whole;
    int[] draws = key.integers(16, Integer.MAX_VALUE);
    for (int change = 0; change <= draws[0] % 3; change++) {
      int at = draws[4 * change + 2] % (bytes.length + 1);
      int count = draws[4 * change + 3] % 9;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, at);
      int rest = Math.min(bytes.length, at + 1);
      switch (draws[4 * change + 1] % 5) {
        case 0 -> out.write(at < bytes.length ? bytes[at] ^ 1 << count % 8 : count);
        case 1 -> out.write(draws[4 * change + 4]);
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

  private static final long[] LARGE = {0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffffL, 0x80000000L,
    0xffffffffL, 1L << 32, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62, 100_000_000};
  private static final byte[] EXTREMES = {0, 1, 0x7f, (byte) 0x80, -1};

  /// One to four changes, heavier ones: bits turned, bytes set to extremes, the end cut off, bytes inserted, removed or
  /// repeated many times, ranges swapped, and numbers of 1 to 8 bytes, in either order or as digits, set to large ones.
  static byte[] damaged(byte[] whole, Key key) {
    byte[] bytes = whole;
    int changes = 1 + key.integers(1, 4)[0];
    for (int change = 0; change < changes; change++) {
      int[] draws = key.fold(change).integers(8, Integer.MAX_VALUE);
      int at = draws[1] % (bytes.length + 1);
      int count = Math.min(1 + draws[2] % 64, bytes.length - at);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      switch (draws[0] % 9) {
        case 0 -> {
          byte[] turned = bytes.clone();
          if (at < turned.length) {
            turned[at] ^= (byte) (1 << draws[3] % 8);
          }
          out.writeBytes(turned);
        }
        case 1 -> {
          byte[] set = bytes.clone();
          Arrays.fill(set, at, at + Math.min(count, 1 + draws[4] % 4), EXTREMES[draws[3] % EXTREMES.length]);
          out.writeBytes(set);
        }
        case 2 -> out.write(bytes, 0, at);
        case 3 -> {
          out.write(bytes, 0, at);
          for (int random : key.fold(change).fold("inserted").integers(1 + draws[3] % 16, 256)) {
            out.write(random);
          }
          out.write(bytes, at, bytes.length - at);
        }
        case 4 -> {
          out.write(bytes, 0, at);
          out.write(bytes, at + count, bytes.length - at - count);
        }
        case 5 -> {
          out.write(bytes, 0, at);
          for (int i = 0; i < 1 + draws[3] % 200; i++) {
            out.write(bytes, at, count);
          }
          out.write(bytes, at, bytes.length - at);
        }
        case 6 -> out.writeBytes(swapped(bytes, draws));
        default -> {
          byte[] number = number(LARGE[draws[3] % LARGE.length], draws[4] % 9, draws[0] % 9 == 7);
          out.write(bytes, 0, at);
          out.writeBytes(number);
          int rest = Math.min(bytes.length, at + number.length);
          out.write(bytes, rest, bytes.length - rest);
        }
      }
      bytes = out.toByteArray();
    }
    return bytes;
  }

  private static byte[] number(long value, int width, boolean littleEndian) {
    if (width == 0) {
      return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[littleEndian ? i : width - 1 - i] = (byte) (value >> (8 * i));
    }
    return bytes;
  }

  private static byte[] swapped(byte[] bytes, int[] draws) {
    int length = bytes.length == 0 ? 0 : draws[3] % Math.min(64, bytes.length);
    int first = draws[1] % (bytes.length - length + 1);
    int second = draws[4] % (bytes.length - length + 1);
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, second, swapped, first, length);
    System.arraycopy(bytes, first, swapped, second, length);
    return swapped;
  }

  /// A file in shared/data above the module, where it is.
  static @Nullable Path shared(String name) {
    for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
      Path file = above.resolve("shared").resolve("data").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }
}
