package org.orrery.graph.space;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.graph.EdgeMemory;
import org.orrery.tensor.Indices;
import org.orrery.tensor.cpu.Parallel;

/// Every pair of points within a radius once: half the edges of a radius graph, for counting and for building.
///
/// The search is exact, as in [NeighborList], and what it gives does not depend on the number of threads. Pairs can be
/// folded as they are found, so that more of them can be counted than memory holds.
public final class Pairs {
  private final Indices first;
  private final Indices second;

  private Pairs(Indices first, Indices second) {
    this.first = first;
    this.second = second;
  }

  /// What is made of the pairs of one block of space; the results of all blocks are joined by the caller.
  ///
  /// @param <R> what it adds up in
  public interface Fold<R> {
    /// Something to add to, for one block.
    R start();

    /// One pair, first < second.
    ///
    /// @param square of the distance between the nearest images
    void pair(R sum, int first, int second, double square);
  }

  /// All pairs within the radius.
  ///
  /// @throws IllegalArgumentException as [NeighborList#within(Space, double[], double)] says, or where the radius is above
  ///   [Space#largestRadius()]
  /// @throws ArithmeticException where there are more pairs than memory holds, which is known before they are made
  public static Pairs within(Space space, double[] positions, double radius) {
    PairSearch search = PairSearch.of(space, positions, radius);
    if (search.most() > EdgeMemory.most()) {
      EdgeMemory.require("pairs", "pairs", (double) search.count(),
          "a smaller radius needs less, and Pairs.fold keeps none");
    }
    int[][] found = new int[search.blocks()][];
    Parallel.current().forEach(found.length, b -> found[b] = search.collect(b));
    int[] starts = new int[found.length + 1];
    long total = 0;
    for (int b = 0; b < found.length; b++) {
      total += found[b].length / 2;
      starts[b + 1] = NeighborList.capacity(total);
    }
    int[] first = new int[(int) total];
    int[] second = new int[(int) total];
    Parallel.current().forEach(found.length, b -> {
      int[] own = found[b];
      for (int at = starts[b], i = 0; i < own.length; at++, i += 2) {
        first[at] = own[i];
        second[at] = own[i + 1];
      }
      found[b] = new int[0];
    });
    return new Pairs(Indices.wrap(first), Indices.wrap(second));
  }

  /// Adds up something over all pairs within the radius without keeping them: one result a block, in an order that
  /// depends on the points alone.
  ///
  /// @throws IllegalArgumentException as [NeighborList#within(Space, double[], double)] says
  public static <R> List<R> fold(Space space, double[] positions, double radius, Fold<R> fold) {
    PairSearch search = PairSearch.of(space, positions, radius);
    List<R> sums = IntStream.range(0, search.blocks()).mapToObj(b -> fold.start()).toList();
    Parallel.current().forEach(search.blocks(), b -> search.visit(b, (p, q, square) -> {
      int i = search.index(p);
      int j = search.index(q);
      fold.pair(sums.get(b), Math.min(i, j), Math.max(i, j), square);
    }));
    return sums;
  }

  /// How many pairs are `edges[b]` up to, not including, `edges[b + 1]` apart, DD in the language of correlation
  /// functions; each pair counts once.
  ///
  /// @param edges of the bins, ascending, the last at most [Space#largestRadius()]
  /// @throws IllegalArgumentException where there are not two edges, they do not ascend from 0 or above, or as
  ///   [NeighborList#within(Space, double[], double)] says
  public static long[] histogram(Space space, double[] positions, double... edges) {
    double[] squares = new double[edges.length];
    for (int b = 0; b < edges.length; b++) {
      if (!(edges[b] >= 0) || (b > 0 && !(edges[b] > edges[b - 1])) || edges.length < 2) {
        throw new IllegalArgumentException("pair counts: edges " + Arrays.toString(edges)
            + "; at least two, ascending from 0 or above, are required");
      }
      squares[b] = NeighborList.largestSquare(Math.nextDown(edges[b]));
    }
    return joined(edges.length - 1, fold(space, positions, edges[edges.length - 1], new Fold<long[]>() {
      @Override
      public long[] start() {
        return new long[edges.length - 1];
      }

      @Override
      public void pair(long[] sum, int i, int j, double square) {
        int bin = edges.length - 1;
        while (bin >= 0 && (edges[bin] == 0 ? square < 0 : square <= squares[bin])) {
          bin--;
        }
        if (bin >= 0 && bin < sum.length) {
          sum[bin]++;
        }
      }
    }));
  }

  /// The sum of counts over all blocks.
  ///
  /// @throws IllegalArgumentException where one has another length
  public static long[] joined(int bins, List<long[]> counts) {
    long[] all = new long[bins];
    for (long[] each : counts) {
      if (each.length != bins) {
        throw new IllegalArgumentException("pair counts: " + each.length + " bins; " + bins + " are required");
      }
      Arrays.setAll(all, b -> all[b] + each[b]);
    }
    return all;
  }

  /// The lower index of each pair.
  public Indices first() {
    return first;
  }

  /// The higher index of each pair.
  public Indices second() {
    return second;
  }

  /// How many pairs.
  public int count() {
    return first.size();
  }

  @Override
  public String toString() {
    return "Pairs[" + count() + "]";
  }
}
