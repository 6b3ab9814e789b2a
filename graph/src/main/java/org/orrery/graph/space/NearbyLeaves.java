package org.orrery.graph.space;

import java.util.Arrays;

/// The leaves of a [KdTree] that are near a node of it, or of a tree of other points, their boxes side by side: the tree is walked once for
/// all leaves below the node, and each of them then picks its own from a list without a branch.
final class NearbyLeaves {
  /// How much further than it was asked for a walk looks, so that a larger radius rarely needs another.
  private static final double AHEAD = 1.4;
  /// So many leaves are sought anew for a radius that is much smaller.
  private static final int MANY = 256;
  private static final double MUCH_LARGER = 4;

  private final KdTree tree;
  private final KdTree queries;
  private final NodeDistance distance;
  private final double[] periods;
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
    distance = new NodeDistance(tree, queries);
  }

  /// The next leaves asked for stand below this node.
  void below(int node) {
    around = node;
    radius = -1;
  }

  /// Writes the places of the points of all leaves within a distance of one: pairs of a first place and the one after
  /// the last, neighboring ones as one.
  void within(int leaf, double reach, Places places) {
    if (reach > radius || (size > MANY && reach * MUCH_LARGER < radius)) {
      radius = reach * AHEAD;
      size = 0;
      walk(0, 0, tree.count, radius * radius);
    }
    measure(leaf * 6);
    double square = reach * reach;
    places.clear();
    for (int i = 0; i < size; i++) {
      if (squares[i] <= square) {
        places.add(from[i], to[i]);
      }
    }
  }

  private void walk(int node, int first, int end, double square) {
    if (first == end || distance.least(node, around) > square) {
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

  /// How near a node is to one of the queries, as [NodeDistance#least(int, int)] says.
  double apart(int node, int query) {
    return distance.least(node, query);
  }

  /// How near all leaves at hand are to one box of the queries.
  private void measure(int box) {
    double[] boxes = queries.boxes;
    if (tree.rectangular) {
      gaps(low[0], high[0], boxes[box], boxes[box + 1], periods[0], squares, size, false);
      gaps(low[1], high[1], boxes[box + 2], boxes[box + 3], periods[1], squares, size, true);
      gaps(low[2], high[2], boxes[box + 4], boxes[box + 5], periods[2], squares, size, true);
      return;
    }
    for (int i = 0; i < size; i++) {
      squares[i] = distance.square(NodeDistance.gap(low[0][i], high[0][i], boxes[box], boxes[box + 1], periods[0]),
          NodeDistance.gap(low[1][i], high[1][i], boxes[box + 2], boxes[box + 3], periods[1]),
          NodeDistance.gap(low[2][i], high[2][i], boxes[box + 4], boxes[box + 5], periods[2]));
    }
  }

  private static void gaps(
      double[] low, double[] high, double otherLow, double otherHigh, double period, double[] squares, int size,
      boolean more) {
    for (int i = 0; i < size; i++) {
      double gap = NodeDistance.gap(low[i], high[i], otherLow, otherHigh, period);
      squares[i] = more ? squares[i] + gap * gap : gap * gap;
    }
  }
}
