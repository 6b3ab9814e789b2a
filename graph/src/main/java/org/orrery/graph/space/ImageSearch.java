package org.orrery.graph.space;

import java.util.Arrays;
import org.orrery.tensor.cpu.Parallel;

/// Neighbors among all images of the senders, each image by itself: within any radius, however many periods that is, or the
/// k nearest. Senders are sorted into cells; the cells around a receiver are counted on through the faces of the box, and
/// how often it was left says which image is met. A pair is met roughly, from coordinates in one cell of the lattice, and
/// then decided from x_s - x_r + n . lattice, as all displacements are.
final class ImageSearch implements Search {
  /// Receivers are searched in blocks of so many.
  private static final int BLOCK = 256;
  /// More than all rounding of coordinates, as a part of the largest.
  private static final double ROUNDING = 1e-11;
  private static final double SLACK = 1e-9;
  private static final double GROWTH = 1.3;

  private final Space space;
  private final double[] senders;
  private final double[] receivers;
  private final int firstSender;
  private final int firstReceiver;
  /// Whether a point is no neighbor of itself.
  private final boolean othersOnly;
  /// How many are wanted; 0 where all within the radius are.
  private final int k;
  private final double radius;
  private final double limit;
  private final double[][] lattice;
  private final double[][] planeVectors;
  private final CellGrid grid;
  /// Coordinates of the images in one cell of the lattice: of senders in the order of the grid, and of receivers.
  private final double[][] at;
  private final double[][] receiverAt;
  private final double[][] receiverPlanes;
  /// What coordinates may be wrong by.
  private final double wrong;
  private final int[] sizes;
  private final int[][] foundSenders;
  private final int[][] foundShifts;

  private ImageSearch(PointSets points, int set, Itself itself, int k, double radius, double limit) {
    space = points.space();
    senders = points.senders();
    receivers = points.receivers();
    firstSender = points.firstSender(set);
    firstReceiver = points.firstReceiver(set);
    othersOnly = points.areTheSame() && itself == Itself.EXCLUDED;
    this.k = k;
    this.radius = radius;
    this.limit = limit;
    lattice = space.lattice();
    planeVectors = space.planeVectors();
    int senderCount = points.senderCount(set);
    int count = points.receiverCount(set);
    grid = new CellGrid(space.planes(senders, firstSender, senderCount), space.planePeriods(), radius);
    double[][] homes = space.homes(senders, firstSender, senderCount);
    at = new double[3][senderCount];
    for (int axis = 0; axis < 3; axis++) {
      for (int p = 0; p < senderCount; p++) {
        at[axis][p] = homes[axis][grid.order[p]];
      }
    }
    receiverAt = space.homes(receivers, firstReceiver, count);
    receiverPlanes = space.planes(receivers, firstReceiver, count);
    wrong = ROUNDING * (Math.max(largest(at), largest(receiverAt)) + largest(lattice));
    sizes = new int[count];
    int blocks = (count + BLOCK - 1) / BLOCK;
    foundSenders = new int[blocks][];
    foundShifts = new int[blocks][];
    Parallel.current().forChunks(count, BLOCK, (from, to) -> {
      Row row = new Row();
      for (int p = from; p < to; p++) {
        sizes[p] = this.k == 0 ? row.within(p) : row.nearest(p);
      }
      foundSenders[from / BLOCK] = Arrays.copyOf(row.who, row.size);
      foundShifts[from / BLOCK] = Arrays.copyOf(row.shifts, row.size * space.dimensions());
    });
  }

  /// All images within the radius, by sender, then by shift.
  ///
  /// @param limit the largest square of a distance within the radius
  static ImageSearch within(PointSets points, int set, double radius, double limit, Itself itself) {
    return new ImageSearch(points, set, itself, 0, radius, limit);
  }

  /// No more than there are edges within a radius: of the ball around a receiver that part counts which no cell of the lattice
  /// can reach out of. Where the radius is many periods, that is nearly all.
  static double least(PointSets points, double radius) {
    double[] periods = points.space().planePeriods();
    double[][] vectors = points.space().planeVectors();
    double diameter = Arrays.stream(vectors).mapToDouble(Space::length).sum();
    double edges = 0;
    for (int set = 0; set < points.sets(); set++) {
      double square = radius * radius;
      for (int axis = 0; axis < periods.length; axis++) {
        double extent = Double.isInfinite(periods[axis]) ? points.extent(set, axis) : 0;
        square -= extent * extent;
      }
      double reach = Math.sqrt(Math.max(0, square)) - diameter;
      if (reach > 0) {
        edges += points.receiverCount(set) * (points.senderCount(set) * cells(vectors, reach) - 1); // less the point itself
      }
    }
    return edges;
  }

  /// How many cells of a lattice a ball of its directions holds.
  private static double cells(double[][] vectors, double radius) {
    double[][] rest = Arrays.stream(vectors).filter(vector -> Space.length(vector) > 0).map(double[]::clone)
        .toArray(double[][]::new);
    double cells = switch (rest.length) {
      case 0 -> 1;
      case 1 -> 2;
      case 2 -> Math.PI;
      default -> 4 * Math.PI / 3;
    };
    for (int i = 0; i < rest.length; i++) {
      double length = Space.length(rest[i]);
      cells *= radius / length;
      for (int j = i + 1; j < rest.length; j++) { // what is left is perpendicular to this one
        double along = 0;
        for (int axis = 0; axis < 3; axis++) {
          along += rest[i][axis] * rest[j][axis] / length;
        }
        for (int axis = 0; axis < 3; axis++) {
          rest[j][axis] -= along * rest[i][axis] / length;
        }
      }
    }
    return cells;
  }

  /// The k nearest images, nearest first; equally far ones by sender, then by shift. There must be a sender, and a
  /// direction along which the space repeats.
  static ImageSearch nearest(PointSets points, int set, int k, Itself itself) {
    double radius = expected(points, set, k);
    return new ImageSearch(points, set, itself, k, radius, radius * radius);
  }

  /// The radius within which k are expected where senders stand evenly.
  private static double expected(PointSets points, int set, int k) {
    int count = points.senderCount(set);
    double share = (k + 1.0) / count;
    int dimensions = 0;
    double[] periods = points.space().planePeriods();
    double[][] planes = points.space().planes(points.senders(), points.firstSender(set), count);
    for (int axis = 0; axis < periods.length; axis++) {
      double side = Double.isInfinite(periods[axis])
          ? Arrays.stream(planes[axis]).max().orElse(0) - Arrays.stream(planes[axis]).min().orElse(0)
          : periods[axis];
      if (side > 0) {
        share *= side;
        dimensions++;
      }
    }
    return switch (dimensions) {
      case 1 -> share / 2;
      case 2 -> Math.sqrt(share / Math.PI);
      default -> Math.cbrt(share * 3 / (4 * Math.PI));
    };
  }

  private static double largest(double[][] values) {
    double most = 0;
    for (double[] row : values) {
      for (double value : row) {
        most = Math.max(most, Math.abs(value));
      }
    }
    return most;
  }

  @Override
  public int[] counts() {
    return sizes.clone();
  }

  @Override
  public void fill(int[] rowStart, int[] edgeSenders, int[] edgeShifts) {
    int dimensions = space.dimensions();
    Parallel.current().forEach(foundSenders.length, block -> {
      int start = rowStart[block * BLOCK];
      System.arraycopy(foundSenders[block], 0, edgeSenders, start, foundSenders[block].length);
      if (edgeShifts.length > 0) {
        System.arraycopy(foundShifts[block], 0, edgeShifts, start * dimensions, foundShifts[block].length);
      }
    });
  }

  /// What one block of receivers finds, one receiver after the other.
  private final class Row {
    private int[] who = new int[64];
    private int[] shifts = new int[64 * space.dimensions()];
    private double[] squares = new double[64];
    private int size;
    /// The cells around a receiver, first and last along each axis, counted through the faces.
    private final long[] low = new long[3];
    private final long[] high = new long[3];
    private final double[] apart = new double[3];
    private final double[] moved = new double[3];

    int within(int p) {
      int start = size;
      gather(p, radius, limit);
      sort(start, false);
      return size - start;
    }

    int nearest(int p) {
      int start = size;
      for (double reach = radius;; reach *= GROWTH) {
        gather(p, reach, reach * reach);
        if (size - start >= k) {
          break;
        }
        size = start;
      }
      sort(start, true);
      size = start + k;
      return k;
    }

    private void gather(int p, double reach, double square) {
      if (at[0].length == 0) {
        return;
      }
      double bound = reach * (1 + SLACK) + wrong;
      double cells = 1;
      for (int axis = 0; axis < 3; axis++) {
        low[axis] = grid.cellAt(axis, receiverPlanes[axis][p] - bound);
        high[axis] = grid.cellAt(axis, receiverPlanes[axis][p] + bound);
        cells *= (double) high[axis] - low[axis] + 1;
      }
      if (!(cells / grid.cells() * at[0].length <= Integer.MAX_VALUE)) {
        throw new ArithmeticException("neighbors: within " + reach + " of point " + (firstReceiver + p)
            + " there are about " + cells / grid.cells() * at[0].length + " images; at most 2^31 - 1 can be compared");
      }
      for (long i = low[0]; i <= high[0]; i++) {
        for (long j = low[1]; j <= high[1]; j++) {
          gather(p, i, j, bound * bound, square);
        }
      }
    }

    /// Along the last axis cells lie side by side: one run an image.
    private void gather(int p, long i, long j, double roughly, double square) {
      int lines = grid.along(2);
      long turns0 = Math.floorDiv(i, (long) grid.along(0));
      long turns1 = Math.floorDiv(j, (long) grid.along(1));
      int line = (Math.floorMod(i, grid.along(0)) * grid.along(1) + Math.floorMod(j, grid.along(1))) * lines;
      for (long turns2 = Math.floorDiv(low[2], (long) lines); turns2 * lines <= high[2]; turns2++) {
        int from = grid.starts[line + (int) (Math.max(low[2], turns2 * lines) - turns2 * lines)];
        int to = grid.starts[line + (int) (Math.min(high[2], (turns2 + 1) * lines - 1) - turns2 * lines) + 1];
        if (from == to) {
          continue;
        }
        double x = along(0, turns0, turns1, turns2) - receiverAt[0][p];
        double y = along(1, turns0, turns1, turns2) - receiverAt[1][p];
        double z = along(2, turns0, turns1, turns2) - receiverAt[2][p];
        for (int q = from; q < to; q++) {
          double dx = at[0][q] + x;
          double dy = at[1][q] + y;
          double dz = at[2][q] + z;
          if (dx * dx + dy * dy + dz * dz <= roughly) {
            decide(p, grid.order[q], dx, dy, dz, square);
          }
        }
      }
    }

    private double along(int axis, long turns0, long turns1, long turns2) {
      return turns0 * planeVectors[0][axis] + turns1 * planeVectors[1][axis] + turns2 * planeVectors[2][axis];
    }

    /// Keeps the image of a sender if it is within the limit.
    private void decide(int p, int q, double dx, double dy, double dz, double square) {
      int dimensions = space.dimensions();
      if (size == who.length) {
        who = Arrays.copyOf(who, NeighborList.grown(size + 1L));
        squares = Arrays.copyOf(squares, who.length);
        shifts = Arrays.copyOf(shifts, NeighborList.capacity((long) who.length * dimensions));
      }
      for (int axis = 0; axis < dimensions; axis++) {
        apart[axis] = senders[(firstSender + q) * dimensions + axis]
            - receivers[(firstReceiver + p) * dimensions + axis];
      }
      moved[0] = dx;
      moved[1] = dy;
      moved[2] = dz;
      space.writeShift(apart, moved, shifts, size * dimensions);
      boolean itself = othersOnly && p == q;
      for (int i = 0; itself && i < dimensions; i++) {
        itself = shifts[size * dimensions + i] == 0;
      }
      Space.move(apart, lattice, shifts, size * dimensions);
      squares[size] = apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2];
      if (!itself && squares[size] <= square) {
        who[size++] = firstSender + q;
      }
    }

    /// Sorts what was found from `start` on, by sender and then by shift, or first by distance. Sender and shift are read as
    /// one number of as many digits.
    private void sort(int start, boolean byDistance) {
      int dimensions = space.dimensions();
      int count = size - start;
      int[] lowest = new int[dimensions];
      long[] span = new long[dimensions];
      for (int i = 0; i < dimensions; i++) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int n = start; n < size; n++) {
          least = Math.min(least, shifts[n * dimensions + i]);
          most = Math.max(most, shifts[n * dimensions + i]);
        }
        lowest[i] = least;
        span[i] = (long) most - least + 1;
      }
      long[] keys = new long[count];
      for (int n = 0; n < count; n++) {
        long key = who[start + n];
        for (int i = 0; i < dimensions; i++) {
          key = Math.addExact(Math.multiplyExact(key, span[i]), shifts[(start + n) * dimensions + i] - lowest[i]);
        }
        keys[n] = key;
      }
      if (byDistance) {
        double[] own = Arrays.copyOfRange(squares, start, size);
        ByDistance.sort(own, keys, count);
      } else {
        Arrays.sort(keys);
      }
      for (int n = 0; n < count; n++) {
        long key = keys[n];
        for (int i = dimensions - 1; i >= 0; i--) {
          shifts[(start + n) * dimensions + i] = (int) (key % span[i]) + lowest[i];
          key /= span[i];
        }
        who[start + n] = (int) key;
      }
    }
  }
}
