package org.orrery.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.orrery.report.GalaxyResult.Web;
import org.orrery.report.Scene.Camera;
import org.orrery.report.Scene.Line;
import org.orrery.report.Scene.Place;
import org.orrery.report.Scene.Spot;

/// A periodic box of halos around the origin: a link runs the shortest way, and where that leaves the box it is cut at
/// the faces and drawn as two stubs.
final class WebScene {
  /// Mpc/h of an arrow for one km/s.
  static final double ARROW = 0.03;
  private static final int[] RAMP = {0x2b3c78, 0xc2543f, 0xffd98a};

  private final Web web;
  private final double side;
  private final double lightest;
  private final double topInfluence;
  private final double topAttribution;
  private final List<Stub> stubs = new ArrayList<>();

  /// A piece of a link, how close its ends are (1 at the same place, 0 at the radius), and whose piece it is.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stub(double[] from, double[] to, double closeness, int link) {
  }

  WebScene(Web web, double side, double radius, double lightest, double topInfluence, double topAttribution) {
    this.web = web;
    this.side = side;
    this.lightest = lightest;
    this.topInfluence = topInfluence;
    this.topAttribution = topAttribution;
    for (int link = 0; link < web.links().size() / 2; link++) {
      cut(link, radius);
    }
  }

  private void cut(int link, double radius) {
    double[] a = centered(web.links().get(2 * link));
    double[] b = centered(web.links().get(2 * link + 1));
    double[] d = new double[3];
    for (int c = 0; c < 3; c++) {
      d[c] = b[c] - a[c] - side * Math.rint((b[c] - a[c]) / side);
    }
    double length = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    double closeness = Math.clamp(1 - length / radius, 0, 1);
    double inside = reach(a, d, 1);
    stubs.add(new Stub(a, moved(a, d, inside), closeness, link));
    if (inside < 1) {
      stubs.add(new Stub(b, moved(b, d, -reach(b, d, -1)), closeness, link));
    }
  }

  private double[] centered(int halo) {
    return new double[] {web.positions().get(3 * halo) - side / 2, web.positions().get(3 * halo + 1) - side / 2,
      web.positions().get(3 * halo + 2) - side / 2};
  }

  /// The share of a step that stays inside of the box.
  private double reach(double[] from, double[] step, int sign) {
    double share = 1;
    for (int c = 0; c < 3; c++) {
      double end = from[c] + sign * step[c];
      if (Math.abs(end) > side / 2) {
        share = Math.min(share, (Math.copySign(side / 2, end) - from[c]) / (sign * step[c]));
      }
    }
    return Math.max(0, share);
  }

  private static double[] moved(double[] from, double[] step, double share) {
    return new double[] {from[0] + share * step[0], from[1] + share * step[1], from[2] + share * step[2]};
  }

  /// As a still picture, with groups `cube`, `links`, `influence`, `arrows`, `halos` and `attribution`.
  Scene still(String title, String description) {
    List<Line> lines = new ArrayList<>(Scene.cube(side, Style.line(Paint.fixed(0x4d5878), 0.8), "cube"));
    double[] opacity = {0.2, 0.42, 0.75};
    for (int bin = 0; bin < 3; bin++) {
      Style style = Style.line(Paint.fixed(0x7f9fe0).opacity(opacity[bin]), 0.55);
      for (Stub stub : stubs) {
        if (Math.min(2, (int) (3 * stub.closeness())) == bin) {
          lines.add(new Line(place(stub.from()), place(stub.to()), style, "links"));
        }
      }
    }
    if (!web.influence().isEmpty()) {
      for (int bin = 0; bin < 12; bin++) {
        Style style = Style.line(ramp(bin / 11.0).opacity(0.45 + 0.05 * bin), 0.5 + 0.09 * bin);
        for (Stub stub : stubs) {
          if ((int) (11 * influence(stub.link())) == bin) {
            lines.add(new Line(place(stub.from()), place(stub.to()), style, "influence"));
          }
        }
      }
    }
    for (int i = 0; i < web.halos() && !web.velocities().isEmpty(); i++) {
      lines.add(
          new Line(place(centered(i)), place(tip(i)), Style.line(Paint.fixed(0x55cdae).opacity(0.85), 0.8), "arrows"));
    }
    List<Spot> spots = new ArrayList<>();
    for (int i = 0; i < web.halos(); i++) {
      spots.add(new Spot(place(centered(i)), 0.38 * size(i), Paint.fixed(0xfff3df), "halos"));
      if (!web.attribution().isEmpty()) {
        spots.add(new Spot(place(centered(i)), 0.6 + 3 * attribution(i), ramp(attribution(i)), "attribution"));
      }
    }
    return new Scene(title, description, side, Camera.USUAL, lines, spots);
  }

  /// What the script needs to draw the same with depth.
  Map<String, Object> data() {
    Map<String, Object> data = new TreeMap<>();
    data.put("positions", tenths(IntStream.range(0, web.halos()).mapToObj(this::centered).toList()));
    data.put("tips", web.velocities().isEmpty()
        ? List.of()
        : tenths(IntStream.range(0, web.halos()).mapToObj(this::tip).toList()));
    data.put("sizes", IntStream.range(0, web.halos()).mapToObj(i -> hundredths(size(i))).toList());
    List<double[]> ends = new ArrayList<>();
    stubs.forEach(stub -> {
      ends.add(stub.from());
      ends.add(stub.to());
    });
    data.put("stubs", tenths(ends));
    data.put("closeness", stubs.stream().map(stub -> hundredths(stub.closeness())).toList());
    data.put("influence", web.influence().isEmpty()
        ? List.of()
        : stubs.stream().map(stub -> hundredths(influence(stub.link()))).toList());
    data.put("attribution", web.attribution().isEmpty()
        ? List.of()
        : IntStream.range(0, web.halos()).mapToObj(i -> hundredths(attribution(i))).toList());
    return data;
  }

  double medianSpeed() {
    double[] speeds = IntStream.range(0, web.velocities().size() / 3).mapToDouble(i -> Math.sqrt(
        square(web.velocities().get(3 * i)) + square(web.velocities().get(3 * i + 1))
            + square(web.velocities().get(3 * i + 2))))
        .sorted().toArray();
    return speeds.length == 0 ? 0 : speeds[speeds.length / 2];
  }

  private static double square(double x) {
    return x * x;
  }

  private double[] tip(int halo) {
    double[] v = {web.velocities().get(3 * halo), web.velocities().get(3 * halo + 1),
      web.velocities().get(3 * halo + 2)};
    return moved(centered(halo), v, ARROW);
  }

  private double size(int halo) {
    return 2.1 + 2.2 * Math.max(0, web.logMasses().get(halo) - lightest);
  }

  /// Square root of the share of the strongest, so that weak ones stay visible.
  private double influence(int link) {
    return Math.sqrt(Math.clamp(web.influence().get(link) / topInfluence, 0, 1));
  }

  private double attribution(int halo) {
    return Math.sqrt(Math.clamp(web.attribution().get(halo) / topAttribution, 0, 1));
  }

  private static Place place(double[] x) {
    return new Place(x[0], x[1], x[2]);
  }

  private static Paint ramp(double share) {
    double at = Math.clamp(share, 0, 1) * (RAMP.length - 1);
    int low = Math.min((int) at, RAMP.length - 2);
    return Paint.fixed(Paint.between(RAMP[low + 1], RAMP[low], at - low));
  }

  private static List<Double> tenths(List<double[]> places) {
    return places.stream().flatMap(x -> IntStream.range(0, 3).mapToObj(c -> Math.rint(10 * x[c]) / 10)).toList();
  }

  private static double hundredths(double x) {
    return Math.rint(100 * x) / 100;
  }
}
