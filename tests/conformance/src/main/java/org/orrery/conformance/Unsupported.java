package org.orrery.conformance;

/// Says that the project has no counterpart of what a case asks for.
final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unsupported(String reason) {
    super(reason);
  }
}
