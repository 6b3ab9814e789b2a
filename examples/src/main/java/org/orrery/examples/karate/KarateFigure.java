package org.orrery.examples.karate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.orrery.graph.Sparse;
import org.orrery.io.WholeFile;
import org.orrery.report.Axis;
import org.orrery.report.Chart;
import org.orrery.report.Frame;
import org.orrery.report.Label;
import org.orrery.report.Mark;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Paint;
import org.orrery.report.Plot;
import org.orrery.report.Png;
import org.orrery.report.Point;
import org.orrery.report.Poster;
import org.orrery.report.Style;
import org.orrery.report.Theme;
import org.orrery.report.Tone;
import org.orrery.tensor.Indices;

/// The club in the plane that the model learned: ties as lines, members colored by the side they took, the two labeled
/// members as squares, wrong ones ringed, and the line between the predicted sides.
final class KarateFigure {
  private static final double WIDTH = 760;
  private static final double RADIUS = 9;
  private static final int TICKS = 8;

  private final Karate.Result result;
  private final PrincipalAxes axes;

  private KarateFigure(Karate.Result result) {
    this.result = result;
    this.axes = PrincipalAxes.of(result);
  }

  /// Draws without a display.
  ///
  /// @throws IOException where the file cannot be written
  static void write(Karate.Result result, Path file) throws IOException {
    byte[] png = Png.bytes(new KarateFigure(result).poster().at(WIDTH), Theme.LIGHT, 2);
    WholeFile.write(file, out -> out.write(png));
  }

  private Poster poster() {
    Axis x = axis("first principal axis of the embedding", IntStream.range(0, axes.members()).mapToDouble(axes::x));
    Axis y = axis("second principal axis, stretched", IntStream.range(0, axes.members()).mapToDouble(axes::y));
    Chart chart = Chart
        .of("Zachary's karate club, learned from two members", x, y, this::sides, this::ties, this::members)
        .shaped(0.72).described("Members of the club in the plane that the network learned.");
    int right = result.predicted().size() - result.wrong().size();
    return new Poster(chart, "Two graph convolutions into the plane; " + right + " of " + result.predicted().size()
        + " members on the side that they took",
        List.of(new Poster.Key(marker(new Point(0, 0), 0, false, false), "instructor's side"),
            new Poster.Key(marker(new Point(0, 0), 1, false, false), "administrator's side"),
            new Poster.Key(marker(new Point(0, 0), 0, true, false), "side labeled"),
            new Poster.Key(marker(new Point(0, 0), 0, false, true), "wrong")));
  }

  /// All values and a margin of 6 %.
  private static Axis axis(String label, DoubleStream values) {
    double[] all = values.sorted().toArray();
    double margin = 0.06 * Math.max(all[all.length - 1] - all[0], 1e-6);
    return Axis.linear(Label.of(label), all[0] - margin, all[all.length - 1] + margin, TICKS);
  }

  /// The plane in the tint of the side that is predicted there, and the line between them.
  private void sides(Plot plot) {
    Frame frame = plot.frame();
    double head = Math.clamp(plot.x(axes.dividing(plot.yAxis().high())), frame.left(), frame.right());
    double foot = Math.clamp(plot.x(axes.dividing(plot.yAxis().low())), frame.left(), frame.right());
    Point top = new Point(head, frame.top());
    Point bottom = new Point(foot, frame.bottom());
    plot.add(new Mark.Path(
        List.of(new Point(frame.left(), frame.top()), top, bottom, new Point(frame.left(), frame.bottom())), true,
        Style.filled(Paint.mix(Tone.of(0), 0.07, Tone.PAPER))));
    plot.add(new Mark.Path(
        List.of(top, new Point(frame.right(), frame.top()), new Point(frame.right(), frame.bottom()), bottom), true,
        Style.filled(Paint.mix(Tone.of(1), 0.07, Tone.PAPER))));
    plot.add(new Mark.Segments(List.of(top, bottom), Style.line(Tone.QUIET, 1.1).dashed()));
  }

  private void ties(Plot plot) {
    Sparse edges = result.club().graph().adjacency().sparse();
    List<Point> ends = new ArrayList<>();
    for (int e = 0; e < edges.edges(); e++) {
      if (edges.senderOf().at(e) < edges.receiverOf().at(e)) {
        ends.add(place(plot, edges.senderOf().at(e)));
        ends.add(place(plot, edges.receiverOf().at(e)));
      }
    }
    plot.add(new Mark.Segments(ends, Style.line(Paint.of(Tone.SOFT).opacity(0.35), 0.8)));
  }

  private void members(Plot plot) {
    Indices truth = result.club().graph().labels(KarateClub.FACTION);
    Indices labeled = result.club().graph().mask(KarateClub.LABELED);
    for (int i = 0; i < truth.size(); i++) {
      Point center = place(plot, i);
      marker(center, truth.at(i), i == labeled.at(0) || i == labeled.at(1), result.wrong().contains(i))
          .forEach(plot::add);
      plot.add(Mark.Words.of(new Point(center.x(), center.y() + 3.9), Integer.toString(result.club().number(i)),
          Anchor.MIDDLE, Tone.PAPER).heavy().sized(Mark.Words.SMALLEST));
    }
  }

  private Point place(Plot plot, int member) {
    return plot.at(axes.x(member), axes.y(member));
  }

  private static List<Mark> marker(Point center, int faction, boolean labeled, boolean wrong) {
    double r = labeled ? RADIUS + 1 : RADIUS;
    List<Mark> marks = new ArrayList<>();
    Style style = new Style(Paint.of(Tone.of(faction)), Paint.of(labeled ? Tone.INK : Tone.PAPER), labeled ? 1.8 : 1,
        Style.Dash.SOLID);
    marks.add(labeled
        ? new Mark.Box(center.x() - r, center.y() - r, 2 * r, 2 * r, 0, style)
        : new Mark.Circle(center, r, style));
    if (wrong) {
      marks.add(new Mark.Circle(center, r + 4, Style.line(Tone.WARNING, 2)));
    }
    return marks;
  }
}
