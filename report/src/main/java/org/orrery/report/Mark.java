package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a drawing is made of. Lengths are pixels from the top left.
public sealed interface Mark {
  /// A line through points.
  ///
  /// @param closed whether it returns to the first
  record Path(List<Point> points, boolean closed, Style style) implements Mark {
    /// Copies the list.
    public Path {
      points = List.copyOf(points);
      require(!points.isEmpty(), "path", "no points", "at least one");
    }
  }

  /// Separate straight lines: two points each.
  record Segments(List<Point> ends, Style style) implements Mark {
    /// Copies the list.
    public Segments {
      ends = List.copyOf(ends);
      require(ends.size() % 2 == 0, "segments", ends.size() + " ends", "two each");
    }
  }

  /// A circle.
  record Circle(Point center, double radius, Style style) implements Mark {
    /// Checks the radius.
    public Circle {
      require(radius >= 0, "circle", "radius " + radius, "zero or more");
    }
  }

  /// A rectangle with sides along the axes.
  record Box(double x, double y, double width, double height, double corner, Style style) implements Mark {
    /// Checks the size.
    public Box {
      require(width >= 0 && height >= 0, "box", width + " by " + height, "zero or more");
    }
  }

  /// Text on a baseline.
  ///
  /// @param at the start, middle or end of the baseline
  /// @param size at least 11 pixels
  /// @param halo drawn around the letters so that they stay readable on lines; null for none
  /// @param turned read from below
  record Words(Point at, Label label, Anchor anchor, double size, boolean strong, Paint paint, @Nullable Paint halo,
      boolean turned) implements Mark {
    /// The smallest size of text.
    public static final double SMALLEST = 11;

    /// Checks the size.
    public Words {
      require(size >= SMALLEST, "words", size + " pixels", "at least " + SMALLEST);
    }

    /// A label of the usual size.
    public static Words of(Point at, String text, Anchor anchor, Tone tone) {
      return of(at, Label.of(text), anchor, tone);
    }

    /// A label of the usual size.
    public static Words of(Point at, Label label, Anchor anchor, Tone tone) {
      return new Words(at, label, anchor, 12, false, Paint.of(tone), null, false);
    }

    /// In a heavier face.
    public Words heavy() {
      return new Words(at, label, anchor, size, true, paint, halo, turned);
    }

    /// On a halo of this tone.
    public Words on(Tone tone) {
      return new Words(at, label, anchor, size, strong, paint, Paint.of(tone), turned);
    }

    /// In another size.
    public Words sized(double pixels) {
      return new Words(at, label, anchor, pixels, strong, paint, halo, turned);
    }
  }

  /// Marks under a name that scripts and style sheets know, cut at a rectangle.
  ///
  /// @param name letters, digits, hyphens and spaces; may be empty
  /// @param data what a script must know, as one string; may be empty
  /// @param clip null for no cut
  record Group(String name, String data, @Nullable Frame clip, List<Mark> marks) implements Mark {
    /// Checks the name.
    public Group {
      marks = List.copyOf(marks);
      require(name.matches("[A-Za-z0-9 -]*"), "group", name, "letters, digits, hyphens and spaces");
    }

    /// Without a cut.
    public static Group of(String name, List<? extends Mark> marks) {
      return new Group(name, "", null, List.copyOf(marks));
    }
  }

  /// Where text is held.
  enum Anchor {
    /// At its left end.
    START,
    /// In its middle.
    MIDDLE,
    /// At its right end.
    END
  }
}
