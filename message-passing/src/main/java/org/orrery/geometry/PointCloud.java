package org.orrery.geometry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.orrery.graph.space.Space;
import org.orrery.nn.Require;

/// Points in space and what is known of each: what a model of points begins with, before any graph is made of it.
///
/// Positions and vectors turn with space, scalars do not.
public final class PointCloud {
  private static final String NAME = "point cloud";

  private final Space space;
  private final double[] positions;
  private final Map<String, double[]> vectors;
  private final Map<String, double[]> scalars;

  private PointCloud(Space space, double[] positions, Map<String, double[]> vectors, Map<String, double[]> scalars) {
    this.space = space;
    this.positions = positions;
    this.vectors = vectors;
    this.scalars = scalars;
  }

  /// Points of which only the place is known.
  ///
  /// @param positions `[points, dimensions]`, row-major
  /// @throws IllegalArgumentException where there is no point, or not one finite coordinate for each dimension
  public static PointCloud of(Space space, double[] positions) {
    int dimensions = space.dimensions();
    Require.that(positions.length > 0 && positions.length % dimensions == 0, NAME,
        positions.length + " coordinates in " + dimensions + " dimensions; " + dimensions
            + " for each of at least 1 point are required");
    finite("positions", positions);
    return new PointCloud(space, positions.clone(), Map.of(), Map.of());
  }

  /// These points with vectors of a name, such as velocities.
  ///
  /// @param values `[points, dimensions]`, row-major
  /// @throws IllegalArgumentException where there is not one finite vector for each point
  public PointCloud withVectors(String name, double[] values) {
    Require.that(values.length == positions.length, NAME, values.length + " components of vectors '" + name + "' for "
        + size() + " points; " + positions.length + " are required");
    finite("vectors '" + name + "'", values);
    return new PointCloud(space, positions, with(vectors, name, values), scalars);
  }

  /// These points with numbers of a name that do not turn with space, such as masses.
  ///
  /// @param values `[points, width]`, row-major
  /// @throws IllegalArgumentException where there is not an equal number of finite ones for each point
  public PointCloud withScalars(String name, double[] values) {
    Require.that(values.length > 0 && values.length % size() == 0, NAME, values.length + " scalars '" + name + "' for "
        + size() + " points; an equal number for each is required");
    finite("scalars '" + name + "'", values);
    return new PointCloud(space, positions, vectors, with(scalars, name, values));
  }

  private static Map<String, double[]> with(Map<String, double[]> before, String name, double[] values) {
    Map<String, double[]> more = new LinkedHashMap<>(before);
    more.put(name, values.clone());
    return Collections.unmodifiableMap(more);
  }

  private static void finite(String what, double[] values) {
    for (int i = 0; i < values.length; i++) {
      Require.that(Double.isFinite(values[i]), NAME, what + ": number " + i + " is " + values[i]
          + "; finite numbers are required");
    }
  }

  /// Where the points are.
  public Space space() {
    return space;
  }

  /// How many points there are.
  public int size() {
    return positions.length / space.dimensions();
  }

  /// `[points, dimensions]`, row-major; a copy.
  public double[] positions() {
    return positions.clone();
  }

  /// The vectors of that name, `[points, dimensions]`, row-major; a copy.
  ///
  /// @throws IllegalArgumentException listing the names, where there are none of that name
  public double[] vectors(String name) {
    return found(vectors, "vectors", name);
  }

  /// The scalars of that name, `[points, width]`, row-major; a copy.
  ///
  /// @throws IllegalArgumentException listing the names, where there are none of that name
  public double[] scalars(String name) {
    return found(scalars, "scalars", name);
  }

  private static double[] found(Map<String, double[]> all, String kind, String name) {
    double[] values = all.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          NAME + ": there are no " + kind + " '" + name + "'; there are " + all.keySet());
    }
    return values.clone();
  }

  /// The names of the vectors, in the order in which they were given.
  public Set<String> vectorNames() {
    return vectors.keySet();
  }

  /// The names of the scalars, in the order in which they were given.
  public Set<String> scalarNames() {
    return scalars.keySet();
  }
}
