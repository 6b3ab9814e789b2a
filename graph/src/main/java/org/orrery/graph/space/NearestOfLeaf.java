package org.orrery.graph.space;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The k nearest of the points of one leaf of a [KdTree] at a time, for one thread. Points of a leaf have nearly the same
/// neighbours, so the tree is walked once for all of them: the leaves within some radius of the leaf are copied side by
/// side, and a point that has k others within that radius is done, for nobody outside is nearer. The radius starts from
/// how densely the points around the leaf stand and grows until all are done.
final class NearestOfLeaf {
  /// More than the rounding of a coordinate across lattice planes, as a part of the period.
  private static final double ROUNDING = 1e-12;
  /// Above so many, the k nearest are selected before they are sorted.
  private static final int MOST_SORTED = 96;
  /// How much further than where k are expected the first radius reaches, and how much further each next one does.
  private static final double MARGIN = 1.13;
  private static final double GROWTH = 1.4;
  /// A node that is thinner than this part of its longest side is a plane, or a line.
  private static final double THIN = 1e-3;

  private final KdTree tree;
  private final int[] rowStart;
  private final int[] senders;
  private final boolean rectangular;
  private final double[] periods;
  private final double[] halves;
  /// How many points tell how densely they stand.
  private final int sample;
  private final double[] d = new double[3];
  private int[] runs = new int[64];
  private int runEnds;
  private int candidates;
  private int[] place = new int[0];
  private double[][] at = new double[3][0];
  private double[] squares = new double[0];
  private double[] near = new double[0];
  private int[] who = new int[0];

  NearestOfLeaf(KdTree tree, int[] rowStart, int[] senders) {
    this.tree = tree;
    this.rowStart = rowStart;
    this.senders = senders;
    rectangular = tree.space instanceof Rectangular;
    periods = tree.space.threePlanePeriods();
    halves = Arrays.stream(periods).map(period -> period / 2).toArray();
    sample = Math.max(32, Math.min(tree.count, 2 * (Math.min(tree.k, tree.count) + 1)));
  }

  /// All leaves below a node.
  ///
  /// @param radius to start from
  void below(int node, int from, int to, double radius) {
    double start = to - from >= sample ? expected(node, to - from) : radius;
    if (node >= tree.leaves - 1) {
      leaf(node, from, to, start);
      return;
    }
    int middle = (from + to) >>> 1;
    below(2 * node + 1, from, middle, start);
    below(2 * node + 2, middle, to, start);
  }

  /// The radius within which k others are expected where points stand evenly in the box of a node.
  double expected(int node, int points) {
    double[] sides = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      sides[axis] = tree.boxes[node * 6 + 2 * axis + 1] - tree.boxes[node * 6 + 2 * axis];
    }
    double longest = Math.max(sides[0], Math.max(sides[1], sides[2]));
    double share = (tree.k + 1.0) / points;
    int dimensions = 0;
    for (double side : sides) {
      if (side > THIN * longest) {
        share *= side;
        dimensions++;
      }
    }
    return MARGIN * switch (dimensions) {
      case 0 -> 0;
      case 1 -> share / 2;
      case 2 -> Math.sqrt(share / Math.PI);
      default -> Math.cbrt(share * 3 / (4 * Math.PI));
    };
  }

  private void leaf(int node, int from, int to, double start) {
    int done = 0;
    double radius = start;
    while (done != (1 << (to - from)) - 1) {
      double square = radius * radius;
      runEnds = 0;
      candidates = 0;
      collect(0, 0, tree.count, node * 6, square);
      boolean all = candidates == tree.count;
      gather();
      boolean direct = rectangular && isInside(node * 6, radius * (1 + ROUNDING));
      for (int p = from; p < to; p++) {
        int bit = 1 << (p - from);
        if ((done & bit) == 0 && finished(p, direct, all ? Double.POSITIVE_INFINITY : square)) {
          done |= bit;
        }
      }
      radius = radius == 0 ? Math.max(start(node), Double.MIN_NORMAL) : radius * GROWTH;
    }
  }

  /// A first radius above 0: a part of the longest side of the smallest node around that has one.
  private double start(int node) {
    for (int around = node; around > 0; around = (around - 1) / 2) {
      for (int axis = 0; axis < 3; axis++) {
        double side = tree.boxes[around * 6 + 2 * axis + 1] - tree.boxes[around * 6 + 2 * axis];
        if (side > 0) {
          return side / tree.leaves;
        }
      }
    }
    return 1;
  }

  // ---- the candidates ----

  private void collect(int node, int from, int to, int box, double square) {
    if (from == to || apart(node * 6, box) > square) {
      return;
    }
    if (node >= tree.leaves - 1) {
      add(from, to);
      return;
    }
    int middle = (from + to) >>> 1;
    collect(2 * node + 1, from, middle, box, square);
    collect(2 * node + 2, middle, to, box, square);
  }

  private void add(int from, int to) {
    candidates += to - from;
    if (runEnds > 0 && runs[runEnds - 1] == from) {
      runs[runEnds - 1] = to;
      return;
    }
    if (runEnds == runs.length) {
      runs = Arrays.copyOf(runs, 2 * runEnds);
    }
    runs[runEnds++] = from;
    runs[runEnds++] = to;
  }

  private void gather() {
    if (place.length < candidates) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * candidates);
      place = new int[capacity];
      at = new double[3][capacity];
      squares = new double[capacity];
      near = new double[capacity];
      who = new int[capacity];
    }
    int size = 0;
    for (int run = 0; run < runEnds; run += 2) {
      int length = runs[run + 1] - runs[run];
      for (int axis = 0; axis < 3; axis++) {
        System.arraycopy(tree.axes[axis], runs[run], at[axis], size, length);
      }
      for (int i = 0; i < length; i++) {
        place[size + i] = runs[run] + i;
      }
      size += length;
    }
  }

  /// No image of a point in one box is nearer to a point of the other than the root of this.
  private double apart(int box, int other) {
    double x = gap(0, box, other);
    double y = gap(1, box, other);
    double z = gap(2, box, other);
    if (rectangular) {
      return x * x + y * y + z * z;
    }
    double largest = Math.max(0, Math.max(Math.max(less(x, 0), less(y, 1)), less(z, 2)));
    return largest * largest * (1 - ROUNDING);
  }

  /// Less what a distance across lattice planes may be wrong by.
  private double less(double gap, int axis) {
    return Double.isInfinite(periods[axis]) ? gap : gap - ROUNDING * periods[axis];
  }

  private double gap(int axis, int box, int other) {
    double[] boxes = tree.boxes;
    double ahead = boxes[box + 2 * axis] - boxes[other + 2 * axis + 1];
    double behind = boxes[other + 2 * axis] - boxes[box + 2 * axis + 1];
    double direct = ahead > behind ? ahead : behind;
    if (direct <= 0) {
      return 0;
    }
    // the two furthest points of the boxes are the nearest across the period
    double across = periods[axis] + (ahead < behind ? ahead : behind);
    double nearer = direct < across ? direct : across;
    return nearer < 0 ? 0 : nearer;
  }

  /// Whether no point within the distance of the box lies beyond a face through which the space repeats.
  private boolean isInside(int box, double distance) {
    for (int axis = 0; axis < 3; axis++) {
      if (!Double.isInfinite(periods[axis]) && !(tree.boxes[box + 2 * axis] - distance > 0
          && tree.boxes[box + 2 * axis + 1] + distance < periods[axis])) {
        return false;
      }
    }
    return true;
  }

  // ---- one point ----

  /// Writes the neighbours of a point if k of the candidates are within the radius.
  private boolean finished(int p, boolean direct, double square) {
    if (direct) {
      measure(at, candidates, tree.axes[0][p], tree.axes[1][p], tree.axes[2][p], squares);
    } else {
      measureImages(p);
    }
    int size = within(p, square);
    if (size < tree.k) {
      return false;
    }
    if (size > MOST_SORTED) {
      selectNearest(size);
      size = tree.k;
    }
    sort(size);
    int edge = rowStart[tree.order[p]];
    for (int i = 0; i < tree.k; i++) {
      senders[edge + i] = tree.first + tree.order[who[i]];
    }
    return true;
  }

  /// Where the nearest image is the point itself.
  private static void measure(double[][] at, int count, double px, double py, double pz, double[] squares) {
    double[] xs = at[0];
    double[] ys = at[1];
    double[] zs = at[2];
    for (int i = 0; i < count; i++) {
      double x = xs[i] - px;
      double y = ys[i] - py;
      double z = zs[i] - pz;
      squares[i] = x * x + y * y + z * z;
    }
  }

  private void measureImages(int p) {
    for (int i = 0; i < candidates; i++) {
      displacement(p, place[i]);
      squares[i] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    }
  }

  private void displacement(int p, int q) {
    d[0] = tree.axes[0][q] - tree.axes[0][p];
    d[1] = tree.axes[1][q] - tree.axes[1][p];
    d[2] = tree.axes[2][q] - tree.axes[2][p];
    if (rectangular) {
      d[0] = Rectangular.shortest(d[0], periods[0], halves[0]);
      d[1] = Rectangular.shortest(d[1], periods[1], halves[1]);
      d[2] = Rectangular.shortest(d[2], periods[2], halves[2]);
    } else {
      tree.space.shorten(d);
    }
  }

  /// Keeps the candidates within the radius and says how many.
  private int within(int p, double square) {
    int found = Double.isInfinite(square) ? everyone() : nearer(squares, candidates, Math.nextUp(square), who);
    int own = tree.itself == Itself.INCLUDED ? -1 : p;
    int size = 0;
    for (int i = 0; i < found; i++) {
      int candidate = who[i];
      near[size] = squares[candidate];
      who[size] = place[candidate];
      size += place[candidate] == own ? 0 : 1;
    }
    return size;
  }

  private int everyone() {
    for (int i = 0; i < candidates; i++) {
      who[i] = i;
    }
    return candidates;
  }

  /// The indices of the numbers below the limit, without a branch: the sign of their difference says whether one stays.
  private static int nearer(double[] squares, int count, double limit, int[] who) {
    int size = 0;
    for (int i = 0; i < count; i++) {
      who[size] = i;
      size += (int) (Double.doubleToRawLongBits(squares[i] - limit) >>> 63);
    }
    return size;
  }

  private boolean isBefore(double square, int q, double otherSquare, int other) {
    return square < otherSquare || (square == otherSquare && tree.order[q] < tree.order[other]);
  }

  private void sort(int size) {
    if (size > MOST_SORTED) {
      sortMany(size);
      return;
    }
    for (int i = 1; i < size; i++) {
      double square = near[i];
      int q = who[i];
      int hole = i;
      while (hole > 0 && isBefore(square, q, near[hole - 1], who[hole - 1])) {
        near[hole] = near[hole - 1];
        who[hole] = who[hole - 1];
        hole--;
      }
      near[hole] = square;
      who[hole] = q;
    }
  }

  private void sortMany(int size) {
    double[] distances = Arrays.copyOf(near, size);
    int[] places = Arrays.copyOf(who, size);
    int[] sorted = IntStream.range(0, size).boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> distances[i]).thenComparingInt(i -> tree.order[places[i]]))
        .mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < size; i++) {
      who[i] = places[sorted[i]];
    }
  }

  /// Brings the k nearest to the front, in any order.
  private void selectNearest(int size) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      double square = near[(low + high) >>> 1];
      int q = who[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (isBefore(near[i], who[i], square, q)) {
          i++;
        }
        while (isBefore(square, q, near[j], who[j])) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      if (tree.k - 1 <= j) {
        high = j;
      } else if (tree.k - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private void swap(int i, int j) {
    double square = near[i];
    near[i] = near[j];
    near[j] = square;
    int q = who[i];
    who[i] = who[j];
    who[j] = q;
  }
}
