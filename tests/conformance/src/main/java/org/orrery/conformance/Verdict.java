package org.orrery.conformance;

import java.util.Locale;

/// How a case ended.
///
/// @param name `area/name`
/// @param kind passed, failed or unsupported
/// @param outputError the largest error of an output
/// @param gradientError the largest error of a gradient
/// @param detail what failed worst, or why the case is not supported; empty where it passed
record Verdict(String name, Kind kind, double outputError, double gradientError, String detail) {
  /// The three ends.
  enum Kind {
    /// every number agrees
    PASS,
    /// some number does not, or the layer threw
    FAIL,
    /// the project has no such layer or option
    UNSUPPORTED
  }

  static Verdict unsupported(String name, String reason) {
    return new Verdict(name, Kind.UNSUPPORTED, 0, 0, reason);
  }

  static Verdict failed(String name, String reason) {
    return new Verdict(name, Kind.FAIL, Double.NaN, Double.NaN, reason);
  }

  /// A line as REFERENCE.md shows it.
  String line() {
    if (kind == Kind.UNSUPPORTED) {
      return String.format(Locale.ROOT, "UNSUPPORTED %-26s %s", name, detail).stripTrailing();
    }
    return String.format(Locale.ROOT, "%s %-26s out %.1e  grad %.1e   %s", kind, name, outputError, gradientError,
        detail).stripTrailing();
  }
}
