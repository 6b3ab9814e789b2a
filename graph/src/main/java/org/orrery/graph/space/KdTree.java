package org.orrery.graph.space;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.orrery.tensor.cpu.Parallel;

/// A balanced tree of boxes of points. Boxes stand in the coordinates of [Space#planes], where a
/// period is a matter of one axis, so that how near a box can be is known in every space.
final class KdTree {
  private static final int LEAF = 16;
  private static final int TASKS = 256;
  /// Of more places than this a sample is selected from first.
  private static final int MOST_UNSAMPLED = 600;

  final Space space;
  final boolean rectangular;
  final int first;
  final int count;
  final int leaves;
  /// Point by point in tree order: its place in the set.
  final int[] order;
  /// Coordinates across the lattice planes and along the axes, `[3][count]`, in tree order.
  final double[][] planes;
  final double[][] axes;
  /// The corners of the box of each node, low and high along each axis.
  final double[] boxes;
  private final double[] periods;
  private final double[] halves;

  /// The points from `first` on.
  KdTree(Space space, double[] positions, int first, int count) {
    this(space, positions, first, IntStream.range(0, count).toArray());
  }

  /// Some of the points from `first` on.
  ///
  /// @param members which, counted from `first`, ascending; becomes the order of the tree
  KdTree(Space space, double[] positions, int first, int[] members) {
    this.space = space;
    rectangular = space instanceof Rectangular;
    this.first = first;
    count = members.length;
    int leafCount = 1;
    while ((long) leafCount * LEAF < count) {
      leafCount *= 2;
    }
    leaves = leafCount;
    boxes = new double[(2 * leaves - 1) * 6];
    order = members;
    int end = count == 0 ? 0 : members[count - 1] + 1;
    boolean all = end == count;
    planes = all ? space.planes(positions, first, end) : inOrder(space.planes(positions, first, end));
    build();
    axes = rectangular ? planes : inOrder(space.axes(positions, first, end));
    periods = space.threePlanePeriods();
    halves = Arrays.stream(periods).map(period -> period / 2).toArray();
  }

  private double[][] inOrder(double[][] values) {
    double[][] sorted = new double[3][count];
    for (int axis = 0; axis < 3; axis++) {
      for (int p = 0; p < count; p++) {
        sorted[axis][p] = values[axis][order[p]];
      }
    }
    return sorted;
  }

  /// The square of the distance from the nearest image of a point of this tree to one of another, or of this.
  ///
  /// @param p the place of the point in tree order
  /// @param q the place of the other
  /// @param d three numbers to work with
  double square(int p, KdTree other, int q, double[] d) {
    double x = axes[0][p] - other.axes[0][q];
    double y = axes[1][p] - other.axes[1][q];
    double z = axes[2][p] - other.axes[2][q];
    if (rectangular) {
      x = Rectangular.shortest(x, periods[0], halves[0]);
      y = Rectangular.shortest(y, periods[1], halves[1]);
      z = Rectangular.shortest(z, periods[2], halves[2]);
      return x * x + y * y + z * z;
    }
    d[0] = x;
    d[1] = y;
    d[2] = z;
    space.shorten(d);
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  }

  /// Where the points of each leaf start, and where those of the last end.
  int[] starts() {
    int[] starts = new int[leaves + 1];
    int levels = Integer.numberOfTrailingZeros(leaves);
    for (int leaf = 0; leaf <= leaves; leaf++) {
      starts[leaf] = start(levels, leaf);
    }
    return starts;
  }

  /// Whether no point within the distance of the box of a node lies beyond a face through which the space repeats.
  boolean isInside(int node, double distance) {
    for (int axis = 0; axis < 3; axis++) {
      if (!Double.isInfinite(periods[axis]) && !(boxes[node * 6 + 2 * axis] - distance > 0
          && boxes[node * 6 + 2 * axis + 1] + distance < periods[axis])) {
        return false;
      }
    }
    return true;
  }

  /// Whether all points of some node are at one place, and so are more than so many.
  boolean hasPileAbove(int most) {
    return hasPileAbove(most, 0, 0, count);
  }

  private boolean hasPileAbove(int most, int node, int from, int to) {
    if (to - from <= most) {
      return false;
    }
    boolean together = true;
    for (int axis = 0; axis < 3; axis++) {
      together &= boxes[node * 6 + 2 * axis] == boxes[node * 6 + 2 * axis + 1];
    }
    int middle = (from + to) >>> 1;
    return together || (node < leaves - 1
        && (hasPileAbove(most, 2 * node + 1, from, middle) || hasPileAbove(most, 2 * node + 2, middle, to)));
  }

  // ---- building ----

  /// Level by level, until there are enough subtrees to share out.
  private void build() {
    int levels = levels();
    for (int level = 0; level < levels; level++) {
      int above = level;
      Parallel.current().forEach(1 << level, place -> split((1 << above) - 1 + place, start(above, place),
          start(above, place + 1)));
    }
    Parallel.current().forEach(1 << levels, place -> build((1 << levels) - 1 + place, start(levels, place),
        start(levels, place + 1)));
  }

  private void build(int node, int from, int to) {
    split(node, from, to);
    if (node < leaves - 1) {
      int middle = (from + to) >>> 1;
      build(2 * node + 1, from, middle);
      build(2 * node + 2, middle, to);
    }
  }

  /// Bounds a node; what stands in the first half of its points is then no larger along its widest axis than the rest. Node i
  /// has the children 2 i + 1 and 2 i + 2, which share its points evenly.
  private void split(int node, int from, int to) {
    int widest = bound(node, from, to);
    if (node < leaves - 1) {
      select(planes[widest], from, to - 1, (from + to) >>> 1);
    }
  }

  /// How many levels there are above the subtrees that are shared out.
  int levels() {
    int levels = 0;
    while (1 << levels < Math.min(TASKS, leaves)) {
      levels++;
    }
    return levels;
  }

  /// Where the points of the node in this place of a level start.
  int start(int level, int place) {
    if (place == 1 << level) {
      return count;
    }
    int from = 0;
    int to = count;
    for (int bit = level - 1; bit >= 0; bit--) {
      int middle = (from + to) >>> 1;
      if ((place >>> bit & 1) == 0) {
        to = middle;
      } else {
        from = middle;
      }
    }
    return from;
  }

  /// Writes the box of a node and says along which axis it is widest.
  private int bound(int node, int from, int to) {
    int widest = 0;
    for (int axis = 0; axis < 3; axis++) {
      double[] values = planes[axis];
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int p = from; p < to; p++) {
        low = Math.min(low, values[p]);
        high = Math.max(high, values[p]);
      }
      boxes[node * 6 + 2 * axis] = low;
      boxes[node * 6 + 2 * axis + 1] = high;
      if (high - low > boxes[node * 6 + 2 * widest + 1] - boxes[node * 6 + 2 * widest]) {
        widest = axis;
      }
    }
    return widest;
  }

  /// Selection: what stands before `wanted` is no larger than what stands after it. As Floyd and Rivest (1975) have it, a sample of
  /// many is selected from first, so that what is wanted stands between two pivots close to it; few are left to Hoare.
  private void select(double[] values, int from, int to, int wanted) {
    int low = from;
    int high = to;
    while (low < high) {
      double pivot = high - low > MOST_UNSAMPLED
          ? ofSample(values, low, high, wanted)
          : median(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  /// What stands at `wanted` after selecting from a sample around it: a little beyond what is wanted, on the side of the middle.
  private double ofSample(double[] values, int low, int high, int wanted) {
    double count = high - low + 1;
    double share = (wanted - low + 1) / count;
    double sample = 0.5 * StrictMath.cbrt(count * count);
    double spread = Math.sqrt(sample * share * (1 - share) * StrictMath.log(count));
    double shift = share < 0.5 ? -spread : spread;
    int first = (int) Math.max(low, wanted - share * sample + shift);
    int last = (int) Math.min(high, wanted + (1 - share) * sample + shift);
    select(values, first, last, wanted);
    return values[wanted];
  }

  private static double median(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private void swap(int i, int j) {
    int place = order[i];
    order[i] = order[j];
    order[j] = place;
    for (double[] values : planes) {
      double value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }
}
