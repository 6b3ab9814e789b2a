package org.orrery.report;

import java.util.ArrayList;
import java.util.List;
import org.orrery.report.Axis.Tick;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// A panel with two axes while it is drawn: layers ask it where a value is and add marks.
public final class Plot {
  private final Frame frame;
  private final Axis x;
  private final Axis y;
  private final List<Mark> marks = new ArrayList<>();

  /// Empty, in this rectangle.
  public Plot(Frame frame, Axis x, Axis y) {
    this.frame = frame;
    this.x = x;
    this.y = y;
  }

  /// Where it is drawn.
  public Frame frame() {
    return frame;
  }

  /// The horizontal axis.
  public Axis xAxis() {
    return x;
  }

  /// The vertical axis.
  public Axis yAxis() {
    return y;
  }

  /// Pixels from the left of the drawing.
  public double x(double value) {
    return frame.left() + frame.width() * x.share(value);
  }

  /// Pixels from the top of the drawing.
  public double y(double value) {
    return frame.bottom() - frame.height() * y.share(value);
  }

  /// Where a pair of values is.
  public Point at(double xValue, double yValue) {
    return new Point(x(xValue), y(yValue));
  }

  /// Adds a mark on top of the others.
  public void add(Mark mark) {
    marks.add(mark);
  }

  /// What was added, in its order.
  public List<Mark> marks() {
    return List.copyOf(marks);
  }

  /// What a script must know to find a value: the frame and both ranges.
  public String scale() {
    return Numbers.plain(frame.left()) + " " + Numbers.plain(frame.top()) + " " + Numbers.plain(frame.right()) + " "
        + Numbers.plain(frame.bottom()) + " " + x.low() + " " + x.high() + " " + y.low() + " " + y.high();
  }

  /// Hairlines at the ticks of both axes.
  public void grid(boolean vertical, boolean horizontal) {
    List<Point> ends = new ArrayList<>();
    for (Tick tick : vertical ? x.ticks() : List.<Tick>of()) {
      ends.add(new Point(x(tick.value()), frame.top()));
      ends.add(new Point(x(tick.value()), frame.bottom()));
    }
    for (Tick tick : horizontal ? y.ticks() : List.<Tick>of()) {
      ends.add(new Point(frame.left(), y(tick.value())));
      ends.add(new Point(frame.right(), y(tick.value())));
    }
    add(new Segments(ends, Style.line(Tone.RULE, 1)));
  }

  /// Ticks, their texts and the label below; a line where `line` says so.
  public void below(boolean line) {
    List<Point> ends = new ArrayList<>();
    if (line) {
      ends.addAll(List.of(new Point(frame.left(), frame.bottom()), new Point(frame.right(), frame.bottom())));
      x.ticks().forEach(tick -> ends.addAll(List.of(new Point(x(tick.value()), frame.bottom()),
          new Point(x(tick.value()), frame.bottom() + 4))));
    }
    add(new Segments(ends, Style.line(Tone.QUIET, 1)));
    for (Tick tick : x.ticks()) {
      boolean last = tick.value() == x.high() && tick.text().length() > 3;
      add(Words.of(new Point(x(tick.value()), frame.bottom() + 17), tick.text(), last ? Anchor.END : Anchor.MIDDLE,
          Tone.SOFT));
    }
    if (!x.label().plain().isEmpty()) {
      add(Words.of(new Point(frame.right(), frame.bottom() + 34), x.label(), Anchor.END, Tone.SOFT));
    }
  }

  /// Ticks and their texts left of it, and the label inside at the top.
  public void beside(boolean line) {
    List<Point> ends = new ArrayList<>();
    if (line) {
      ends.addAll(List.of(new Point(frame.left(), frame.bottom()), new Point(frame.left(), frame.top())));
      y.ticks().forEach(tick -> ends.addAll(List.of(new Point(frame.left() - 4, y(tick.value())),
          new Point(frame.left(), y(tick.value())))));
    }
    add(new Segments(ends, Style.line(Tone.QUIET, 1)));
    for (Tick tick : y.ticks()) {
      add(Words.of(new Point(frame.left() - 7, y(tick.value()) + 4), tick.text(), Anchor.END, Tone.SOFT));
    }
    if (!y.label().plain().isEmpty()) {
      add(Words.of(new Point(frame.left() + 7, frame.top() + 12), y.label(), Anchor.START, Tone.SOFT).on(Tone.PAPER));
    }
  }

  /// The marks of these layers, cut at the frame.
  public void inside(List<PlotLayer> layers) {
    Plot inner = new Plot(frame, x, y);
    layers.forEach(layer -> layer.draw(inner));
    add(new Group("", "", frame, inner.marks()));
  }
}
