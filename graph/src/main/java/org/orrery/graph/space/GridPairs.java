package org.orrery.graph.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.tensor.cpu.Parallel;

/// Points in cell order. Of the cells around a point only candidates behind it are looked at, so that each pair is met
/// once, however few cells a periodic box has.
final class GridPairs implements PairSearch {
  /// About so many points are searched in one go.
  private static final int BLOCK = 2048;

  private final Space space;
  private final double[] positions;
  private final CellGrid grid;
  private final double[] xs;
  private final double[] ys;
  private final double[] zs;
  private final double[] periods;
  private final double[] halves;
  private final double limit;
  /// The first place of each block, and the number of points.
  private final int[] cuts;
  /// The cell of the first place of each block.
  private final int[] cells;

  /// @param grid of the points, for the radius
  /// @param limit the largest square of a distance within the radius
  GridPairs(Space space, double[] positions, CellGrid grid, double limit) {
    this.space = space;
    this.positions = positions;
    this.grid = grid;
    this.limit = limit;
    int count = positions.length / space.dimensions();
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
    List<Integer> places = new ArrayList<>(List.of(0));
    List<Integer> inCells = new ArrayList<>(List.of(0));
    for (int cell = 0; cell < grid.cells(); cell++) {
      for (int place = grid.starts[cell]; place < grid.starts[cell + 1]; place += BLOCK) { // a cell may hold many blocks
        if (place - places.getLast() >= BLOCK) {
          places.add(place);
          inCells.add(cell);
        }
      }
    }
    places.add(count);
    cuts = places.stream().mapToInt(Integer::intValue).toArray();
    cells = inCells.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int blocks() {
    return cuts.length - 1;
  }

  @Override
  public double most() {
    return grid.mostPairs() / 2;
  }

  @Override
  public long count() {
    KdTree tree = new KdTree(space, positions, 0, xs.length);
    return (WithinCount.between(tree, tree, limit) - tree.count) / 2;
  }

  @Override
  public int index(int place) {
    return grid.order[place];
  }

  @Override
  public void visit(int block, Visitor visitor) {
    int[] runs = new int[36];
    double[] d = new double[3];
    for (int cell = cells[block]; cell < grid.cells() && grid.starts[cell] < cuts[block + 1]; cell++) {
      int start = Math.max(grid.starts[cell], cuts[block]);
      int end = Math.min(grid.starts[cell + 1], cuts[block + 1]);
      if (start >= end) {
        continue;
      }
      int ends = grid.runsAround(cell, runs);
      boolean direct = isDirect(cell);
      for (int p = start; p < end; p++) {
        for (int run = 0; run < ends; run += 2) {
          int from = Math.max(runs[run], p + 1);
          if (direct) {
            direct(p, from, runs[run + 1], visitor);
          } else {
            around(p, from, runs[run + 1], visitor, d);
          }
        }
      }
    }
  }

  private boolean isDirect(int cell) { return space instanceof Rectangular && !grid.touchesPeriodicFace(cell); }

  private void direct(int p, int from, int to, Visitor visitor) {
    double x = xs[p];
    double y = ys[p];
    double z = zs[p];
    for (int q = from; q < to; q++) {
      double dx = xs[q] - x;
      double dy = ys[q] - y;
      double dz = zs[q] - z;
      double square = dx * dx + dy * dy + dz * dz;
      if (square <= limit) {
        visitor.pair(p, q, square);
      }
    }
  }

  private void around(int p, int from, int to, Visitor visitor, double[] d) {
    for (int q = from; q < to; q++) {
      double square = square(p, q, d);
      if (square <= limit) {
        visitor.pair(p, q, square);
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

  @Override
  public int[] collect(int block) {
    int[] all = new int[1 << 14];
    int size = 0;
    int[] runs = new int[36];
    double[] d = new double[3];
    for (int cell = cells[block]; cell < grid.cells() && grid.starts[cell] < cuts[block + 1]; cell++) {
      int start = Math.max(grid.starts[cell], cuts[block]);
      int end = Math.min(grid.starts[cell + 1], cuts[block + 1]);
      if (start >= end) {
        continue;
      }
      int ends = grid.runsAround(cell, runs);
      boolean direct = isDirect(cell);
      for (int p = start; p < end; p++) {
        for (int run = 0; run < ends; run += 2) {
          int from = Math.max(runs[run], p + 1);
          int to = runs[run + 1];
          if (from >= to) {
            continue;
          }
          long needed = size + 2L * (to - from);
          if (needed > all.length) {
            all = Arrays.copyOf(all, NeighborList.grown(needed));
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
