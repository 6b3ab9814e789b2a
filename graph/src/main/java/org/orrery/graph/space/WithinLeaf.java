package org.orrery.graph.space;

import java.util.Arrays;

/// Who stands within a radius of the points of one leaf of a [KdTree] at a time, for one thread: the leaves near it are copied
/// side by side and compared with each of its points.
final class WithinLeaf {
  /// The tree is walked for nodes of so many leaves at once.
  private static final int SHARED = 16;
  /// More than the rounding of the square of a radius, as a part of it.
  private static final double SLACK = 1e-9;

  private final KdTree tree;
  private final KdTree queries;
  private final double reach;
  private final double limit;
  private final double[] periods;
  private final NearbyLeaves nearby;
  private final Nearness nearness = Nearness.best();
  private final Places places = new Places();
  private final double[] d = new double[3];
  private int around = -1;
  private int candidates;
  private boolean direct;
  private int[] at = new int[0];
  private double[][] axes = new double[3][Nearness.ROOM];
  private double[] found = new double[Nearness.ROOM];
  private double[] squares = new double[Nearness.ROOM];
  private long compared;

  /// @param limit the largest square of a distance within the radius
  WithinLeaf(KdTree tree, KdTree queries, double radius, double limit) {
    this.tree = tree;
    this.queries = queries;
    this.limit = limit;
    reach = radius * (1 + SLACK);
    periods = tree.space.threePlanePeriods();
    nearby = new NearbyLeaves(tree, queries);
  }

  /// The next points stand in this leaf of the queries.
  ///
  /// @param from the first place of what is sought; nothing before it counts
  void of(int leaf, int from) {
    int node = queries.leaves - 1 + leaf;
    int shared = Math.min(SHARED, queries.leaves);
    int above = (node + 1) / shared - 1;
    if (above != around) {
      nearby.below(above);
      around = above;
    }
    nearby.within(node, reach, places);
    direct = tree.rectangular && queries.isInside(node, reach);
    gather(from);
  }

  private void gather(int first) {
    if (at.length < places.count()) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 8L - Nearness.ROOM, 2L * places.count());
      at = new int[capacity];
      axes = new double[3][capacity + Nearness.ROOM];
      found = new double[capacity + Nearness.ROOM];
      squares = new double[capacity + Nearness.ROOM];
    }
    candidates = 0;
    for (int run = 0; run < places.runs(); run++) {
      int from = Math.max(first, places.from(run));
      int length = places.to(run) - from;
      for (int axis = 0; axis < 3 && length > 0; axis++) {
        System.arraycopy(tree.axes[axis], from, axes[axis], candidates, length);
      }
      for (int i = 0; i < length; i++) {
        at[candidates + i] = from + i;
      }
      candidates += Math.max(0, length);
    }
    Arrays.fill(axes[0], candidates, candidates + Nearness.ROOM, Double.NaN); // near nobody
  }

  /// Finds what is near a point of the leaf, and says how many: in the order of the tree.
  int near(int p) {
    compared += candidates;
    double x = queries.axes[0][p];
    double y = queries.axes[1][p];
    double z = queries.axes[2][p];
    if (tree.rectangular) {
      return nearness.within(limit, axes, candidates, x, y, z, direct ? null : periods, squares, found);
    }
    for (int i = 0; i < candidates; i++) {
      d[0] = axes[0][i] - x;
      d[1] = axes[1][i] - y;
      d[2] = axes[2][i] - z;
      tree.space.shorten(d);
      squares[i] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    }
    return PlainNearness.keep(limit, candidates, squares, found);
  }

  /// The place in the tree of one of those found.
  int place(int i) {
    return at[(int) found[i]];
  }

  /// The square of its distance.
  double square(int i) {
    return squares[i];
  }

  /// How many distances were measured.
  long compared() {
    return compared;
  }
}
