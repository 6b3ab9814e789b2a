package org.orrery.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.orrery.graph.space.Space;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// The groups of [Symmetry].
enum PointGroup implements Symmetry {
  PERMUTATION, ROTATION, GENERAL_ROTATION, REFLECTION, TRANSLATION, PERIODIC_TRANSLATION;

  @Override
  public String group() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public String toString() {
    return group();
  }

  @Override
  public Motion draw(PointCloud cloud, Key key) {
    Space space = cloud.space();
    int dimensions = space.dimensions();
    return switch (this) {
      case PERMUTATION -> permutation(cloud.size(), key);
      case ROTATION -> {
        needsPlane(dimensions);
        yield isOpen(space)
            ? Motion.linear(Orthogonal.rotation(dimensions, key), new double[dimensions])
            : ofBox(space, Orthogonal::isProper, key);
      }
      case GENERAL_ROTATION -> {
        needsPlane(dimensions);
        double[] center = isOpen(space) ? new double[dimensions] : centerOfSphere(cloud);
        yield Motion.linear(Orthogonal.rotation(dimensions, key), center);
      }
      case REFLECTION -> isOpen(space)
          ? Motion.linear(Orthogonal.mirror(dimensions, key), new double[dimensions])
          : ofBox(space, Orthogonal::isMirror, key);
      case TRANSLATION -> {
        Require.that(isOpen(space), group(), "the space is periodic; an open one is required, in a box there is "
            + PERIODIC_TRANSLATION);
        yield Motion.translation(steps(dimensions, span(cloud), key));
      }
      case PERIODIC_TRANSLATION -> periodic(space, key);
    };
  }

  private static boolean isOpen(Space space) {
    return Double.isInfinite(space.largestRadius());
  }

  private void needsPlane(int dimensions) {
    Require.that(dimensions > 1, group(), "points on a line; 2 or 3 dimensions are required");
  }

  private Motion permutation(int points, Key key) {
    Require.that(points > 1, group(), points + " point; at least 2 are required");
    int[] order = key.permutation(points);
    for (int attempt = 0; isIdentity(order); attempt++) {
      order = key.fold(attempt).permutation(points);
    }
    return Motion.permutation(order);
  }

  private static boolean isIdentity(int[] order) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  /// One of the maps of the axes that map the box to itself.
  private Motion ofBox(Space space, Orthogonal.Kind kind, Key key) {
    double[][] lattice = space.lattice();
    double[] periods = new double[lattice.length];
    for (int i = 0; i < periods.length; i++) {
      for (int k = 0; k < periods.length; k++) {
        Require.that(i == k || lattice[i][k] == 0, group(), "the cell has the vector " + Arrays.toString(lattice[i])
            + "; a box with edges along the axes, or open space, is required");
      }
      periods[i] = lattice[i][i];
    }
    List<double[][]> all = Orthogonal.ofBox(periods, kind);
    return Motion.linear(all.get(key.integers(1, all.size())[0]), new double[periods.length]);
  }

  /// The middle of the smallest box around the points, once the sphere about it is found to fit.
  private double[] centerOfSphere(PointCloud cloud) {
    double[][] ends = ends(cloud);
    double[] x = cloud.positions();
    double[] center = new double[ends[0].length];
    Arrays.setAll(center, axis -> (ends[0][axis] + ends[1][axis]) / 2);
    double radius = 0;
    for (int at = 0; at < x.length; at += center.length) {
      double square = 0;
      for (int axis = 0; axis < center.length; axis++) {
        square += Math.pow(x[at + axis] - center[axis], 2);
      }
      radius = Math.max(radius, Math.sqrt(square));
    }
    double[][] lattice = cloud.space().lattice();
    boolean isInside = 2 * radius <= cloud.space().largestRadius();
    for (int axis = 0; axis < center.length; axis++) {
      double period = lattice[axis][axis];
      isInside &= period == 0 || (center[axis] - radius >= 0 && center[axis] + radius < period);
      for (int k = 0; k < center.length; k++) {
        isInside &= k == axis || lattice[axis][k] == 0;
      }
    }
    Require.that(isInside, group(), "the points lie in a sphere of radius " + (float) radius + " about "
        + Arrays.toString(center) + " in a periodic space; open space is required, or a sphere that the box does not "
        + "cut and whose diameter is at most half the shortest period, here " + (float) cloud.space().largestRadius());
    return center;
  }

  private static double[][] ends(PointCloud cloud) {
    double[] x = cloud.positions();
    int dimensions = cloud.space().dimensions();
    double[] low = Arrays.copyOf(x, dimensions);
    double[] high = low.clone();
    for (int i = dimensions; i < x.length; i++) {
      low[i % dimensions] = Math.min(low[i % dimensions], x[i]);
      high[i % dimensions] = Math.max(high[i % dimensions], x[i]);
    }
    return new double[][] {low, high};
  }

  /// How far the points reach along the widest axis; 1 where they are one.
  private static double span(PointCloud cloud) {
    double[][] ends = ends(cloud);
    double span = 0;
    for (int axis = 0; axis < ends[0].length; axis++) {
      span = Math.max(span, ends[1][axis] - ends[0][axis]);
    }
    return span > 0 ? span : 1;
  }

  private static double[] steps(int dimensions, double span, Key key) {
    return Arrays.stream(key.uniformDouble(dimensions)).map(u -> span * (2 * u - 1)).toArray();
  }

  private Motion periodic(Space space, Key key) {
    Require.that(!isOpen(space), group(), "the space is open; a periodic one is required, in open space there is "
        + TRANSLATION);
    double[][] lattice = space.lattice();
    double[] parts = key.uniformDouble(lattice.length);
    double[] shift = new double[lattice.length];
    for (int i = 0; i < shift.length; i++) {
      for (int axis = 0; axis < shift.length; axis++) {
        shift[axis] += parts[i] * lattice[i][axis];
      }
    }
    return Motion.translation(shift);
  }
}
