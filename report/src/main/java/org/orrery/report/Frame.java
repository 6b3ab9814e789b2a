package org.orrery.report;

import static org.orrery.report.Checks.require;

/// A rectangle in pixels.
public record Frame(double left, double top, double right, double bottom) {
  /// Checks the sides.
  public Frame {
    require(left < right && top < bottom, "frame", left + ".." + right + " by " + top + ".." + bottom,
        "left < right, top < bottom");
  }

  /// Right less left.
  public double width() {
    return right - left;
  }

  /// Bottom less top.
  public double height() {
    return bottom - top;
  }
}
