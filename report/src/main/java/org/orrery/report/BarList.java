package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Box;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// Named bars below each other, each with an optional line for what was planned.
public record BarList(String title, String description, List<Bar> bars, String legend) implements Figure {
  private static final double STEP = 27;

  /// A bar.
  ///
  /// @param value zero or more
  /// @param planned null for no line
  /// @param scale what a full bar is; bars of one unit share it
  /// @param text said at the right
  public record Bar(String name, double value, @Nullable Double planned, double scale, String text) {
    /// Checks the values.
    public Bar {
      require(value >= 0 && scale > 0, "bar " + name, value + " of " + scale, "zero or more of a positive scale");
    }
  }

  /// Checks that there are bars.
  public BarList {
    bars = List.copyOf(bars);
    require(!bars.isEmpty(), "bars", "none", "at least one");
  }

  @Override
  public Drawing at(double width) {
    double left = 14 + bars.stream().mapToDouble(bar -> Label.of(bar.name()).width(12)).max().orElse(0);
    double right = width - 14 - bars.stream().mapToDouble(bar -> Label.of(bar.text()).width(12)).max().orElse(0);
    require(left < right, "bars", "width " + width, "room for names and texts");
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double y = 14 + i * STEP;
      double length = (right - left) * Math.min(1, bar.value() / bar.scale());
      marks.add(Words.of(new Point(0, y + 4), bar.name(), Anchor.START, Tone.INK));
      marks.add(new Box(left, y - 4, Math.max(2, length), 8, 1, Style.filled(Tone.QUIET)));
      if (bar.planned() != null) {
        double x = left + (right - left) * Math.min(1, bar.planned() / bar.scale());
        marks.add(new Segments(List.of(new Point(x, y - 9), new Point(x, y + 9)), Style.line(Tone.INK, 2)));
      }
      marks.add(Words.of(new Point(width, y + 4), bar.text(), Anchor.END, Tone.INK));
    }
    double foot = 14 + bars.size() * STEP;
    marks.add(Words.of(new Point(left, foot), legend, Anchor.START, Tone.SOFT));
    return new Drawing(width, foot + 10, title, description, marks);
  }
}
