package org.orrery.io;

import java.io.IOException;
import java.io.Serial;

/// A file that is not what its format requires. The message names the file and the place, what came and what is required.
public final class FormatException extends IOException {
  @Serial
  private static final long serialVersionUID = 1;

  /// @param message file and place, what came, what is required
  public FormatException(String message) {
    super(message);
  }

  /// @param message file and place, what came, what is required
  /// @param cause the parser's own complaint
  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
