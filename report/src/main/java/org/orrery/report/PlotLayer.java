package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Box;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Path;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// Something drawn between two axes. Those of everyday use are made here; any other is a function of the plot.
@FunctionalInterface
public interface PlotLayer {
  /// Adds its marks.
  void draw(Plot plot);

  /// A line through points.
  static PlotLayer line(double[] x, double[] y, Style style) {
    requirePairs("line", x, y);
    return plot -> plot.add(new Path(points(plot, x, y), false, style));
  }

  /// What lies between two curves.
  static PlotLayer band(double[] x, double[] low, double[] high, Paint paint) {
    requirePairs("band", x, low);
    requirePairs("band", x, high);
    return plot -> {
      List<Point> outline = new ArrayList<>(points(plot, x, high));
      outline.addAll(points(plot, x, low).reversed());
      plot.add(new Path(outline, true, Style.filled(paint)));
    };
  }

  /// Points of this radius in pixels.
  static PlotLayer points(double[] x, double[] y, double radius, Style style) {
    requirePairs("points", x, y);
    return plot -> points(plot, x, y).forEach(point -> plot.add(new Circle(point, radius, style)));
  }

  /// Upright bars from `low` to `high` at each x.
  static PlotLayer errorBars(double[] x, double[] low, double[] high, Style style) {
    requirePairs("error bars", x, low);
    requirePairs("error bars", x, high);
    return plot -> {
      List<Point> ends = new ArrayList<>();
      for (int i = 0; i < x.length; i++) {
        ends.add(plot.at(x[i], low[i]));
        ends.add(plot.at(x[i], high[i]));
      }
      plot.add(new Segments(ends, style));
    };
  }

  /// Values that stay until the next edge: one edge more than values.
  static PlotLayer steps(double[] edges, double[] values, Style style) {
    require(edges.length == values.length + 1 && values.length > 0, "steps",
        edges.length + " edges of " + values.length + " values", "one edge more than values");
    return plot -> {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        points.add(plot.at(edges[i], values[i]));
        points.add(plot.at(edges[i + 1], values[i]));
      }
      plot.add(new Path(points, false, style));
    };
  }

  /// Bars that stand on the bottom of the plot, a pixel and a half apart.
  static PlotLayer bars(double[] edges, double[] values, Style style) {
    require(edges.length == values.length + 1, "bars", edges.length + " edges of " + values.length + " values",
        "one edge more than values");
    return plot -> {
      for (int i = 0; i < values.length; i++) {
        double left = plot.x(edges[i]) + 0.75;
        double top = Math.min(plot.y(values[i]), plot.frame().bottom());
        plot.add(new Box(left, top, Math.max(0, plot.x(edges[i + 1]) - 0.75 - left), plot.frame().bottom() - top, 0,
            style));
      }
    };
  }

  /// A histogram of counts over equal bins between two ends, in units of the mean count, on the band that 95 % of
  /// histograms keep, bin by bin, where every bin is as likely.
  static PlotLayer flatHistogram(List<Integer> counts, double low, double high, Tone tone) {
    int bins = counts.size();
    int total = counts.stream().mapToInt(Integer::intValue).sum();
    require(bins >= 1 && total >= 1, "histogram", total + " counts in " + bins + " bins", "at least one of each");
    double[] edges = equal(low, high, bins);
    double[] heights = counts.stream().mapToDouble(count -> count * (double) bins / total).toArray();
    double[] limits = Normal.binomial95(total, 1.0 / bins);
    double[] ends = {low, high};
    double[] under = {limits[0] * bins, limits[0] * bins};
    double[] over = {limits[1] * bins, limits[1] * bins};
    return plot -> {
      band(ends, under, over, Paint.of(Tone.BAND)).draw(plot);
      bars(edges, heights, Style.filled(Paint.mix(tone, 0.42, Tone.PAPER))).draw(plot);
      line(ends, under, Style.line(Paint.of(Tone.SOFT).opacity(0.6), 1)).draw(plot);
      line(ends, over, Style.line(Paint.of(Tone.SOFT).opacity(0.6), 1)).draw(plot);
    };
  }

  /// The band that 95 % of shares of n trials keep, point by point, around the diagonal of probabilities.
  static PlotLayer binomialBand(int n) {
    double[] p = equal(0, 1, 50);
    double[] low = new double[p.length];
    double[] high = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      double[] limits = Normal.binomial95(n, Math.clamp(p[i], 0, 1));
      low[i] = limits[0];
      high[i] = limits[1];
    }
    return band(p, low, high, Paint.of(Tone.BAND));
  }

  /// An upright line over the whole height.
  static PlotLayer vertical(double x, Style style) {
    return plot -> plot.add(new Segments(List.of(new Point(plot.x(x), plot.frame().top()),
        new Point(plot.x(x), plot.frame().bottom())), style));
  }

  /// A level line over the whole width.
  static PlotLayer horizontal(double y, Style style) {
    return plot -> plot.add(new Segments(List.of(new Point(plot.frame().left(), plot.y(y)),
        new Point(plot.frame().right(), plot.y(y))), style));
  }

  /// Where both values are equal.
  static PlotLayer diagonal(Style style) {
    return plot -> {
      double low = Math.max(plot.xAxis().low(), plot.yAxis().low());
      double high = Math.min(plot.xAxis().high(), plot.yAxis().high());
      if (low < high) {
        plot.add(new Segments(List.of(plot.at(low, low), plot.at(high, high)), style));
      }
    };
  }

  /// Words, moved from a pair of values by pixels.
  static PlotLayer words(double x, double y, double dx, double dy, Label label, Anchor anchor, Tone tone) {
    return plot -> plot.add(Words.of(plot.at(x, y).plus(dx, dy), label, anchor, tone).on(Tone.PAPER));
  }

  /// Layers under a name, with the scale of the plot, for a script.
  static PlotLayer named(String name, PlotLayer... layers) {
    return plot -> {
      Plot inner = new Plot(plot.frame(), plot.xAxis(), plot.yAxis());
      List.of(layers).forEach(layer -> layer.draw(inner));
      plot.add(new Group(name, plot.scale(), null, inner.marks()));
    };
  }

  /// Edges of equal bins.
  static double[] equal(double low, double high, int bins) {
    double[] edges = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      edges[i] = low + (high - low) * i / bins;
    }
    return edges;
  }

  private static List<Point> points(Plot plot, double[] x, double[] y) {
    List<Point> points = new ArrayList<>(x.length);
    for (int i = 0; i < x.length; i++) {
      points.add(plot.at(x[i], y[i]));
    }
    return points;
  }

  private static void requirePairs(String what, double[] x, double[] y) {
    require(x.length == y.length && x.length > 0, what, x.length + " x and " + y.length + " y",
        "as many, at least one");
  }
}
