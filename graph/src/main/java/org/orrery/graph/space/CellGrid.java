package org.orrery.graph.space;

import java.util.Arrays;

/// Cells at least one radius wide, so that what is within the radius lies in the same cell or in one next to it. Cells
/// are numbered with the last axis fastest; points are sorted by cell (a counting sort), in each cell by index.
final class CellGrid {
  /// More than all rounding between a coordinate and the number of its cell, as a part of the radius.
  private static final double SLACK = 1e-9;
  /// More than the rounding of a coordinate across lattice planes, as a part of the extent.
  private static final double ROUNDING = 1e-12;
  private static final int MOST_ALONG_AN_AXIS = 1 << 16;
  /// Where cells are wider than the radius, a [KdTree] is less work than comparing a point with so many others. Both took equally
  /// long at 240 to 330, for 3,000 to 1,000,000 points, clumped or with one far away.
  static final int CROWD = 256;

  private final int[] cells = new int[3];
  private final boolean[] periodic = new boolean[3];
  private final double[] origin = new double[3];
  private final double[] extent = new double[3];
  /// Point by point in cell order: its place in the set.
  final int[] order;
  /// Where each cell starts in [#order].
  final int[] starts;
  /// Whether cells are wider than the radius, since there would be too many of them.
  private boolean coarse;

  /// @param planes coordinates `[3][points]`
  /// @param periods of as many axes as the space has; infinite where open
  CellGrid(double[][] planes, double[] periods, double radius) {
    int points = planes[0].length;
    Arrays.fill(cells, 1);
    for (int axis = 0; axis < periods.length; axis++) {
      periodic[axis] = !Double.isInfinite(periods[axis]);
      double low = Arrays.stream(planes[axis]).min().orElse(0);
      double high = Arrays.stream(planes[axis]).max().orElse(0);
      origin[axis] = periodic[axis] ? 0 : low;
      extent[axis] = periodic[axis] ? periods[axis] : high - low;
      double largest = Math.max(extent[axis], Math.max(Math.abs(low), Math.abs(high)));
      double width = radius * (1 + SLACK) + ROUNDING * largest;
      double along = Math.floor(extent[axis] / width);
      coarse |= along > MOST_ALONG_AN_AXIS;
      cells[axis] = (int) Math.clamp(along, 1, MOST_ALONG_AN_AXIS);
    }
    limitTo(Math.max(1, points));
    int[] cellOf = new int[points];
    for (int p = 0; p < points; p++) {
      int cell = 0;
      for (int axis = 0; axis < 3; axis++) {
        int along = cells[axis] == 1 ? 0 : (int) ((planes[axis][p] - origin[axis]) / extent[axis] * cells[axis]);
        cell = cell * cells[axis] + Math.min(along, cells[axis] - 1);
      }
      cellOf[p] = cell;
    }
    starts = new int[cells[0] * cells[1] * cells[2] + 1];
    for (int cell : cellOf) {
      starts[cell + 1]++;
    }
    for (int cell = 1; cell < starts.length; cell++) {
      starts[cell] += starts[cell - 1];
    }
    order = new int[points];
    int[] next = starts.clone();
    for (int p = 0; p < points; p++) {
      order[next[cellOf[p]]++] = p;
    }
  }

  /// The senders of a set.
  static CellGrid of(PointSets points, int set, double radius) {
    Space space = points.space();
    return new CellGrid(space.planes(points.senders(), points.firstSender(set), points.senderCount(set)),
        space.planePeriods(), radius);
  }

  /// Wider cells where there would be more cells than points.
  private void limitTo(int most) {
    coarse |= (long) cells[0] * cells[1] * cells[2] > most;
    while ((long) cells[0] * cells[1] * cells[2] > most) {
      int widest = cells[0] >= cells[1] && cells[0] >= cells[2] ? 0 : cells[1] >= cells[2] ? 1 : 2;
      cells[widest] = Math.max(1, (int) (cells[widest] * 0.9));
    }
  }

  int cells() {
    return starts.length - 1;
  }

  /// Whether many points share cells though few may be near each other: where some points are far from the others, or crowd
  /// together, cells that are enough to reach all of them are too wide. A [KdTree] does better then.
  boolean isCrowded() {
    double most = (double) CROWD * order.length;
    return coarse && mostPairs() > most && hasMoreCandidatesThan(most);
  }

  /// Whether more pairs of points than so many, each counted both ways and each point with itself, are in one cell or in cells next
  /// to each other.
  boolean hasMoreCandidatesThan(double most) {
    int[] runs = new int[36];
    double candidates = 0;
    for (int cell = 0; cell < cells() && candidates <= most; cell++) {
      double inside = (double) starts[cell + 1] - starts[cell];
      int ends = inside == 0 ? 0 : runsAround(cell, runs);
      for (int run = 0; run < ends; run += 2) {
        candidates += inside * (runs[run + 1] - runs[run]);
      }
    }
    return candidates > most;
  }

  /// No fewer than the pairs of points, each counted both ways and each point with itself, of which one is in the cell of the
  /// other or next to it: n m <= (n^2 + m^2) / 2 for cells of n and m points.
  double mostPairs() {
    double cellsAround = 1;
    for (int along : cells) {
      cellsAround *= Math.min(3, along);
    }
    double inOneCell = 0;
    for (int cell = 0; cell < cells(); cell++) {
      double inside = (double) starts[cell + 1] - starts[cell];
      inOneCell += inside * inside;
    }
    return cellsAround * inOneCell;
  }

  /// How many cells there are along an axis.
  int along(int axis) {
    return cells[axis];
  }

  /// The number along an axis of the cell of a coordinate, which along a periodic axis may lie in an image of the box; along an
  /// open one it is the nearest that there is.
  long cellAt(int axis, double coordinate) {
    if (periodic[axis]) {
      return (long) Math.floor(coordinate / extent[axis] * cells[axis]);
    }
    return cells[axis] == 1
        ? 0
        : (long) Math.clamp(Math.floor((coordinate - origin[axis]) / extent[axis] * cells[axis]), 0, cells[axis] - 1);
  }

  /// Whether the cell lies on a face through which the space repeats.
  boolean touchesPeriodicFace(int cell) {
    int rest = cell;
    for (int axis = 2; axis >= 0; axis--) {
      int along = rest % cells[axis];
      if (periodic[axis] && (along == 0 || along == cells[axis] - 1)) {
        return true;
      }
      rest /= cells[axis];
    }
    return false;
  }

  /// Writes the runs of points, from and to, of this cell and those next to it, each cell once, and says how many
  /// numbers it wrote: at most 36.
  int runsAround(int cell, int[] runs) {
    int size = 0;
    int[] first = around(0, cell / cells[2] / cells[1]);
    int[] second = around(1, cell / cells[2] % cells[1]);
    int last = cell % cells[2];
    int low = cells[2] <= 2 ? 0 : Math.max(0, last - 1);
    int high = cells[2] <= 2 ? cells[2] - 1 : Math.min(cells[2] - 1, last + 1);
    for (int i : first) {
      for (int j : second) {
        int row = (i * cells[1] + j) * cells[2];
        size = run(row + low, row + high, runs, size);
        if (periodic[2] && cells[2] > 2 && (last == 0 || last == cells[2] - 1)) {
          int across = last == 0 ? cells[2] - 1 : 0;
          size = run(row + across, row + across, runs, size);
        }
      }
    }
    return size;
  }

  private int run(int fromCell, int toCell, int[] runs, int size) {
    if (starts[fromCell] == starts[toCell + 1]) {
      return size;
    }
    runs[size] = starts[fromCell];
    runs[size + 1] = starts[toCell + 1];
    return size + 2;
  }

  /// The numbers along an axis next to this one, and itself.
  private int[] around(int axis, int at) {
    int count = cells[axis];
    if (count <= 2) {
      return count == 1 ? new int[] {0} : new int[] {0, 1};
    }
    if (at > 0 && at < count - 1) {
      return new int[] {at - 1, at, at + 1};
    }
    if (periodic[axis]) {
      return new int[] {(at + count - 1) % count, at, (at + 1) % count};
    }
    return at == 0 ? new int[] {0, 1} : new int[] {at - 1, at};
  }
}
