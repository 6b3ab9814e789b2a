package org.orrery.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;

/// Damaged files, and where the real ones stand.
final class Mutations {
  static final int COUNT = 10_000;

  /// What is done with a damaged file.
  interface Reading {
    void of(Path file) throws IOException;
  }

  private Mutations() {
  }

  /// How many of 10,000 mutations of a file are refused; what else is thrown than an [IOException] comes out.
  static int refused(byte[] whole, Path file, long seed, Reading reading) throws IOException {
    int refused = 0;
    List<Key> keys = Key.of(seed).split(COUNT);
    for (int i = 0; i < COUNT; i++) {
      overwrite(file, mutated(whole, keys.get(i)));
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
