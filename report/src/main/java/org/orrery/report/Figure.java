package org.orrery.report;

/// A figure that can be drawn at any width, so that its text keeps its size.
@FunctionalInterface
public interface Figure {
  /// Draws at this width; the height follows.
  ///
  /// @param width in pixels
  Drawing at(double width);
}
