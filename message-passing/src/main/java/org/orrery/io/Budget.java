package org.orrery.io;

/// The memory that the reading of one file may take: [#ALWAYS] bytes and [#MULTIPLE] times the size of the file.
///
/// A few compressed bytes can state numbers, objects or names without end, so whatever grows with what a file states is
/// charged here before it is made. Nothing is given back: the sum bounds memory and work.
final class Budget {
  static final int MULTIPLE = 50;
  static final long ALWAYS = 64L << 20;

  private final long fileSize;
  private final long most;
  private long charged;

  Budget(long fileSize) {
    this.fileSize = fileSize;
    this.most = most(fileSize);
  }

  /// The bytes that a file of this size may take.
  static long most(long fileSize) {
    return ALWAYS + MULTIPLE * fileSize;
  }

  /// Whether so many bytes more may be taken; they count as taken where they may.
  boolean take(long bytes) {
    if (bytes < 0 || bytes > most - charged) {
      return false;
    }
    charged += bytes;
    return true;
  }

  /// Takes so many bytes more.
  ///
  /// @throws FormatException where these are too many
  void charge(long bytes, String what) throws FormatException {
    if (!take(bytes)) {
      throw exceeded(what);
    }
  }

  /// The refusal of what comes to more.
  FormatException exceeded(String what) {
    return new FormatException(what + ": reading takes more than " + most + " bytes of memory; at most "
        + (ALWAYS >> 20) + " MiB and " + MULTIPLE + " times the file's size of " + fileSize + " bytes are allowed");
  }
}
