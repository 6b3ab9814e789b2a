package org.orrery.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Tensor;

/// Which rows of tensors belong together before and after points were moved: nodes by the permutation, edges by their
/// endpoints.
final class RowMatch {
  private final int graphs;
  private final Pairs nodes;
  private final int[] edgesBefore;
  private final int[] edgesAfter;
  private final List<Pairs> edges = new ArrayList<>();
  private final double unmatched;

  /// Row `before[k]` was what row `after[k]` is. Where `tied[k]`, it may be that of k - 1 as well.
  private static final class Pairs {
    private final int[] before;
    private final int[] after;
    private final boolean[] tied;

    private Pairs(int[] before, int[] after, boolean[] tied) {
      this.before = before;
      this.after = after;
      this.tied = tied;
    }
  }

  /// @param order which node of before each node of after was
  RowMatch(Graph before, Graph after, int[] order) {
    graphs = before.graphCount();
    nodes = new Pairs(order, range(order.length), new boolean[order.length]);
    Sparse old = before.adjacency().sparse();
    Sparse now = after.adjacency().sparse();
    long[] oldEnds = ends(old, range(order.length));
    long[] nowEnds = ends(now, order);
    edgesBefore = sorted(oldEnds);
    edgesAfter = sorted(nowEnds);
    unmatched = unmatched(oldEnds, nowEnds);
    if (unmatched == 0) {
      boolean[] tied = new boolean[edgesBefore.length];
      for (int k = 1; k < tied.length; k++) {
        tied[k] = oldEnds[edgesBefore[k]] == oldEnds[edgesBefore[k - 1]];
      }
      edges.add(new Pairs(edgesBefore, edgesAfter, tied));
      edges.add(new Pairs(places(old, edgesBefore), places(now, edgesAfter), tied));
    }
  }

  /// The share of edges without a partner.
  double unmatched() {
    return unmatched;
  }

  /// The largest difference over the largest number, of rows that belong together. Rows that are neither nodes nor edges nor
  /// graphs are compared column by column as sets.
  double error(Tensor before, Tensor after) {
    if (!before.shape().equals(after.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    int rows = before.rank() == 0 ? 1 : before.shape().size(0);
    double least = Double.POSITIVE_INFINITY;
    for (Pairs pairs : candidates(rows)) {
      least = Math.min(least, error(before.toDoubles(), after.toDoubles(), rows, pairs));
    }
    return least;
  }

  private List<Pairs> candidates(int rows) {
    List<Pairs> found = new ArrayList<>();
    if (rows == nodes.before.length) {
      found.add(nodes);
    }
    if (rows == edgesBefore.length) {
      found.addAll(edges);
    }
    if (rows == graphs) {
      found.add(new Pairs(range(rows), range(rows), new boolean[rows]));
    }
    int withLoops = edgesBefore.length + nodes.before.length; // loops stand behind the edges
    if (found.isEmpty() && rows == withLoops) {
      edges.forEach(pairs -> found.add(joined(pairs, nodes)));
    }
    if (found.isEmpty() && rows != edgesBefore.length) {
      boolean[] tied = new boolean[rows];
      Arrays.fill(tied, true);
      found.add(new Pairs(range(rows), range(rows), tied));
    }
    return found;
  }

  private static Pairs joined(Pairs first, Pairs second) {
    int from = first.before.length;
    boolean[] tied = Arrays.copyOf(first.tied, from + second.tied.length);
    return new Pairs(joined(first.before, second.before), joined(first.after, second.after), tied);
  }

  private static int[] joined(int[] first, int[] second) {
    return IntStream.concat(Arrays.stream(first), Arrays.stream(second).map(i -> i + first.length)).toArray();
  }

  private static double error(double[] before, double[] after, int rows, Pairs pairs) {
    if (before.length == 0) {
      return 0;
    }
    int width = before.length / rows;
    double worst = 0;
    for (int from = 0; from < rows;) {
      int to = from + 1;
      while (to < rows && pairs.tied[to]) {
        to++;
      }
      double[] a = new double[to - from];
      double[] b = new double[to - from];
      for (int column = 0; column < width; column++) {
        for (int k = from; k < to; k++) {
          a[k - from] = before[pairs.before[k] * width + column];
          b[k - from] = after[pairs.after[k] * width + column];
        }
        Arrays.sort(a);
        Arrays.sort(b);
        for (int k = 0; k < a.length; k++) {
          double apart = Math.abs(a[k] - b[k]);
          worst = Math.max(worst, Double.isNaN(apart) && Double.compare(a[k], b[k]) != 0
              ? Double.POSITIVE_INFINITY
              : apart > 0 ? apart : 0);
        }
      }
      from = to;
    }
    return worst == 0 ? 0 : relative(worst, Math.max(largest(before), largest(after)));
  }

  private static double relative(double worst, double scale) {
    return Double.isFinite(worst) && Double.isFinite(scale) ? worst / scale : Double.POSITIVE_INFINITY;
  }

  static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static int[] range(int count) {
    return IntStream.range(0, count).toArray();
  }

  /// Receiver and sender of each edge in one number, as the nodes were counted before.
  private static long[] ends(Sparse edges, int[] order) {
    long[] ends = new long[edges.edges()];
    for (int e = 0; e < ends.length; e++) {
      ends[e] = (long) order[edges.receiverOf().at(e)] << 32 | order[edges.senderOf().at(e)];
    }
    return ends;
  }

  /// The edges in the order of their ends.
  private static int[] sorted(long[] ends) {
    return IntStream.range(0, ends.length).boxed().sorted(Comparator.comparingLong(e -> ends[e]))
        .mapToInt(Integer::intValue).toArray();
  }

  private static double unmatched(long[] before, long[] after) {
    long[] a = before.clone();
    long[] b = after.clone();
    Arrays.sort(a);
    Arrays.sort(b);
    int common = 0;
    for (int i = 0, k = 0; i < a.length && k < b.length;) {
      if (a[i] == b[k]) {
        common++;
        i++;
        k++;
      } else if (a[i] < b[k]) {
        i++;
      } else {
        k++;
      }
    }
    int most = Math.max(a.length, b.length);
    return most == 0 ? 0 : (double) (most - common) / most;
  }

  /// Where edges stand once they are sorted by receiver, as layers do that need them so.
  private static int[] places(Sparse edges, int[] which) {
    int[] byReceiver = IntStream.range(0, edges.edges()).boxed()
        .sorted(Comparator.comparingInt(e -> edges.receiverOf().at(e))).mapToInt(Integer::intValue).toArray();
    int[] place = new int[byReceiver.length];
    for (int k = 0; k < place.length; k++) {
      place[byReceiver[k]] = k;
    }
    return Arrays.stream(which).map(e -> place[e]).toArray();
  }
}
