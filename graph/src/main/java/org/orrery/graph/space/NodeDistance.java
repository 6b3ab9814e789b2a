package org.orrery.graph.space;

/// How far apart the nodes of two trees are at least and at most: bounds that hold of the squares of distances as they are
/// computed, rounding included. Boxes stand across lattice planes, where a period is a matter of one axis.
final class NodeDistance {
  /// More than the rounding of a coordinate across lattice planes, as a part of the period.
  static final double ROUNDING = 1e-12;

  private final KdTree tree;
  private final KdTree queries;
  private final boolean rectangular;
  private final double[] periods;
  /// What a distance across lattice planes may be wrong by, along each axis; 0 where planes and axes are the same.
  private final double[] wrong = new double[3];
  /// How far a step of 1 across the planes of an axis moves a point.
  private final double[] stretch = new double[3];

  NodeDistance(KdTree tree, KdTree queries) {
    this.tree = tree;
    this.queries = queries;
    rectangular = tree.rectangular;
    periods = tree.space.threePlanePeriods();
    double[][] vectors = tree.space.planeVectors();
    for (int axis = 0; axis < 3; axis++) {
      boolean open = Double.isInfinite(periods[axis]);
      double largest = open ? Math.max(largest(tree, axis), largest(queries, axis)) : periods[axis];
      wrong[axis] = rectangular ? 0 : ROUNDING * largest;
      stretch[axis] = open ? 1 : Space.length(vectors[axis]) / periods[axis];
    }
  }

  /// The largest coordinate along an axis.
  private static double largest(KdTree tree, int axis) {
    return tree.count == 0 ? 0 : Math.max(Math.abs(tree.boxes[2 * axis]), Math.abs(tree.boxes[2 * axis + 1]));
  }

  /// No image of a point of a node is nearer to a point of a node of the queries than the root of this.
  double least(int node, int query) {
    double[] boxes = tree.boxes;
    double[] others = queries.boxes;
    int box = node * 6;
    int other = query * 6;
    return square(gap(boxes[box], boxes[box + 1], others[other], others[other + 1], periods[0]),
        gap(boxes[box + 2], boxes[box + 3], others[other + 2], others[other + 3], periods[1]),
        gap(boxes[box + 4], boxes[box + 5], others[other + 4], others[other + 5], periods[2]));
  }

  /// The same for a point of the queries.
  double square(int node, int place) {
    double[] boxes = tree.boxes;
    int box = node * 6;
    double x = queries.planes[0][place];
    double y = queries.planes[1][place];
    double z = queries.planes[2][place];
    return square(gap(boxes[box], boxes[box + 1], x, x, periods[0]),
        gap(boxes[box + 2], boxes[box + 3], y, y, periods[1]), gap(boxes[box + 4], boxes[box + 5], z, z, periods[2]));
  }

  /// The square of a distance of which these are the gaps along the axes.
  double square(double x, double y, double z) {
    return rectangular ? x * x + y * y + z * z : ofPlanes(x - wrong[0], y - wrong[1], z - wrong[2]);
  }

  /// Distances across lattice planes: the largest is a bound, less its rounding.
  private static double ofPlanes(double x, double y, double z) {
    double largest = Math.max(0, Math.max(Math.max(x, y), z));
    return largest * largest * (1 - ROUNDING);
  }

  /// The nearest images of a point of a node and of one of the queries are no further apart than the root of this.
  double most(int node, int query) {
    double x = span(node * 6, query * 6);
    double y = span(node * 6 + 2, query * 6 + 2);
    double z = span(node * 6 + 4, query * 6 + 4);
    if (rectangular) {
      return x * x + y * y + z * z;
    }
    double along = (x + wrong[0]) * stretch[0] + (y + wrong[1]) * stretch[1] + (z + wrong[2]) * stretch[2];
    return along * along * (1 + 1e3 * ROUNDING);
  }

  private double span(int box, int other) {
    return Math.max(tree.boxes[box + 1] - queries.boxes[other], queries.boxes[other + 1] - tree.boxes[box]);
  }

  /// The gap of two intervals along an axis that may repeat: where they don't meet, directly or across the period; the
  /// two furthest points are the nearest across it.
  static double gap(double low, double high, double otherLow, double otherHigh, double period) {
    double ahead = low - otherHigh;
    double behind = otherLow - high;
    double direct = Math.max(ahead, behind);
    double across = period + Math.min(ahead, behind);
    return Math.max(0, Math.min(direct, across));
  }
}
