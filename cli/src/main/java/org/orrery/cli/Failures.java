package org.orrery.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What went wrong, in one line that says what to do.
final class Failures {
  private static final int MOST_CAUSES = 100;

  private Failures() {
  }

  /// The line for a failure.
  static String message(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      String limit = limit(cause);
      if (limit != null) {
        return limit;
      }
      cause = cause.getCause();
    }
    if (failure instanceof FileSystemException file && file.getFile() != null && file.getReason() == null) {
      return ofFile(file);
    }
    if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null
        && unchecked.getCause().toString().equals(unchecked.getMessage())) {
      return message(unchecked.getCause());
    }
    if (failure instanceof Error) {
      return oneLine(failure.toString()) + "; this is a defect, and --debug shows where";
    }
    String said = failure.getMessage();
    return said == null || said.isBlank()
        ? failure.getClass().getName() + "; --debug shows where"
        : oneLine(said);
  }

  private static String ofFile(FileSystemException failure) {
    return failure.getFile() + switch (failure) {
      case NoSuchFileException missing -> ": no such file or folder";
      case AccessDeniedException denied -> ": no permission";
      case FileAlreadyExistsException there -> ": a file of that name is there";
      default -> ": cannot be used";
    };
  }

  /// A limit of the virtual machine, which an option raises.
  private static @Nullable String limit(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    return switch (failure) {
      case StackOverflowError deep -> "the stack is too small for something nested this deep, as a model of thousands "
          + "of blocks; more stack is ORRERY_JAVA_OPTS=-Xss64m";
      case OutOfMemoryError threads when said.contains("thread") -> "no more threads can be made (" + oneLine(said)
          + "); ask for fewer by --threads";
      case OutOfMemoryError length when said.contains("array size") || said.contains("length") ->
        "an array would be longer than Java allows (" + oneLine(said) + "); use less data at once";
      case OutOfMemoryError direct when said.contains("direct") -> "out of memory (" + oneLine(said)
          + "); more is ORRERY_JAVA_OPTS=-XX:MaxDirectMemorySize=8g";
      case OutOfMemoryError heap -> String.format(Locale.ROOT,
          "out of memory (%s): Java may use %.1f GB; more is ORRERY_JAVA_OPTS=-Xmx8g, or use less data at once",
          oneLine(said), Runtime.getRuntime().maxMemory() / 1e9);
      default -> null;
    };
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
