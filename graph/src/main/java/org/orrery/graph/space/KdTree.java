package org.orrery.graph.space;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The k nearest of each point, by a balanced tree of boxes. Boxes stand in the coordinates of [Space#planes], where a
/// period is a matter of one axis, so that how near a box can be is known in every space.
final class KdTree implements Search {
  private static final int LEAF = 12;
  private static final int BLOCK = 2048;
  /// More than the rounding of a coordinate across lattice planes, as a part of the period.
  private static final double ROUNDING = 1e-12;

  private final Space space;
  private final boolean rectangular;
  private final int first;
  private final int count;
  private final int k;
  private final Itself itself;
  private final int leaves;
  private final double[] periods;
  private final double[] halves;
  /// What a distance across lattice planes may be wrong by.
  private final double[] rounding;
  /// Point by point in tree order: its place in the set.
  private final int[] order;
  private final double[][] planes;
  private final double[][] axes;
  /// The corners of the box of each node, low and high along each axis.
  private final double[] boxes;

  KdTree(Space space, double[] positions, int first, int count, int k, Itself itself) {
    this.space = space;
    this.rectangular = space instanceof Rectangular;
    this.first = first;
    this.count = count;
    this.k = k;
    this.itself = itself;
    periods = space.threePlanePeriods();
    halves = Arrays.stream(periods).map(period -> period / 2).toArray();
    rounding = Arrays.stream(periods).map(period -> Double.isInfinite(period) ? 0 : ROUNDING * period).toArray();
    int leafCount = 1;
    while ((long) leafCount * LEAF < count) {
      leafCount *= 2;
    }
    leaves = leafCount;
    boxes = new double[(2 * leaves - 1) * 6];
    order = IntStream.range(0, count).toArray();
    double[][] unsorted = space.planes(positions, first, count);
    build(unsorted, 0, 0, count);
    planes = sorted(unsorted);
    axes = rectangular ? planes : sorted(space.axes(positions, first, count));
  }

  private double[][] sorted(double[][] values) {
    double[][] sorted = new double[3][count];
    for (int axis = 0; axis < 3; axis++) {
      for (int p = 0; p < count; p++) {
        sorted[axis][p] = values[axis][order[p]];
      }
    }
    return sorted;
  }

  // ---- building ----

  /// Node i has the children 2 i + 1 and 2 i + 2, which share its points evenly.
  private void build(double[][] values, int node, int from, int to) {
    int widest = 0;
    for (int axis = 0; axis < 3; axis++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int p = from; p < to; p++) {
        low = Math.min(low, values[axis][order[p]]);
        high = Math.max(high, values[axis][order[p]]);
      }
      boxes[node * 6 + 2 * axis] = low;
      boxes[node * 6 + 2 * axis + 1] = high;
      if (high - low > boxes[node * 6 + 2 * widest + 1] - boxes[node * 6 + 2 * widest]) {
        widest = axis;
      }
    }
    if (node < leaves - 1) {
      int middle = (from + to) >>> 1;
      select(values[widest], from, to - 1, middle);
      build(values, 2 * node + 1, from, middle);
      build(values, 2 * node + 2, middle, to);
    }
  }

  /// Hoare's selection: what stands before `wanted` is no larger than what stands after it.
  private void select(double[] values, int from, int to, int wanted) {
    int low = from;
    int high = to;
    while (low < high) {
      double pivot = median(values[order[low]], values[order[(low + high) >>> 1]], values[order[high]]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[order[i]] < pivot) {
          i++;
        }
        while (values[order[j]] > pivot) {
          j--;
        }
        if (i <= j) {
          int swap = order[i];
          order[i++] = order[j];
          order[j--] = swap;
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

  private static double median(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  // ---- searching ----

  @Override
  public int[] counts() {
    int[] counts = new int[count];
    Arrays.fill(counts, k);
    return counts;
  }

  @Override
  public void fill(int[] rowStart, int[] senders, double[] displacements) {
    IntStream.range(0, (count + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
      Query query = new Query();
      for (int p = block * BLOCK; p < Math.min(count, (block + 1) * BLOCK); p++) {
        query.run(p);
        query.write(rowStart[order[p]], senders, displacements);
      }
    });
  }

  /// The k best so far of one point: a heap whose top is the worst.
  private final class Query {
    private final double[] squares = new double[k];
    private final int[] places = new int[k];
    private final double[] d = new double[3];
    private final double[] at = new double[3];
    private int size;
    private int point;

    void run(int p) {
      point = p;
      size = 0;
      for (int axis = 0; axis < 3; axis++) {
        at[axis] = planes[axis][p];
      }
      visit(0, 0, count);
    }

    private void visit(int node, int from, int to) {
      if (node >= leaves - 1) {
        scan(from, to);
        return;
      }
      int middle = (from + to) >>> 1;
      double left = nearest(2 * node + 1);
      double right = nearest(2 * node + 2);
      if (left <= right) {
        visitIfNear(2 * node + 1, from, middle, left);
        visitIfNear(2 * node + 2, middle, to, right);
      } else {
        visitIfNear(2 * node + 2, middle, to, right);
        visitIfNear(2 * node + 1, from, middle, left);
      }
    }

    private void scan(int from, int to) {
      for (int q = from; q < to; q++) {
        displacement(q);
        double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if ((size < k || square <= squares[0]) && (q != point || itself == Itself.INCLUDED)) {
          offer(square, q);
        }
      }
    }

    /// A box as far as the worst may hold a point of lower index.
    private void visitIfNear(int node, int from, int to, double square) {
      if (from < to && (size < k || square <= squares[0])) {
        visit(node, from, to);
      }
    }

    /// No image of a point in the box of the node is nearer than the root of this.
    private double nearest(int node) {
      int box = node * 6;
      double x = apart(boxes[box] - at[0], boxes[box + 1] - at[0], periods[0]);
      double y = apart(boxes[box + 2] - at[1], boxes[box + 3] - at[1], periods[1]);
      double z = apart(boxes[box + 4] - at[2], boxes[box + 5] - at[2], periods[2]);
      if (rectangular) {
        return x * x + y * y + z * z;
      }
      double largest = Math.max(0,
          Math.max(Math.max(x - rounding[0], y - rounding[1]), z - rounding[2]));
      return largest * largest * (1 - ROUNDING);
    }

    /// The least distance from 0 to an image of what lies between `low` and `high`.
    private static double apart(double low, double high, double period) {
      double toLow = Math.abs(low);
      double toHigh = Math.abs(high);
      double nearer = Math.min(Math.min(toLow, toHigh), period - Math.max(toLow, toHigh));
      return low <= 0 && high >= 0 ? 0 : nearer;
    }

    private void displacement(int q) {
      d[0] = axes[0][q] - axes[0][point];
      d[1] = axes[1][q] - axes[1][point];
      d[2] = axes[2][q] - axes[2][point];
      if (rectangular) {
        d[0] = Rectangular.shortest(d[0], periods[0], halves[0]);
        d[1] = Rectangular.shortest(d[1], periods[1], halves[1]);
        d[2] = Rectangular.shortest(d[2], periods[2], halves[2]);
      } else {
        space.shorten(d);
      }
    }

    private void offer(double square, int place) {
      if (size < k) {
        rise(size++, square, place);
      } else if (square < squares[0] || (square == squares[0] && order[place] < order[places[0]])) {
        sink(k, square, place);
      }
    }

    private boolean isWorse(int entry, double square, int place) {
      return squares[entry] > square || (squares[entry] == square && order[places[entry]] > order[place]);
    }

    private void rise(int at, double square, int place) {
      int hole = at;
      while (hole > 0 && !isWorse((hole - 1) / 2, square, place)) {
        put(hole, squares[(hole - 1) / 2], places[(hole - 1) / 2]);
        hole = (hole - 1) / 2;
      }
      put(hole, square, place);
    }

    /// Replaces the top of a heap of `entries`.
    private void sink(int entries, double square, int place) {
      int hole = 0;
      while (2 * hole + 1 < entries) {
        int child = 2 * hole + 1;
        if (child + 1 < entries && isWorse(child + 1, squares[child], places[child])) {
          child++;
        }
        if (!isWorse(child, square, place)) {
          break;
        }
        put(hole, squares[child], places[child]);
        hole = child;
      }
      put(hole, square, place);
    }

    private void put(int at, double square, int place) {
      squares[at] = square;
      places[at] = place;
    }

    /// Takes the worst off until none is left, and so writes from the end.
    void write(int edge, int[] senders, double[] displacements) {
      int dimensions = space.dimensions();
      for (int entries = k; entries > 0; entries--) {
        int q = places[0];
        int e = edge + entries - 1;
        senders[e] = first + order[q];
        displacement(q);
        System.arraycopy(d, 0, displacements, e * dimensions, dimensions);
        if (entries > 1) {
          sink(entries - 1, squares[entries - 1], places[entries - 1]);
        }
      }
    }
  }
}
