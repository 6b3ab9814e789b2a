package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Box;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Path;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// The density of each quantity on the diagonal, and below it every pair with contours that hold 68 and 95 %.
///
/// @param axes one a quantity; their labels are the symbols
/// @param joint what to draw
/// @param truth marked by lines and a cross; null for none
public record TrianglePlot(String title, String description, List<Axis> axes, Joint joint,
    @Nullable List<Double> truth) implements Figure {
  private static final double GAP = 10;
  private static final int STEPS = 160;

  /// Checks the sizes.
  public TrianglePlot {
    axes = List.copyOf(axes);
    truth = truth == null ? null : List.copyOf(truth);
    require(axes.size() >= 2 && axes.size() == joint.size(), "triangle plot",
        axes.size() + " axes of " + joint.size() + " quantities", "as many, at least two");
    require(truth == null || truth.size() == axes.size(), "triangle plot",
        (truth == null ? 0 : truth.size()) + " truths", "one a quantity");
  }

  @Override
  public Drawing at(double width) {
    int p = axes.size();
    double left = 36;
    double side = (width - left - (p - 1) * GAP - 6) / p;
    require(side > 30, "triangle plot", "width " + width, "more than 30 pixels a panel");
    List<Mark> marks = new ArrayList<>();
    for (int row = 0; row < p; row++) {
      for (int column = 0; column <= row; column++) {
        double x = left + column * (side + GAP);
        double y = 4 + row * (side + GAP);
        Frame frame = new Frame(x, y, x + side, y + side);
        marks.addAll(row == column ? diagonal(frame, row) : pair(frame, column, row));
      }
    }
    return new Drawing(width, 4 + p * side + (p - 1) * GAP + 40, title, description, marks);
  }

  private List<Mark> diagonal(Frame frame, int k) {
    Axis axis = axes.get(k);
    double[] at = PlotLayer.equal(axis.low(), axis.high(), STEPS);
    double[] density = joint.marginal(k, at);
    double top = 0;
    double total = 0;
    for (double d : density) {
      top = Math.max(top, d);
      total += d;
    }
    require(top > 0, "triangle plot", "no density of " + axis.label().plain() + " within its axis", "some");
    int[] middle = middle(density, total);
    Plot plot = new Plot(frame, axis, Axis.linear(Label.of(""), 0, 1.18 * top, 4));
    List<Point> curve = new ArrayList<>();
    for (int i = 0; i <= STEPS; i++) {
      curve.add(plot.at(at[i], density[i]));
    }
    List<Point> shaded = new ArrayList<>(curve.subList(middle[0], middle[1] + 1));
    shaded.add(plot.at(at[middle[1]], 0));
    shaded.add(plot.at(at[middle[0]], 0));
    Tone tone = Tone.of(k);
    Plot inner = new Plot(frame, axis, plot.yAxis());
    inner.add(new Path(shaded, true, Style.filled(Paint.of(tone).opacity(0.2))));
    inner.add(new Path(curve, false, Style.line(tone, 1.8)));
    if (truth != null) {
      PlotLayer.vertical(truth.get(k), truthLine()).draw(inner);
    }
    plot.add(new Group("tri d" + k, plot.scale(), frame, inner.marks()));
    plot.add(new Segments(List.of(new Point(frame.left(), frame.bottom()), new Point(frame.right(), frame.bottom())),
        Style.line(Tone.QUIET, 1)));
    if (k == axes.size() - 1) {
      plot.below(true);
    }
    return plot.marks();
  }

  /// The steps between which the middle 68 % lie.
  private static int[] middle(double[] density, double total) {
    int[] found = {0, density.length - 1};
    double sum = 0;
    for (int i = 0; i < density.length; i++) {
      if (sum < 0.16 * total) {
        found[0] = i;
      }
      sum += density[i];
      if (sum <= 0.84 * total) {
        found[1] = Math.min(density.length - 1, i + 1);
      }
    }
    return found;
  }

  private List<Mark> pair(Frame frame, int first, int second) {
    Axis x = axes.get(first);
    Axis y = axes.get(second);
    Plot plot = new Plot(frame, x, y);
    Plot inner = new Plot(frame, x, y);
    for (double share : new double[] {0.95, 0.68}) {
      boolean core = share < 0.9;
      Style style = Style.filled(Paint.of(Tone.INK).opacity(core ? 0.16 : 0.09))
          .outlined(Paint.of(Tone.INK).opacity(core ? 1 : 0.55), core ? 1.6 : 1);
      for (List<Point> curve : joint.contour(first, second, share, x, y)) {
        inner.add(new Path(curve.stream().map(v -> plot.at(v.x(), v.y())).toList(), true, style));
      }
    }
    if (truth != null) {
      PlotLayer.vertical(truth.get(first), truthLine()).draw(inner);
      PlotLayer.horizontal(truth.get(second), truthLine()).draw(inner);
      Point at = plot.at(truth.get(first), truth.get(second));
      inner.add(new Segments(List.of(at.plus(-6, 0), at.plus(6, 0), at.plus(0, -6), at.plus(0, 6)),
          Style.line(Tone.INK, 2.2)));
    }
    plot.add(new Group("tri j" + first + "-" + second, plot.scale(), frame, inner.marks()));
    plot.add(new Box(frame.left(), frame.top(), frame.width(), frame.height(), 0, Style.line(Tone.QUIET, 1)));
    if (second == axes.size() - 1) {
      plot.below(true);
    }
    if (first == 0) {
      sideTicks(plot);
    }
    plot.add(new Words(new Point(frame.left() + 8, frame.top() + 18), y.label(), Anchor.START, 12, false,
        Paint.of(Tone.of(second)), Paint.of(Tone.PAPER), false));
    return plot.marks();
  }

  private static void sideTicks(Plot plot) {
    List<Point> ends = new ArrayList<>();
    plot.yAxis().ticks().forEach(tick -> {
      ends.add(new Point(plot.frame().left() - 4, plot.y(tick.value())));
      ends.add(new Point(plot.frame().left(), plot.y(tick.value())));
      plot.add(Words.of(new Point(plot.frame().left() - 8, plot.y(tick.value()) + 4), tick.text(), Anchor.END,
          Tone.SOFT));
    });
    plot.add(new Segments(ends, Style.line(Tone.QUIET, 1)));
  }

  private static Style truthLine() {
    return Style.line(Paint.of(Tone.INK).opacity(0.75), 1);
  }
}
