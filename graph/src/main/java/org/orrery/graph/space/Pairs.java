package org.orrery.graph.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.tensor.Indices;
import org.orrery.tensor.cpu.Parallel;

/// Every pair of points within a radius once: half the edges of a radius graph, for counting and for building.
///
/// The search is exact, as in [NeighborList], and what it gives does not depend on the number of threads. Pairs can be
/// folded as they are found, so that more of them can be counted than memory holds.
public final class Pairs {
  /// About so many points are searched in one go.
  private static final int BLOCK = 2048;

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
  /// @throws ArithmeticException where there are more pairs than arrays hold
  public static Pairs within(Space space, double[] positions, double radius) {
    Search search = new Search(space, positions, radius);
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
    Search search = new Search(space, positions, radius);
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

  /// Told of each pair by places in cell order.
  private interface Visitor {
    void pair(int p, int q, double square);
  }

  /// Points in cell order. Of the cells around a point only candidates behind it are looked at, so that each pair is met
  /// once, however few cells a periodic box has.
  private static final class Search {
    private final Space space;
    private final CellGrid grid;
    private final double[] xs;
    private final double[] ys;
    private final double[] zs;
    private final double[] periods;
    private final double[] halves;
    private final double limit;
    private final int[] cuts;

    Search(Space space, double[] positions, double radius) {
      this.space = space;
      NeighborList.requireRadius("pairs", radius);
      if (radius > space.largestRadius()) {
        throw new IllegalArgumentException(
            "pairs: radius " + radius + " in the box " + space.box() + ", where two points "
                + "would be near in several images; at most half the shortest period, " + space.largestRadius()
                + ", is required");
      }
      space.requireInBox("pairs", positions);
      int count = positions.length / space.dimensions();
      limit = NeighborList.largestSquare(radius);
      grid = new CellGrid(space.planes(positions, 0, count), space.planePeriods(), radius);
      double[][] sorted = new double[3][count];
      int dimensions = space.dimensions();
      Parallel.current().forChunks(count, BLOCK, (from, to) -> {
        for (int p = from; p < to; p++) {
          int at = grid.order[p] * dimensions;
          for (int axis = 0; axis < dimensions; axis++) {
            sorted[axis][p] = positions[at + axis];
          }
        }
      });
      xs = sorted[0];
      ys = sorted[1];
      zs = sorted[2];
      periods = space.threePlanePeriods();
      halves = Arrays.stream(periods).map(period -> period / 2).toArray();
      cuts = cuts();
    }

    private int[] cuts() {
      List<Integer> list = new ArrayList<>(List.of(0));
      for (int cell = 1; cell < grid.cells(); cell++) {
        if (grid.starts[cell] - grid.starts[list.getLast()] >= BLOCK) {
          list.add(cell);
        }
      }
      list.add(grid.cells());
      return list.stream().mapToInt(Integer::intValue).toArray();
    }

    int blocks() {
      return cuts.length - 1;
    }

    int index(int place) {
      return grid.order[place];
    }

    void visit(int block, Visitor visitor) {
      int[] runs = new int[36];
      double[] d = new double[3];
      for (int cell = cuts[block]; cell < cuts[block + 1]; cell++) {
        if (grid.starts[cell] == grid.starts[cell + 1]) {
          continue;
        }
        int ends = grid.runsAround(cell, runs);
        for (int p = grid.starts[cell]; p < grid.starts[cell + 1]; p++) {
          for (int run = 0; run < ends; run += 2) {
            for (int q = Math.max(runs[run], p + 1); q < runs[run + 1]; q++) {
              double square = square(p, q, d);
              if (square <= limit) {
                visitor.pair(p, q, square);
              }
            }
          }
        }
      }
    }

    private double square(int p, int q, double[] d) {
      if (space instanceof Rectangular) {
        double dx = Rectangular.shortest(xs[q] - xs[p], periods[0], halves[0]);
        double dy = Rectangular.shortest(ys[q] - ys[p], periods[1], halves[1]);
        double dz = Rectangular.shortest(zs[q] - zs[p], periods[2], halves[2]);
        return dx * dx + dy * dy + dz * dz;
      }
      d[0] = xs[q] - xs[p];
      d[1] = ys[q] - ys[p];
      d[2] = zs[q] - zs[p];
      space.shorten(d);
      return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    }

    /// The pairs of a block, lower and higher index in turn.
    int[] collect(int block) {
      int[] all = new int[1 << 14];
      int size = 0;
      int[] runs = new int[36];
      double[] d = new double[3];
      boolean rectangular = space instanceof Rectangular;
      for (int cell = cuts[block]; cell < cuts[block + 1]; cell++) {
        int start = grid.starts[cell];
        int end = grid.starts[cell + 1];
        if (start == end) {
          continue;
        }
        int ends = grid.runsAround(cell, runs);
        boolean direct = rectangular && !grid.touchesPeriodicFace(cell);
        for (int p = start; p < end; p++) {
          for (int run = 0; run < ends; run += 2) {
            int from = Math.max(runs[run], p + 1);
            int to = runs[run + 1];
            if (from >= to) {
              continue;
            }
            long needed = size + 2L * (to - from);
            if (needed > all.length) {
              all = Arrays.copyOf(all, NeighborList.capacity(needed + needed / 2));
            }
            size = direct ? direct(p, from, to, all, size) : around(p, from, to, all, size, d);
          }
        }
      }
      return Arrays.copyOf(all, size);
    }

    /// Away from the faces the nearest image of what is near is the point itself. Every candidate is written and stays
    /// if it is near, without a branch.
    private int direct(int p, int from, int to, int[] all, int start) {
      double x = xs[p];
      double y = ys[p];
      double z = zs[p];
      int i = grid.order[p];
      int size = start;
      for (int q = from; q < to; q++) {
        double dx = xs[q] - x;
        double dy = ys[q] - y;
        double dz = zs[q] - z;
        int j = grid.order[q];
        all[size] = Math.min(i, j);
        all[size + 1] = Math.max(i, j);
        size += dx * dx + dy * dy + dz * dz <= limit ? 2 : 0;
      }
      return size;
    }

    private int around(int p, int from, int to, int[] all, int start, double[] d) {
      int i = grid.order[p];
      int size = start;
      for (int q = from; q < to; q++) {
        int j = grid.order[q];
        all[size] = Math.min(i, j);
        all[size + 1] = Math.max(i, j);
        size += square(p, q, d) <= limit ? 2 : 0;
      }
      return size;
    }
  }
}
