package org.orrery.geometry;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// One element of a group that acts on points: x_i -> A (x_p(i) - c) + c + t for positions, v_i -> A v_p(i) for vectors,
/// s_i -> s_p(i) for scalars. In a periodic space positions are wrapped into the box then.
///
/// Such an element is a permutation p, a linear map A about a center c, or a shift t.
public final class Motion {
  private static final String NAME = "motion";

  private final int[] order;
  private final double[][] map;
  private final double[] center;
  private final double[] shift;

  private Motion(int[] order, double[][] map, double[] center, double[] shift) {
    this.order = order;
    this.map = map;
    this.center = center;
    this.shift = shift;
  }

  /// Row i becomes what row `order[i]` was.
  ///
  /// @throws IllegalArgumentException where a row is missing
  public static Motion permutation(int... order) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      Require.that(sorted[i] == i, NAME, "order " + Arrays.toString(order) + "; each of 0 to " + (order.length - 1)
          + " is required once");
    }
    return new Motion(order.clone(), new double[0][], new double[0], new double[0]);
  }

  /// A linear map of positions about a center, and of vectors.
  ///
  /// @param map A, `[dimensions][dimensions]`
  /// @param center c
  /// @throws IllegalArgumentException where the sizes do not fit
  public static Motion linear(double[][] map, double... center) {
    for (double[] row : map) {
      Require.that(row.length == center.length && map.length == center.length, NAME, map.length + " rows of "
          + row.length + " about a center of " + center.length + " coordinates; one size is required");
    }
    return new Motion(new int[0], Arrays.stream(map).map(double[]::clone).toArray(double[][]::new), center.clone(),
        new double[0]);
  }

  /// The same step for all positions.
  ///
  /// @param by t
  public static Motion translation(double... by) {
    return new Motion(new int[0], new double[0][], new double[0], by.clone());
  }

  /// The points moved.
  ///
  /// @throws IllegalArgumentException where the motion is of other dimensions, or of another number of points
  public PointCloud apply(PointCloud cloud) {
    int dimensions = cloud.space().dimensions();
    Require.that((map.length == 0 || map.length == dimensions) && (shift.length == 0 || shift.length == dimensions),
        NAME, "it acts in " + Math.max(map.length, shift.length) + " dimensions, the points are in " + dimensions
            + "; one number is required");
    Require.that(order.length == 0 || order.length == cloud.size(), NAME,
        "it permutes " + order.length + " points, there are " + cloud.size() + "; one number is required");
    double[] moved = turned(ordered(cloud.positions(), cloud.size()), dimensions, center);
    for (int i = 0; shift.length > 0 && i < moved.length; i++) {
      moved[i] += shift[i % dimensions];
    }
    PointCloud result = PointCloud.of(cloud.space(), cloud.space().wrap(moved));
    for (String name : cloud.vectorNames()) {
      result = result.withVectors(name,
          turned(ordered(cloud.vectors(name), cloud.size()), dimensions, new double[dimensions]));
    }
    for (String name : cloud.scalarNames()) {
      result = result.withScalars(name, ordered(cloud.scalars(name), cloud.size()));
    }
    return result;
  }

  /// Vectors turned, not permuted: row i becomes A v_i.
  ///
  /// @param vectors `[rows, dimensions]`
  /// @throws IllegalArgumentException where they are of other dimensions
  public Tensor vectors(Tensor vectors) {
    if (map.length == 0) {
      return vectors;
    }
    Require.that(vectors.rank() == 2 && vectors.shape().size(1) == map.length, NAME,
        "vectors " + vectors.shape() + "; [rows, " + map.length + "] is required");
    return Tensor.of(turned(vectors.toDoubles(), map.length, new double[map.length]), vectors.rows(), map.length);
  }

  /// Which row of before each of so many rows of now is.
  int[] order(int rows) {
    return order.length == 0 ? IntStream.range(0, rows).toArray() : order.clone();
  }

  private double[] ordered(double[] values, int rows) {
    int width = values.length / rows;
    double[] result = values.clone();
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(values, order[i] * width, result, i * width, width);
    }
    return result;
  }

  private double[] turned(double[] values, int dimensions, double[] about) {
    if (map.length == 0) {
      return values;
    }
    double[] result = new double[values.length];
    for (int at = 0; at < values.length; at += dimensions) {
      for (int axis = 0; axis < dimensions; axis++) {
        double sum = about[axis];
        for (int k = 0; k < dimensions; k++) {
          sum += map[axis][k] * (values[at + k] - about[k]);
        }
        result[at + axis] = sum;
      }
    }
    return result;
  }
}
