package org.orrery.report;

/// A place, in pixels from the top left or in units of two axes.
public record Point(double x, double y) {
  /// Checks both coordinates.
  public Point {
    Checks.finite("point", x);
    Checks.finite("point", y);
  }

  /// Moved.
  public Point plus(double dx, double dy) {
    return new Point(x + dx, y + dy);
  }
}
