package org.orrery.graph.space;

import java.util.Arrays;

/// The leaves of a [KdTree] that are near a node of it, or of a tree of other points, their boxes side by side: the tree is walked once for all leaves below
/// the node, and each of them then picks its own from a list without a branch.
final class NearbyLeaves {
  /// More than the rounding of a coordinate across lattice planes, as a part of the period.
  static final double ROUNDING = 1e-12;
  /// How much further than it was asked for a walk looks, so that a larger radius rarely needs another.
  private static final double AHEAD = 1.4;

  private final KdTree tree;
  private final KdTree queries;
  private final double[] periods;
  /// What a distance across lattice planes may be wrong by, along each axis; 0 where planes and axes are the same.
  private final double[] wrong = new double[3];
  private final double[][] low = new double[3][64];
  private final double[][] high = new double[3][64];
  private int[] from = new int[64];
  private int[] to = new int[64];
  private double[] squares = new double[64];
  private int size;
  private int around;
  private double radius = -1;

  NearbyLeaves(KdTree tree, KdTree queries) {
    this.tree = tree;
    this.queries = queries;
    periods = tree.space.threePlanePeriods();
    for (int axis = 0; axis < 3; axis++) {
      double largest = Double.isInfinite(periods[axis])
          ? Math.max(largest(tree, axis), largest(queries, axis))
          : periods[axis];
      wrong[axis] = tree.rectangular ? 0 : ROUNDING * largest;
    }
  }

  /// The largest coordinate along an axis.
  private static double largest(KdTree tree, int axis) {
    return tree.count == 0 ? 0 : Math.max(Math.abs(tree.boxes[2 * axis]), Math.abs(tree.boxes[2 * axis + 1]));
  }

  /// The next leaves asked for stand below this node.
  void below(int node) {
    around = node;
    radius = -1;
  }

  /// Writes the places of the points of all leaves within a distance of one: pairs of a first place and the one after
  /// the last, neighboring ones as one.
  void within(int leaf, double distance, Places places) {
    if (distance > radius) {
      radius = distance * AHEAD;
      size = 0;
      walk(0, 0, tree.count, radius * radius);
    }
    measure(leaf * 6);
    double square = distance * distance;
    places.clear();
    for (int i = 0; i < size; i++) {
      if (squares[i] <= square) {
        places.add(from[i], to[i]);
      }
    }
  }

  private void walk(int node, int first, int end, double square) {
    if (first == end || apart(node, around) > square) {
      return;
    }
    if (node >= tree.leaves - 1) {
      add(node * 6, first, end);
      return;
    }
    int middle = (first + end) >>> 1;
    walk(2 * node + 1, first, middle, square);
    walk(2 * node + 2, middle, end, square);
  }

  private void add(int box, int first, int end) {
    if (size == from.length) {
      grow();
    }
    for (int axis = 0; axis < 3; axis++) {
      low[axis][size] = tree.boxes[box + 2 * axis];
      high[axis][size] = tree.boxes[box + 2 * axis + 1];
    }
    from[size] = first;
    to[size++] = end;
  }

  private void grow() {
    int capacity = 2 * size;
    for (int axis = 0; axis < 3; axis++) {
      low[axis] = Arrays.copyOf(low[axis], capacity);
      high[axis] = Arrays.copyOf(high[axis], capacity);
    }
    from = Arrays.copyOf(from, capacity);
    to = Arrays.copyOf(to, capacity);
    squares = new double[capacity];
  }

  /// No image of a point of a node is nearer to a point of a node of the queries than the root of this.
  double apart(int node, int query) {
    double[] boxes = tree.boxes;
    double[] others = queries.boxes;
    int box = node * 6;
    int other = query * 6;
    double x = gap(boxes[box], boxes[box + 1], others[other], others[other + 1], periods[0]) - wrong[0];
    double y = gap(boxes[box + 2], boxes[box + 3], others[other + 2], others[other + 3], periods[1]) - wrong[1];
    double z = gap(boxes[box + 4], boxes[box + 5], others[other + 4], others[other + 5], periods[2]) - wrong[2];
    return tree.rectangular ? x * x + y * y + z * z : ofPlanes(x, y, z);
  }

  /// The same from one box of the queries to all leaves at hand.
  private void measure(int box) {
    double[] boxes = queries.boxes;
    if (tree.rectangular) {
      gaps(low[0], high[0], boxes[box], boxes[box + 1], periods[0], squares, size, false);
      gaps(low[1], high[1], boxes[box + 2], boxes[box + 3], periods[1], squares, size, true);
      gaps(low[2], high[2], boxes[box + 4], boxes[box + 5], periods[2], squares, size, true);
      return;
    }
    for (int i = 0; i < size; i++) {
      double x = gap(low[0][i], high[0][i], boxes[box], boxes[box + 1], periods[0]) - wrong[0];
      double y = gap(low[1][i], high[1][i], boxes[box + 2], boxes[box + 3], periods[1]) - wrong[1];
      double z = gap(low[2][i], high[2][i], boxes[box + 4], boxes[box + 5], periods[2]) - wrong[2];
      squares[i] = ofPlanes(x, y, z);
    }
  }

  private static void gaps(
      double[] low, double[] high, double otherLow, double otherHigh, double period, double[] squares, int size,
      boolean more) {
    for (int i = 0; i < size; i++) {
      double gap = gap(low[i], high[i], otherLow, otherHigh, period);
      squares[i] = more ? squares[i] + gap * gap : gap * gap;
    }
  }

  /// Distances across lattice planes: the largest is a bound, less its rounding.
  private static double ofPlanes(double x, double y, double z) {
    double largest = Math.max(0, Math.max(Math.max(x, y), z));
    return largest * largest * (1 - ROUNDING);
  }

  /// The gap of two intervals along an axis that may repeat: where they don't meet, directly or across the period; the
  /// two furthest points are the nearest across it.
  private static double gap(double low, double high, double otherLow, double otherHigh, double period) {
    double ahead = low - otherHigh;
    double behind = otherLow - high;
    double direct = Math.max(ahead, behind);
    double across = period + Math.min(ahead, behind);
    return Math.max(0, Math.min(direct, across));
  }
}
