package org.orrery.graph.space;

import java.util.Arrays;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.Parallel;

/// Who is near whom: edges from each neighbor (the sender) to the point it is near to (the receiver), with the
/// displacement x_sender - x_receiver of the nearest images.
///
/// Both searches are exact: they find what comparing all pairs in double precision finds. Edges stand receiver after
/// receiver; the result does not depend on the number of threads. Points at the same place are neighbors like others.
///
/// Positions are `[points, dimensions]`, row-major. Several sets of points may stand one after the other, each in the
/// same space; offsets `[sets + 1]` say where each starts, and no edge runs between two.
public final class NeighborList {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  static final int BLOCK = 1 << 14;

  private final Space space;
  private final Sparse edges;
  private final double[] positions;

  private NeighborList(Space space, Sparse edges, double[] positions) {
    this.space = space;
    this.edges = edges;
    this.positions = positions;
  }

  /// An edge s -> t for all s and t, s != t, with |x_s - x_t| <= radius, by receiver, then by sender. Symmetric: an edge
  /// and its reverse are there or not there together, and their displacements are exact negatives.
  ///
  /// @throws IllegalArgumentException where a coordinate is not finite or a position outside the box (which is named),
  ///   the coordinates are no multiple of the dimensions, or the radius is not positive or above
  ///   [Space#largestRadius()]
  public static NeighborList within(Space space, double[] positions, double radius) {
    return within(space, positions, oneSet(space, positions), radius, Itself.EXCLUDED);
  }

  /// The same for several sets of points.
  ///
  /// @throws IllegalArgumentException as for one, or where the offsets do not run from 0 to the number of points
  /// @throws ArithmeticException where there are more edges than arrays hold
  public static NeighborList within(Space space, double[] positions, Indices offsets, double radius, Itself itself) {
    requireRadius(space, radius);
    requireSets("radius graph", space, positions, offsets);
    double limit = largestSquare(radius);
    Search[] sets = new Search[offsets.size() - 1];
    for (int set = 0; set < sets.length; set++) {
      int first = offsets.at(set);
      sets[set] = new CellList(space, positions, first, offsets.at(set + 1) - first, radius, limit, itself);
    }
    return joined(space, positions, offsets, sets);
  }

  /// Edges from the k points nearest to each point, itself excluded: by receiver, then by distance. Of points equally
  /// far those of lower index come first. In a periodic space a point counts once, at its nearest image.
  ///
  /// @throws IllegalArgumentException where a coordinate is not finite or a position outside the box (which is named),
  ///   the coordinates are no multiple of the dimensions, or k is below 1 or above the number of other points
  public static NeighborList nearest(Space space, double[] positions, int k) {
    return nearest(space, positions, oneSet(space, positions), k, Itself.EXCLUDED);
  }

  /// The same for several sets of points. A point itself, where included, is at distance 0 and may be one of the k; it
  /// is not if k points of lower index are at the same place.
  ///
  /// @throws IllegalArgumentException as for one, or where the offsets do not run from 0 to the number of points
  /// @throws ArithmeticException where there are more edges than arrays hold
  public static NeighborList nearest(Space space, double[] positions, Indices offsets, int k, Itself itself) {
    String operation = "k-nearest graph";
    requireSets(operation, space, positions, offsets);
    Search[] sets = new Search[offsets.size() - 1];
    for (int set = 0; set < sets.length; set++) {
      int first = offsets.at(set);
      int count = offsets.at(set + 1) - first;
      int most = itself == Itself.EXCLUDED ? count - 1 : count;
      if (k < 1 || (k > most && count > 0)) {
        throw new IllegalArgumentException(operation + ": k is " + k + " for " + count + " points"
            + (sets.length == 1 ? "" : " of set " + set) + "; 1 to " + most + " is required");
      }
    }
    for (int set = 0; set < sets.length; set++) {
      int first = offsets.at(set);
      sets[set] = new KdTree(space, positions, first, offsets.at(set + 1) - first, k, itself);
    }
    return joined(space, positions, offsets, sets);
  }

  /// The graph of given pairs in both directions, by receiver, then by sender.
  static NeighborList ofPairs(Space space, double[] positions, Indices first, Indices second) {
    int count = first.size();
    long[] order = new long[capacity(2L * count)];
    for (int e = 0; e < count; e++) {
      order[2 * e] = ((long) second.at(e) << 32) | first.at(e);
      order[2 * e + 1] = ((long) first.at(e) << 32) | second.at(e);
    }
    Arrays.sort(order);
    int[] senders = new int[order.length];
    int[] receivers = new int[order.length];
    for (int e = 0; e < order.length; e++) {
      senders[e] = (int) order[e];
      receivers[e] = (int) (order[e] >>> 32);
    }
    return new NeighborList(space,
        Sparse.of(positions.length / space.dimensions(), Indices.wrap(senders), Indices.wrap(receivers)),
        positions.clone());
  }

  private static Indices oneSet(Space space, double[] positions) {
    return Indices.of(0, positions.length / space.dimensions());
  }

  private static void requireSets(String operation, Space space, double[] positions, Indices offsets) {
    space.requireInBox(operation, positions);
    int points = positions.length / space.dimensions();
    boolean ascending = offsets.size() > 0 && offsets.at(0) == 0 && offsets.at(offsets.size() - 1) == points;
    for (int set = 1; ascending && set < offsets.size(); set++) {
      ascending = offsets.at(set) >= offsets.at(set - 1);
    }
    if (!ascending) {
      throw new IllegalArgumentException(
          operation + ": offsets " + offsets + " for " + points + " points; ascending from 0 to there is required");
    }
  }

  /// Checks that a radius is one that the space has.
  ///
  /// @throws IllegalArgumentException where it is not
  static void requireRadius(Space space, double radius) {
    if (!(radius >= 1 / Space.LARGEST && radius <= Space.LARGEST)) {
      throw new IllegalArgumentException("radius graph: radius " + radius + "; 1e-150 to 1e150 is required");
    }
    if (radius > space.largestRadius()) {
      throw new IllegalArgumentException("radius graph: radius " + radius + " in the box " + space.box()
          + ", where a point would see two images of another; at most half the shortest period, "
          + space.largestRadius() + ", is required");
    }
  }

  /// The largest square whose root, as computed, is within the radius: the same points are found as by comparing
  /// distances.
  static double largestSquare(double radius) {
    double square = radius * radius;
    while (Math.sqrt(square) > radius) {
      square = Math.nextDown(square);
    }
    while (Math.sqrt(Math.nextUp(square)) <= radius) {
      square = Math.nextUp(square);
    }
    return square;
  }

  private static NeighborList joined(Space space, double[] positions, Indices offsets, Search[] sets) {
    int points = offsets.at(offsets.size() - 1);
    int[][] rowStarts = new int[sets.length][];
    long total = 0;
    for (int set = 0; set < sets.length; set++) {
      int[] starts = sets[set].counts();
      for (int p = 0; p < starts.length; p++) {
        int count = starts[p];
        starts[p] = (int) total;
        total += count;
        capacity(total);
      }
      rowStarts[set] = starts;
    }
    int[] senders = new int[(int) total];
    int[] receivers = new int[(int) total];
    for (int set = 0; set < sets.length; set++) {
      int[] starts = rowStarts[set];
      sets[set].fill(starts, senders);
      int first = offsets.at(set);
      int end = endOf(rowStarts, set, total);
      Parallel.current().forChunks(starts.length, BLOCK, (from, to) -> {
        for (int p = from; p < to; p++) {
          Arrays.fill(receivers, starts[p], p + 1 == starts.length ? end : starts[p + 1], first + p);
        }
      });
    }
    return new NeighborList(space, Sparse.of(points, Indices.wrap(senders), Indices.wrap(receivers)),
        positions.clone());
  }

  private static int endOf(int[][] rowStarts, int set, long total) {
    for (int next = set + 1; next < rowStarts.length; next++) {
      if (rowStarts[next].length > 0) {
        return rowStarts[next][0];
      }
    }
    return (int) total;
  }

  /// A size that an array may have.
  ///
  /// @throws ArithmeticException where it is too large
  static int capacity(long size) {
    if (size > LARGEST_ARRAY) {
      throw new ArithmeticException("neighbors: " + size + " values; at most " + LARGEST_ARRAY + " can be held");
    }
    return (int) size;
  }

  /// The space that the points are in.
  public Space space() {
    return space;
  }

  /// From neighbors to the points that they are near to.
  public Sparse edges() {
    return edges;
  }

  /// x_sender - x_receiver of the nearest images, `[edges, dimensions]`, row-major.
  ///
  /// @throws ArithmeticException where they are more than an array holds
  public double[] displacements() {
    int dimensions = space.dimensions();
    double[] all = new double[capacity((long) edges.edges() * dimensions)];
    forEdges((e, d) -> System.arraycopy(d, 0, all, e * dimensions, dimensions));
    return all;
  }

  /// The lengths of the displacements, `[edges]`.
  public double[] distances() {
    double[] distances = new double[edges.edges()];
    forEdges((e, d) -> distances[e] = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]));
    return distances;
  }

  /// The image shift n of each edge, `[edges, dimensions]`, row-major: the neighbor is the image of the sender at
  /// x_s + n . [Space#lattice()], so that the displacement is x_s - x_r + n . lattice. 0 along open axes.
  ///
  /// @throws ArithmeticException where they are more than an array holds
  public Indices shifts() {
    return space.nearestShifts(edges, positions, positions);
  }

  /// Where the senders are, `[senders, dimensions]`, row-major.
  public double[] senderPositions() {
    return positions.clone();
  }

  /// Where the receivers are, `[receivers, dimensions]`, row-major.
  public double[] receiverPositions() {
    return positions.clone();
  }

  /// The displacements as edge features, `[edges, dimensions]`, rounded to float32, on the current backend.
  public Tensor displacementFeatures() {
    return Tensor.of(displacements(), edges.edges(), space.dimensions());
  }

  /// The distances as edge features, `[edges, 1]`, rounded to float32, on the current backend.
  public Tensor distanceFeatures() {
    return Tensor.of(distances(), edges.edges(), 1);
  }

  /// Told of an edge and its displacement, of three components.
  private interface Visitor {
    void edge(int e, double[] displacement);
  }

  private void forEdges(Visitor visitor) {
    int dimensions = space.dimensions();
    Parallel.current().forChunks(edges.edges(), BLOCK, (from, to) -> {
      double[] d = new double[3];
      for (int e = from; e < to; e++) {
        int sender = edges.senderOf().at(e) * dimensions;
        int receiver = edges.receiverOf().at(e) * dimensions;
        for (int axis = 0; axis < dimensions; axis++) {
          d[axis] = positions[sender + axis] - positions[receiver + axis];
        }
        space.shorten(d);
        visitor.edge(e, d);
      }
    });
  }

  @Override
  public String toString() {
    return "NeighborList[" + edges + ", " + space + "]";
  }
}
