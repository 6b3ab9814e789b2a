package org.orrery.formats;

import org.orrery.io.FormatException;

/// Libraries that parse broken files throw what happens to come up, and recurse or allocate as far as the file tells
/// them. All of it becomes an error that names the place.
final class Untrusted {
  private static final int MOST_CAUSES = 16;

  private Untrusted() {
  }

  @FunctionalInterface
  interface Parsing<T> {
    T parse() throws FormatException;
  }

  static <T> T parse(String what, Parsing<T> parsing) throws FormatException {
    try {
      return parsing.parse();
    } catch (StackOverflowError | OutOfMemoryError | InternalError beyond) {
      throw new FormatException(
          what + ": its structures have no end (" + beyond.getClass().getSimpleName() + "); a whole file is required",
          beyond);
    } catch (RuntimeException invalid) {
      throw new FormatException(what + ": " + reason(invalid), invalid);
    }
  }

  /// What the innermost cause says.
  static String reason(Throwable invalid) {
    Throwable cause = invalid;
    for (int i = 0; i < MOST_CAUSES && cause.getCause() != null; i++) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? "broken, " + cause.getClass().getSimpleName() : cause.getMessage();
  }
}
