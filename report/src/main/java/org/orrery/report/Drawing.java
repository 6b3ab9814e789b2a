package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.List;

/// A picture as marks, which [Svg] and [Png] write.
///
/// @param title what it is, in a few words
/// @param description what one sees in it, for readers who do not
public record Drawing(double width, double height, String title, String description, List<Mark> marks) {
  /// Checks size and title.
  public Drawing {
    marks = List.copyOf(marks);
    require(width > 0 && height > 0, "drawing", width + " by " + height, "a positive size");
    require(!title.isBlank(), "drawing", "no title", "a few words");
  }
}
