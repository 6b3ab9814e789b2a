package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.report.Axis.Tick;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Box;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Path;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// Rows of estimates with their intervals, in one or several columns.
///
/// @param stacked columns below each other with the names of the rows above their dots, for narrow places
public record DotPlot(String title, String description, List<Row> rows, List<Column> columns, boolean stacked)
    implements
      Figure {
  private static final double SIDE = 52;

  /// How much a row stands out.
  public enum Emphasis {
    /// In grey.
    NONE,
    /// A hollow dot: what is to be beaten.
    HOLLOW,
    /// A full dot.
    FULL
  }

  /// A row's name, what is said below it, and how it stands out.
  public record Row(String label, String detail, Emphasis emphasis) {
  }

  /// Estimates of one quantity.
  ///
  /// @param head above the dots
  /// @param sideHead above the texts on the right
  /// @param values one a row
  /// @param sides a text at the right of each row
  /// @param bracket null for none
  public record Column(Label head, String sideHead, Tone tone, Axis axis, List<Estimate> values, List<String> sides,
      @Nullable Bracket bracket) {
    /// Copies the lists.
    public Column {
      values = List.copyOf(values);
      sides = List.copyOf(sides);
    }
  }

  /// Says how two rows differ.
  public record Bracket(int from, int to, String text, String detail) {
  }

  /// Checks the sizes.
  public DotPlot {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    for (Column column : columns) {
      require(column.values().size() == rows.size() && column.sides().size() == rows.size(), "dot plot",
          column.values().size() + " values and " + column.sides().size() + " texts", rows.size() + " rows");
    }
    require(!rows.isEmpty() && !columns.isEmpty(), "dot plot", rows.size() + " rows, " + columns.size() + " columns",
        "at least one of each");
  }

  /// Where a bracket begins beyond this share of the axis its words stand to its left.
  private static final double LEFT = 0.45;

  @Override
  public Drawing at(double width) {
    List<Mark> marks = new ArrayList<>();
    double height = stacked ? stack(width, marks) : sideBySide(width, marks);
    return new Drawing(width, height, title, description, marks);
  }

  private double sideBySide(double width, List<Mark> marks) {
    double names = 16 + rows.stream().mapToDouble(row -> Math.max(Label.of(row.label()).width(12.6),
        Label.of(row.detail()).width(12))).max().orElse(0);
    double gap = 40;
    double panel = (width - names - gap * (columns.size() - 1)) / columns.size() - SIDE;
    require(panel > 60, "dot plot", "width " + width, "more than 60 pixels a panel beside its names; or stack it");
    double step = 44;
    double top = 30;
    wash(marks, -12, width + 18, top, step, step);
    for (int r = 0; r < rows.size(); r++) {
      double y = top + r * step + step / 2;
      Words name = Words.of(new Point(0, y - 2), rows.get(r).label(), Anchor.START, Tone.INK);
      marks.add(rows.get(r).emphasis() == Emphasis.NONE ? name : name.heavy());
      marks.add(Words.of(new Point(0, y + 14), rows.get(r).detail(), Anchor.START, Tone.SOFT));
    }
    for (int c = 0; c < columns.size(); c++) {
      double left = names + c * (panel + SIDE + gap);
      column(columns.get(c), new Frame(left, top, left + panel, top + rows.size() * step), step, 0, marks);
    }
    return top + rows.size() * step + 26;
  }

  private double stack(double width, List<Mark> marks) {
    double step = 50;
    double block = 34 + rows.size() * step + 40;
    for (int c = 0; c < columns.size(); c++) {
      double top = 30 + c * block;
      Frame frame = new Frame(16, top, width - 4 - SIDE, top + rows.size() * step);
      wash(marks, -4, width + 8, top - 2, step, step);
      column(columns.get(c), frame, step, 10, marks);
      for (int r = 0; r < rows.size(); r++) {
        Row row = rows.get(r);
        double y = top + r * step + 18;
        Words name = Words.of(new Point(4, y), row.label(), Anchor.START, Tone.INK);
        Tone ground = row.emphasis() == Emphasis.NONE ? Tone.PAPER : Tone.WASH;
        marks.add((row.emphasis() == Emphasis.NONE ? name : name.heavy()).on(ground));
        marks.add(Words.of(new Point(14 + Label.of(row.label()).width(15), y), row.detail(), Anchor.START, Tone.SOFT)
            .on(ground));
      }
    }
    return columns.size() * block - 14;
  }

  /// A ground behind the rows that stand out.
  private void wash(List<Mark> marks, double left, double width, double top, double step, double height) {
    for (int r = 0; r < rows.size(); r++) {
      if (rows.get(r).emphasis() != Emphasis.NONE) {
        marks.add(new Box(left, top + r * step, width, height, 0, Style.filled(Tone.WASH)));
      }
    }
  }

  private void column(Column column, Frame frame, double step, double lower, List<Mark> marks) {
    Plot plot = new Plot(frame, column.axis(), Axis.linear(Label.of(""), 0, 1, 1));
    plot.grid(true, false);
    marks.addAll(plot.marks());
    marks.add(new Words(new Point(frame.left(), frame.top() - 12), column.head(), Anchor.START, 12, false,
        Paint.of(column.tone()), null, false));
    marks
        .add(Words.of(new Point(frame.right() + SIDE - 6, frame.top() - 12), column.sideHead(), Anchor.END, Tone.SOFT));
    for (Tick tick : column.axis().ticks()) {
      marks.add(Words.of(new Point(plot.x(tick.value()), frame.bottom() + 16), tick.text(), Anchor.MIDDLE, Tone.SOFT));
    }
    for (int r = 0; r < rows.size(); r++) {
      double y = frame.top() + r * step + step / 2 + lower;
      row(rows.get(r).emphasis(), column, plot, column.values().get(r), y, marks);
      Words side = Words.of(new Point(frame.right() + SIDE - 6, y + 4), column.sides().get(r), Anchor.END, Tone.INK);
      marks.add(rows.get(r).emphasis() == Emphasis.NONE ? side : side.heavy());
    }
    Bracket bracket = column.bracket();
    if (bracket != null) {
      bracket(bracket, column, plot, step, lower, marks);
    }
  }

  private static void row(Emphasis emphasis, Column column, Plot plot, Estimate value, double y, List<Mark> marks) {
    boolean none = emphasis == Emphasis.NONE;
    Paint paint = Paint.of(none ? Tone.QUIET : column.tone());
    double low = plot.x(Math.max(value.low(), column.axis().low()));
    double high = plot.x(Math.min(value.high(), column.axis().high()));
    marks.add(new Segments(List.of(new Point(low, y), new Point(high, y)), Style.line(paint, none ? 2 : 2.4)));
    Paint fill = emphasis == Emphasis.HOLLOW ? Paint.of(Tone.WASH) : paint;
    marks.add(new Circle(new Point(plot.x(value.value()), y), none ? 4.5 : 6, Style.filled(fill).outlined(paint, 2.2)));
  }

  private void bracket(Bracket bracket, Column column, Plot plot, double step, double lower, List<Mark> marks) {
    double from = plot.frame().top() + bracket.from() * step + step / 2 + lower;
    double to = plot.frame().top() + bracket.to() * step + step / 2 + lower;
    double x = 12 + plot.x(Math.min(column.axis().high(), Math.max(column.values().get(bracket.from()).high(),
        column.values().get(bracket.to()).high())));
    if (stacked) {
      x = Math.max(x, plot.frame().left() + 0.5 * plot.frame().width());
    }
    double middle = (from + to) / 2;
    // of the axis and not of the width, so that a figure has the same marks at every width
    boolean left = !stacked && Math.max(column.values().get(bracket.from()).high(),
        column.values().get(bracket.to()).high()) > column.axis().low()
            + LEFT * (column.axis().high() - column.axis().low());
    if (left) {
      x = plot.x(Math.min(column.values().get(bracket.from()).low(), column.values().get(bracket.to()).low())) - 12;
    }
    double lip = left ? -6 : 6;
    marks.add(new Path(List.of(new Point(x, from), new Point(x + lip, from), new Point(x + lip, to), new Point(x, to)),
        false, Style.line(column.tone(), 1.2)));
    Anchor anchor = left ? Anchor.END : Anchor.START;
    marks.add(new Words(new Point(x + (left ? -14 : 14), stacked ? from + 4 : middle - 2), Label.of(bracket.text()),
        anchor, 12, true,
        Paint.of(column.tone()), Paint.of(Tone.WASH), false));
    marks.add(
        Words.of(new Point(x + (left ? -14 : 14), stacked ? to + 4 : middle + 14), bracket.detail(), anchor, Tone.SOFT)
            .on(Tone.WASH));
  }
}
