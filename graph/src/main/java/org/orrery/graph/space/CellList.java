package org.orrery.graph.space;

import java.util.Arrays;
import org.orrery.tensor.cpu.Parallel;

/// All neighbors within a radius, by a cell list. Points are copied in cell order, so that candidates lie side by side;
/// blocks of cells are searched independently, and what is found does not depend on which thread finds it.
final class CellList implements Search {
  /// About so many points are searched in one go.
  private static final int BLOCK = 4096;

  private final Space space;
  private final CellGrid grid;
  private final int first;
  private final double[] xs;
  private final double[] ys;
  private final double[] zs;
  private final boolean rectangular;
  private final double[] periods;
  private final double[] halves;
  private final double limit;
  private final Itself itself;
  /// The first cell of each block, and the number of cells.
  private final int[] blocks;
  /// Block by block, the neighbors of its points, as places in cell order.
  private final int[][] found;
  /// How many neighbors each point has, in cell order.
  private final int[] sizes;

  /// @param grid of the points, for the radius
  /// @param limit the largest square of a distance within the radius
  CellList(PointSets points, int set, CellGrid grid, double limit, Itself itself) {
    space = points.space();
    first = points.firstSender(set);
    int count = points.senderCount(set);
    double[] positions = points.senders();
    this.limit = limit;
    this.itself = itself;
    this.grid = grid;
    double[][] axes = space.axes(positions, first, count);
    xs = sorted(axes[0]);
    ys = sorted(axes[1]);
    zs = sorted(axes[2]);
    rectangular = space instanceof Rectangular;
    periods = space.threePlanePeriods();
    halves = Arrays.stream(periods).map(period -> period / 2).toArray();
    sizes = new int[count];
    blocks = blocks();
    found = new int[blocks.length - 1][];
    Parallel.current().forEach(found.length, b -> found[b] = search(blocks[b], blocks[b + 1]));
  }

  private double[] sorted(double[] values) {
    double[] sorted = new double[values.length];
    Arrays.setAll(sorted, p -> values[grid.order[p]]);
    return sorted;
  }

  private int[] blocks() {
    int[] cuts = new int[Math.max(2, 2 + sizes.length / BLOCK)];
    int count = 1;
    for (int cell = 0; cell < grid.cells(); cell++) {
      if (grid.starts[cell] - grid.starts[cuts[count - 1]] >= BLOCK) {
        cuts[count++] = cell;
      }
    }
    cuts[count++] = grid.cells();
    return Arrays.copyOf(cuts, count);
  }

  private int[] search(int fromCell, int toCell) {
    int[] all = new int[1024];
    int size = 0;
    int[] runs = new int[36];
    double[] scratch = new double[3];
    for (int cell = fromCell; cell < toCell; cell++) {
      if (grid.starts[cell] == grid.starts[cell + 1]) {
        continue;
      }
      int ends = grid.runsAround(cell, runs);
      long candidates = 1;
      for (int run = 0; run < ends; run += 2) {
        candidates += runs[run + 1] - runs[run];
      }
      boolean wraps = grid.touchesPeriodicFace(cell);
      for (int p = grid.starts[cell]; p < grid.starts[cell + 1]; p++) {
        if (all.length - size < candidates) {
          all = Arrays.copyOf(all, NeighborList.grown(size + candidates));
        }
        int before = size;
        for (int run = 0; run < ends; run += 2) {
          if (itself == Itself.EXCLUDED && runs[run] <= p && p < runs[run + 1]) {
            size = near(p, runs[run], p, wraps, all, size, scratch);
            size = near(p, p + 1, runs[run + 1], wraps, all, size, scratch);
          } else {
            size = near(p, runs[run], runs[run + 1], wraps, all, size, scratch);
          }
        }
        sizes[p] = size - before;
      }
    }
    return Arrays.copyOf(all, size);
  }

  private int near(int p, int from, int to, boolean wraps, int[] all, int size, double[] scratch) {
    if (!rectangular) {
      return shortened(p, from, to, all, size, scratch);
    }
    return wraps ? wrapped(p, from, to, all, size) : direct(p, from, to, all, size);
  }

  /// Away from the faces the nearest image of what is near is the point itself. Every candidate is written and stays if
  /// it is near, without a branch.
  private int direct(int p, int from, int to, int[] all, int start) {
    double x = xs[p];
    double y = ys[p];
    double z = zs[p];
    int size = start;
    for (int q = from; q < to; q++) {
      double dx = xs[q] - x;
      double dy = ys[q] - y;
      double dz = zs[q] - z;
      all[size] = q;
      size += dx * dx + dy * dy + dz * dz <= limit ? 1 : 0;
    }
    return size;
  }

  private int wrapped(int p, int from, int to, int[] all, int start) {
    int size = start;
    for (int q = from; q < to; q++) {
      double dx = Rectangular.shortest(xs[q] - xs[p], periods[0], halves[0]);
      double dy = Rectangular.shortest(ys[q] - ys[p], periods[1], halves[1]);
      double dz = Rectangular.shortest(zs[q] - zs[p], periods[2], halves[2]);
      all[size] = q;
      size += dx * dx + dy * dy + dz * dz <= limit ? 1 : 0;
    }
    return size;
  }

  private int shortened(int p, int from, int to, int[] all, int start, double[] d) {
    int size = start;
    for (int q = from; q < to; q++) {
      d[0] = xs[q] - xs[p];
      d[1] = ys[q] - ys[p];
      d[2] = zs[q] - zs[p];
      space.shorten(d);
      all[size] = q;
      size += d[0] * d[0] + d[1] * d[1] + d[2] * d[2] <= limit ? 1 : 0;
    }
    return size;
  }

  @Override
  public int[] counts() {
    int[] counts = new int[sizes.length];
    for (int p = 0; p < sizes.length; p++) {
      counts[grid.order[p]] = sizes[p];
    }
    return counts;
  }

  @Override
  public void fill(int[] rowStart, int[] senders, int[] shifts) {
    Parallel.current().forEach(found.length, b -> fill(b, rowStart, senders));
  }

  private void fill(int block, int[] rowStart, int[] senders) {
    int[] neighbors = found[block];
    int at = 0;
    for (int p = grid.starts[blocks[block]]; p < grid.starts[blocks[block + 1]]; p++) {
      int edge = rowStart[grid.order[p]];
      for (int i = 0; i < sizes[p]; i++) {
        senders[edge + i] = first + grid.order[neighbors[at + i]];
      }
      Arrays.sort(senders, edge, edge + sizes[p]);
      at += sizes[p];
    }
  }
}
