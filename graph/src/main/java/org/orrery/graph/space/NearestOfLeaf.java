package org.orrery.graph.space;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The k nearest of the receivers of one leaf of a [KdTree] at a time, for one thread. Points of a leaf have nearly the same
/// neighbors, so [NearbyLeaves] are asked once for all of them: the leaves within some radius of the leaf are copied side by
/// side, and a point that has k others within that radius is done, for nobody outside is nearer. The radius starts from
/// how densely the points around the leaf stand and grows until all are done.
final class NearestOfLeaf {
  /// Above so many, the k nearest are selected before they are sorted.
  private static final int MOST_SORTED = 96;
  /// How many of them are compared with all others in one loop; divides the number above.
  private static final int RANKED_AT_ONCE = 8;
  /// How much further than where k are expected the first radius reaches, and how much further each next one does.
  private static final double MARGIN = 1.18;
  private static final double GROWTH = 1.4;
  /// How much further at most. Where points stand so unevenly, the radius may have to become many times as large; where it
  /// has become too large, it is halved.
  private static final double MOST_GROWTH = 16;
  private static final int MOST_HALVINGS = 64;
  /// A node that is thinner than this part of its longest side is a plane, or a line.
  private static final double THIN = 1e-3;
  /// The tree is walked for nodes of at least so many points at once.
  private static final int SHARED = 256;

  private final KdTree tree;
  private final KdTree queries;
  private final int k;
  private final boolean othersOnly;
  private final int[] rowStart;
  private final int[] senders;
  private final double[] periods;
  /// How many points tell how densely they stand.
  private final int sample;
  private final double[] d = new double[3];
  private final NearbyLeaves nearby;
  private final Nearness nearness = Nearness.best();
  private final Places places = new Places();
  /// A radius with more candidates than this is worth a smaller one, unless that is known to be too small.
  private final int enough;
  private int candidates;
  private long compared;
  private int[] points = new int[0];
  private double[][] at = new double[3][Nearness.ROOM];
  private double[] found = new double[Nearness.ROOM];
  private double[] near = new double[Nearness.ROOM];
  private int[] who = new int[0];
  private final long[] bits = new long[MOST_SORTED];
  private final long[] ranks = new long[MOST_SORTED];
  private final int[] ranked = new int[MOST_SORTED];

  NearestOfLeaf(NearestSearch search, int[] rowStart, int[] senders) {
    tree = search.tree;
    queries = search.queries;
    k = search.k;
    othersOnly = search.othersOnly;
    this.rowStart = rowStart;
    this.senders = senders;
    nearby = new NearbyLeaves(tree, queries);
    periods = tree.space.threePlanePeriods();
    enough = (int) Math.min(Integer.MAX_VALUE, 27L * (k + 32));
    sample = Math.max(32, Math.min(tree.count, 2 * (Math.min(k, tree.count) + 1)));
  }

  /// How many candidates were compared with a receiver.
  long compared() {
    return compared;
  }

  /// All leaves below a node.
  ///
  /// @param radius to start from
  void below(int node, int from, int to, double radius) {
    double start = queries == tree && to - from >= sample ? expected(node, to - from) : radius;
    if (to - from >= SHARED) {
      nearby.below(node);
    }
    if (node >= queries.leaves - 1) {
      if (from < to) {
        leaf(node, from, to, queries == tree ? start : around(node));
      }
      return;
    }
    int middle = (from + to) >>> 1;
    below(2 * node + 1, from, middle, start);
    below(2 * node + 2, middle, to, start);
  }

  /// The same for receivers that are not the senders: from the smallest node of senders next to them that tells.
  private double around(int leaf) {
    int node = 0;
    int points = tree.count;
    while (points >= 2 * sample && node < tree.leaves - 1) {
      node = nearby.apart(2 * node + 1, leaf) <= nearby.apart(2 * node + 2, leaf) ? 2 * node + 1 : 2 * node + 2;
      points /= 2;
    }
    return Math.sqrt(nearby.apart(node, leaf)) + expected(node, points);
  }

  /// The radius within which k others are expected where points stand evenly in the box of a node.
  double expected(int node, int points) {
    double[] sides = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      sides[axis] = tree.boxes[node * 6 + 2 * axis + 1] - tree.boxes[node * 6 + 2 * axis];
    }
    double longest = Math.max(sides[0], Math.max(sides[1], sides[2]));
    double share = (k + 1.0) / points;
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
    double tooSmall = 0;
    double growth = GROWTH;
    while (done != (1 << (to - from)) - 1) {
      nearby.within(node, radius, places);
      for (int halving = 0; places.count() > enough && halving < MOST_HALVINGS && tooSmall < radius / 2; halving++) {
        radius = tooSmall > 0 ? Math.sqrt(tooSmall * radius) : radius / 2;
        nearby.within(node, radius, places);
      }
      double square = radius * radius;
      candidates = places.count();
      boolean all = candidates == tree.count;
      gather();
      boolean direct = tree.rectangular && queries.isInside(node, radius * (1 + NodeDistance.ROUNDING));
      for (int p = from; p < to; p++) {
        int bit = 1 << (p - from);
        if ((done & bit) == 0 && finished(p, direct, all ? Double.POSITIVE_INFINITY : square)) {
          done |= bit;
        }
      }
      tooSmall = radius;
      radius = radius == 0 ? Math.max(start(node), Double.MIN_NORMAL) : radius * growth;
      growth = Math.min(growth * growth, MOST_GROWTH);
    }
  }

  /// A first radius above 0: a part of the longest side of the smallest node around that has one.
  private double start(int node) {
    for (int around = node; around > 0; around = (around - 1) / 2) {
      for (int axis = 0; axis < 3; axis++) {
        double side = queries.boxes[around * 6 + 2 * axis + 1] - queries.boxes[around * 6 + 2 * axis];
        if (side > 0) {
          return side / queries.leaves;
        }
      }
    }
    return 1;
  }

  // ---- the candidates ----

  private void gather() {
    if (points.length < candidates) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 8L - Nearness.ROOM, 2L * candidates);
      points = new int[capacity];
      at = new double[3][capacity + Nearness.ROOM];
      found = new double[capacity + Nearness.ROOM];
      near = new double[capacity + Nearness.ROOM];
      who = new int[capacity];
    }
    int size = 0;
    for (int run = 0; run < places.runs(); run++) {
      int from = places.from(run);
      int length = places.to(run) - from;
      for (int axis = 0; axis < 3; axis++) {
        System.arraycopy(tree.axes[axis], from, at[axis], size, length);
      }
      System.arraycopy(tree.order, from, points, size, length);
      size += length;
    }
    Arrays.fill(at[0], size, size + Nearness.ROOM, Double.NaN); // near nobody
  }

  // ---- one point ----

  /// Writes the neighbors of a point if k of the candidates are within the radius.
  private boolean finished(int p, boolean direct, double square) {
    compared += candidates;
    double px = queries.axes[0][p];
    double py = queries.axes[1][p];
    double pz = queries.axes[2][p];
    int all;
    if (tree.rectangular) {
      all = nearness.within(square, at, candidates, px, py, pz, direct ? null : periods, near, found);
    } else {
      shorten(px, py, pz);
      all = PlainNearness.keep(square, candidates, near, found);
    }
    int size = named(all, queries.order[p]);
    if (size < k) {
      return false;
    }
    if (size > MOST_SORTED) {
      selectNearest(size);
      size = k;
    }
    sort(size);
    int edge = rowStart[queries.order[p]];
    for (int i = 0; i < k; i++) {
      senders[edge + i] = tree.first + who[i];
    }
    return true;
  }

  private void shorten(double px, double py, double pz) {
    for (int i = 0; i < candidates; i++) {
      d[0] = at[0][i] - px;
      d[1] = at[1][i] - py;
      d[2] = at[2][i] - pz;
      tree.space.shorten(d);
      near[i] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    }
  }

  /// Says who the points found are, and leaves out a point itself, unless it is included; how many are left.
  private int named(int all, int point) {
    int own = othersOnly ? point : -1;
    int size = 0;
    for (int i = 0; i < all; i++) {
      near[size] = near[i];
      who[size] = points[(int) found[i]];
      size += who[size] == own ? 0 : 1;
    }
    return size;
  }

  private boolean isBefore(double square, int q, double otherSquare, int other) {
    return square < otherSquare || (square == otherSquare && q < other);
  }

  private void sort(int size) {
    if (size > MOST_SORTED) {
      sortMany(size);
      return;
    }
    if (sortByRank(size)) {
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

  /// Sorts by rank, which is how many are nearer, counted for all at once without a branch; says false, with nothing
  /// done, where some are equally far. Numbers that are not negative compare as their bits do.
  private boolean sortByRank(int size) {
    int padded = (size + RANKED_AT_ONCE - 1) / RANKED_AT_ONCE * RANKED_AT_ONCE;
    for (int i = 0; i < size; i++) {
      bits[i] = Double.doubleToRawLongBits(near[i]);
    }
    Arrays.fill(bits, size, padded, Long.MAX_VALUE);
    Arrays.fill(ranks, 0, size, 0);
    for (int i = 0; i < size; i += RANKED_AT_ONCE) {
      countNearer(i, size);
    }
    Arrays.fill(ranked, 0, size, -1);
    for (int i = 0; i < size; i++) {
      ranked[(int) ranks[i]] = who[i];
    }
    for (int i = 0; i < size; i++) {
      if (ranked[i] < 0) {
        return false; // two had the same rank
      }
    }
    System.arraycopy(ranked, 0, who, 0, size);
    return true;
  }

  /// Adds to the rank of each how many of those from `first` on are nearer: the sign of the difference.
  private void countNearer(int first, int size) {
    long[] bits = this.bits;
    long[] ranks = this.ranks;
    long a = bits[first];
    long b = bits[first + 1];
    long c = bits[first + 2];
    long d = bits[first + 3];
    long e = bits[first + 4];
    long f = bits[first + 5];
    long g = bits[first + 6];
    long h = bits[first + 7];
    for (int i = 0; i < size; i++) {
      long own = bits[i];
      ranks[i] += oneIfLess(a, own) + oneIfLess(b, own) + oneIfLess(c, own) + oneIfLess(d, own) + oneIfLess(e, own)
          + oneIfLess(f, own) + oneIfLess(g, own) + oneIfLess(h, own);
    }
  }

  /// 1 if a < b, of numbers that are not negative; else 0.
  private static long oneIfLess(long a, long b) {
    return (a - b) >>> 63;
  }

  private void sortMany(int size) {
    double[] distances = Arrays.copyOf(near, size);
    int[] numbers = Arrays.copyOf(who, size);
    int[] sorted = IntStream.range(0, size).boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> distances[i]).thenComparingInt(i -> numbers[i]))
        .mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < size; i++) {
      who[i] = numbers[sorted[i]];
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
      if (k - 1 <= j) {
        high = j;
      } else if (k - 1 >= i) {
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
