package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Segments;

/// Points and straight lines in a cube around the origin, seen in perspective.
///
/// @param side of the cube
/// @param camera from where
/// @param lines drawn first, in the order of their groups
/// @param spots drawn on top, far ones first
public record Scene(String title, String description, double side, Camera camera, List<Line> lines, List<Spot> spots)
    implements
      Figure {

  /// Copies the lists.
  public Scene {
    lines = List.copyOf(lines);
    spots = List.copyOf(spots);
    require(side > 0, "scene " + title, "side " + side, "a positive one");
  }

  /// A place in the cube.
  public record Place(double x, double y, double z) {
  }

  /// A straight line.
  ///
  /// @param group a name that style sheets know
  public record Line(Place from, Place to, Style style, String group) {
  }

  /// A point.
  ///
  /// @param radius in pixels of a scene of 366
  public record Spot(Place at, double radius, Paint paint, String group) {
  }

  /// Where the eye is, in units of the side from the origin, with y up.
  public record Camera(double azimuth, double elevation, double distance) {
    /// Three sides away, a little to the right and above.
    public static final Camera USUAL = new Camera(0.535, 0.291, 3);

    /// Right, up and towards the eye.
    Place seen(Place p) {
      double right = Math.cos(azimuth) * p.x() - Math.sin(azimuth) * p.z();
      double back = Math.sin(azimuth) * p.x() + Math.cos(azimuth) * p.z();
      return new Place(right, Math.cos(elevation) * p.y() - Math.sin(elevation) * back,
          Math.sin(elevation) * p.y() + Math.cos(elevation) * back);
    }
  }

  @Override
  public Drawing at(double width) {
    double scale = width / (1.83 * side);
    List<Mark> marks = new ArrayList<>(grouped(lines.stream().map(line -> Map.entry(line.group(),
        (Mark) new Segments(List.of(pixel(line.from(), width, scale), pixel(line.to(), width, scale)), line.style())))
        .toList()));
    Comparator<Spot> farFirst = Comparator.comparingDouble(spot -> camera.seen(spot.at()).z());
    marks.addAll(grouped(spots.stream().sorted(farFirst).map(spot -> {
      double near = camera.seen(spot.at()).z() / (1.5 * side) + 0.5;
      Paint paint = spot.paint().opacity(Math.clamp(0.55 + 0.45 * near, 0, 1));
      return Map.entry(spot.group(), (Mark) new Circle(pixel(spot.at(), width, scale), spot.radius() * width / 366,
          Style.filled(paint)));
    }).toList()));
    return new Drawing(width, width, title, description, marks);
  }

  private Point pixel(Place place, double width, double scale) {
    Place seen = camera.seen(place);
    double closer = scale * camera.distance() * side / (camera.distance() * side - seen.z());
    return new Point(width / 2 + closer * seen.x(), width / 2 - closer * seen.y());
  }

  /// One group a name; neighbors of one style become one mark.
  private static List<Mark> grouped(List<Map.Entry<String, Mark>> marks) {
    Map<String, List<Mark>> groups = new LinkedHashMap<>();
    marks.forEach(entry -> {
      List<Mark> group = groups.computeIfAbsent(entry.getKey(), key -> new ArrayList<>());
      if (entry.getValue() instanceof Segments next && !group.isEmpty()
          && group.getLast() instanceof Segments last && last.style().equals(next.style())) {
        List<Point> ends = new ArrayList<>(last.ends());
        ends.addAll(next.ends());
        group.set(group.size() - 1, new Segments(ends, next.style()));
      } else {
        group.add(entry.getValue());
      }
    });
    return groups.entrySet().stream().<Mark>map(group -> Group.of(group.getKey(), group.getValue())).toList();
  }

  /// The twelve edges of the cube.
  public static List<Line> cube(double side, Style style, String group) {
    List<Line> edges = new ArrayList<>();
    double h = side / 2;
    for (int corner = 0; corner < 8; corner++) {
      for (int bit = 1; bit < 8; bit <<= 1) {
        if ((corner & bit) == 0) {
          edges.add(new Line(corner(corner, h), corner(corner | bit, h), style, group));
        }
      }
    }
    return edges;
  }

  private static Place corner(int bits, double h) {
    return new Place((bits & 1) != 0 ? h : -h, (bits & 2) != 0 ? h : -h, (bits & 4) != 0 ? h : -h);
  }
}
