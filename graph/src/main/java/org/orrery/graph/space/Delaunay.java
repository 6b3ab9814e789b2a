package org.orrery.graph.space;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.triangulate.DelaunayTriangulationBuilder;
import org.locationtech.jts.triangulate.quadedge.QuadEdge;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;

/// The Delaunay triangulation of points of the plane: two points are neighbors where some circle through both has no
/// point inside. It needs no radius and no k, adapts to the density, and is connected. Delaunay 1934; by the JTS Topology
/// Suite. Of points on one line the neighbors are those next to each other.
public final class Delaunay {
  private Delaunay() {
  }

  /// The triangulation as a graph: both directions of each side, by receiver, then by sender.
  ///
  /// @param positions `[points, 2]`, row-major
  /// @throws IllegalArgumentException where a coordinate is not finite, their number is odd, or two points (which are
  ///   named) are at one place
  public static NeighborList of(double[] positions) {
    Space plane = Space.open(2);
    plane.requireInBox("delaunay", positions);
    int count = positions.length / 2;
    Map<Coordinate, Integer> points = HashMap.newHashMap(count);
    List<Coordinate> sites = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Coordinate site = new Coordinate(positions[2 * i] + 0.0, positions[2 * i + 1] + 0.0); // + 0.0 makes -0 a 0
      Integer other = points.putIfAbsent(site, i);
      if (other != null) {
        throw new IllegalArgumentException("delaunay: points " + other + " and " + i + " are both at (" + site.x + ", "
            + site.y + "); different places are required");
      }
      sites.add(site);
    }
    if (count < 2) {
      return NeighborList.ofPairs(plane, positions, Indices.of(), Indices.of());
    }
    DelaunayTriangulationBuilder builder = new DelaunayTriangulationBuilder();
    builder.setSites(sites);
    List<int[]> sides = new ArrayList<>();
    for (Object each : builder.getSubdivision().getPrimaryEdges(false)) {
      QuadEdge side = (QuadEdge) each;
      Integer from = points.get(side.orig().getCoordinate());
      Integer to = points.get(side.dest().getCoordinate());
      sides.add(new int[] {Objects.requireNonNull(from), Objects.requireNonNull(to)});
    }
    return NeighborList.ofPairs(plane, positions, Indices.wrap(sides.stream().mapToInt(s -> s[0]).toArray()),
        Indices.wrap(sides.stream().mapToInt(s -> s[1]).toArray()));
  }

  /// As [#of(double[])], for what only asks who is a neighbor.
  public static Sparse edges(double[] positions) {
    return of(positions).edges();
  }
}
