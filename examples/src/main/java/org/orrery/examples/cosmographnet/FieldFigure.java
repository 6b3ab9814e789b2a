package org.orrery.examples.cosmographnet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.io.WholeFile;
import org.orrery.report.Axis;
import org.orrery.report.Chart;
import org.orrery.report.Label;
import org.orrery.report.Mark;
import org.orrery.report.Paint;
import org.orrery.report.Plot;
import org.orrery.report.Png;
import org.orrery.report.Point;
import org.orrery.report.Poster;
import org.orrery.report.Style;
import org.orrery.report.Theme;
import org.orrery.report.Tone;

/// A field in projection along z: halos as discs whose area grows with mass and whose color tells z, linked pairs as
/// lines. A pair across the border of the periodic box is drawn at both borders, dashed.
public final class FieldFigure {
  private static final double WIDTH = 760;

  private final GalaxyField field;
  private final Graph graph;
  private final double box;

  private FieldFigure(GalaxyField field, Graph graph, double box) {
    this.field = field;
    this.graph = graph;
    this.box = box;
  }

  /// Draws without a display.
  ///
  /// @param graph of the field
  /// @param box its side in Mpc/h
  /// @param caption said below the title
  /// @throws IOException where the file cannot be written
  public static void write(GalaxyField field, Graph graph, double box, String caption, Path file) throws IOException {
    byte[] png = Png.bytes(new FieldFigure(field, graph, box).poster(caption).at(WIDTH), Theme.LIGHT, 2);
    WholeFile.write(file, out -> out.write(png));
  }

  private Poster poster(String caption) {
    Chart chart = Chart.of("Halos and linked pairs, projected along z", axis("x in Mpc/h"), axis("y in Mpc/h"),
        this::links, this::halos).described("A periodic box seen along z; color is z.");
    List<Poster.Key> keys = new ArrayList<>();
    for (int power = 11; power <= 14; power++) {
      double logMass = Math.log10(1 + Math.pow(10, power - 10));
      keys.add(new Poster.Key(List.of(new Mark.Circle(new Point(0, 0), radius(logMass), Style.filled(Tone.QUIET))),
          "1e" + power + (power == 11 ? " M_sun/h" : "")));
    }
    for (int k = 0; k <= 2; k++) {
      keys.add(new Poster.Key(List.of(new Mark.Box(-7, -7, 14, 14, 2, Style.filled(Paint.scale(k / 2.0)))),
          (k == 0 ? "z = " : "") + Math.round(k * box / 2)));
    }
    return new Poster(chart, caption + "; dashed: across the border", keys);
  }

  private Axis axis(String label) {
    return Axis.linear(Label.of(label), 0, box, 5);
  }

  private void links(Plot plot) {
    Sparse edges = graph.adjacency().sparse();
    double[][] x = field.positions();
    List<Point> inside = new ArrayList<>();
    List<Point> across = new ArrayList<>();
    for (int e = 0; e < edges.edges(); e++) {
      double[] from = x[edges.senderOf().at(e)];
      double[] to = x[edges.receiverOf().at(e)];
      double dx = shortest(to[0] - from[0]);
      double dy = shortest(to[1] - from[1]);
      List<Point> kind = dx != to[0] - from[0] || dy != to[1] - from[1] ? across : inside;
      kind.add(plot.at(box * from[0], box * from[1]));
      kind.add(plot.at(box * (from[0] + dx), box * (from[1] + dy)));
    }
    Paint ink = Paint.of(Tone.SOFT).opacity(0.45);
    plot.add(new Mark.Segments(inside, Style.line(ink, 0.9)));
    plot.add(new Mark.Segments(across, Style.line(ink, 1.2).dashed()));
  }

  private static double shortest(double d) {
    return d - Math.rint(d);
  }

  /// The heaviest first, so that none hides another.
  private void halos(Plot plot) {
    double[][] x = field.positions();
    double[][] features = field.features();
    IntStream.range(0, x.length).boxed().sorted(Comparator.comparingDouble(i -> -features[i][0]))
        .forEach(i -> plot.add(new Mark.Circle(plot.at(box * x[i][0], box * x[i][1]), radius(features[i][0]),
            new Style(Paint.scale(x[i][2]), Paint.of(Tone.PAPER), 0.6, Style.Dash.SOLID))));
  }

  /// @param logMass log10(1 + M / 1e10): each power of ten adds as much area
  private static double radius(double logMass) {
    return Math.sqrt(2 + 14 * Math.max(0, logMass - 1));
  }
}
