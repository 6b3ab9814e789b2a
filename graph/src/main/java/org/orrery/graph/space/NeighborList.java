package org.orrery.graph.space;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.Parallel;

/// Who is near whom: edges from each neighbor (the sender) to the point it is near to (the receiver), with the
/// displacement x_sender - x_receiver of the images that are meant: the nearest ones, unless a search tells images apart. What
/// is sought, with all options, is a [NeighborRule].
///
/// Both searches are exact: they find what comparing all pairs in double precision finds. Edges stand receiver after
/// receiver; the result does not depend on the number of threads. Points at the same place are neighbors like others.
///
/// Positions are `[points, dimensions]`, row-major.
public final class NeighborList {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  static final int BLOCK = 1 << 14;

  private final Space space;
  private final Sparse edges;
  private final double[] senders;
  private final double[] receivers;
  private final @Nullable Indices shifts;

  /// @param shifts `[edges, dimensions]`; null where each edge joins nearest images
  NeighborList(Space space, Sparse edges, double[] senders, double[] receivers, @Nullable Indices shifts) {
    this.space = space;
    this.edges = edges;
    this.senders = senders;
    this.receivers = receivers;
    this.shifts = shifts;
  }

  /// An edge s -> t for all s and t, s != t, with |x_s - x_t| <= radius, by receiver, then by sender. Symmetric: an edge
  /// and its reverse are there or not there together, and their displacements are exact negatives. Where the radius
  /// reaches half the box ([Space#largestRadius()]) or further, each image of a point that is within it has an edge of its
  /// own, images of the receiver included, which stand in the order of their shifts.
  ///
  /// @throws IllegalArgumentException where a coordinate is not finite or a position outside the box (which is named),
  ///   the coordinates are no multiple of the dimensions, or the radius is not positive and finite
  /// @throws ArithmeticException where there are more edges than memory holds, which is
  ///   known before they are made
  public static NeighborList within(Space space, double[] positions, double radius) {
    return NeighborRule.within(space, radius).apply(positions);
  }

  /// The same from the points of one set to those of another: edges of a [Sparse] of as many senders and receivers.
  ///
  /// @throws IllegalArgumentException as for one set
  /// @throws ArithmeticException where there are more edges than memory holds, which is
  ///   known before they are made
  public static NeighborList within(Space space, double[] senders, double[] receivers, double radius) {
    return NeighborRule.within(space, radius).between(senders, receivers);
  }

  /// Edges from the k points nearest to each point, itself excluded: by receiver, then by distance. Of points equally
  /// far those of lower index come first. In a periodic space a point counts once, at its nearest image; see
  /// [NeighborRule.Nearest#overImages()].
  ///
  /// @throws IllegalArgumentException where a coordinate is not finite or a position outside the box (which is named),
  ///   the coordinates are no multiple of the dimensions, or k is below 1 or above the number of other points
  /// @throws ArithmeticException where there are more edges than memory holds, which is
  ///   known before they are made
  public static NeighborList nearest(Space space, double[] positions, int k) {
    return NeighborRule.nearest(space, k).apply(positions);
  }

  /// The same from the points of one set to those of another.
  ///
  /// @throws IllegalArgumentException as for one set, k being at most the number of senders
  /// @throws ArithmeticException where there are more edges than memory holds, which is
  ///   known before they are made
  public static NeighborList nearest(Space space, double[] senders, double[] receivers, int k) {
    return NeighborRule.nearest(space, k).between(senders, receivers);
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
        Sparse.of(positions.length / space.dimensions(), Indices.wrap(senders), Indices.wrap(receivers)), positions);
  }

  private NeighborList(Space space, Sparse edges, double[] positions) {
    this.space = space;
    this.edges = edges;
    senders = positions.clone();
    receivers = senders;
    shifts = null;
  }

  /// Checks a radius.
  ///
  /// @throws IllegalArgumentException where it is none
  static void requireRadius(String operation, double radius) {
    if (!(radius >= 1 / Space.LARGEST && radius <= Space.LARGEST)) {
      throw new IllegalArgumentException(operation + ": radius " + radius + "; 1e-150 to 1e150 is required");
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

  /// At most `most` edges to each receiver, the shortest, by distance; of edges equally long the first ones.
  NeighborList shortest(int most) {
    int points = edges.receivers();
    Indices offsets = edges.byReceiver().offsets();
    double[] d = displacements();
    int dimensions = space.dimensions();
    int[] starts = new int[points + 1];
    for (int t = 0; t < points; t++) {
      starts[t + 1] = starts[t] + Math.min(most, offsets.at(t + 1) - offsets.at(t));
    }
    int[] chosen = new int[starts[points]];
    Parallel.current().forChunks(points, 256, (from, to) -> {
      for (int t = from; t < to; t++) {
        int first = offsets.at(t);
        double[] squares = new double[offsets.at(t + 1) - first];
        long[] order = new long[squares.length];
        for (int i = 0; i < squares.length; i++) {
          order[i] = (long) first + i;
          for (int axis = 0; axis < dimensions; axis++) {
            double along = d[(first + i) * dimensions + axis];
            squares[i] += along * along;
          }
        }
        ByDistance.sort(squares, order, squares.length);
        for (int i = starts[t]; i < starts[t + 1]; i++) {
          chosen[i] = (int) order[i - starts[t]];
        }
      }
    });
    return chosen(chosen);
  }

  /// The edges whose squares are at most this.
  NeighborList within(double limit) {
    int[] kept = new int[edges.edges()];
    boolean[] isNear = new boolean[kept.length];
    forEdges((e, d) -> isNear[e] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] <= limit);
    int size = 0;
    for (int e = 0; e < kept.length; e++) {
      kept[size] = e;
      size += isNear[e] ? 1 : 0;
    }
    return chosen(Arrays.copyOf(kept, size));
  }

  private NeighborList chosen(int[] chosen) {
    int points = edges.receivers();
    int dimensions = space.dimensions();
    Indices kept = Indices.wrap(chosen);
    Sparse fewer = Sparse.of(edges.senders(), points, edges.senderOf().at(kept), edges.receiverOf().at(kept), null);
    return new NeighborList(space, fewer, senders, receivers, shifts == null ? null : rows(shifts, chosen, dimensions));
  }

  private static Indices rows(Indices all, int[] chosen, int width) {
    int[] rows = new int[chosen.length * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = all.at(chosen[i / width] * width + i % width);
    }
    return Indices.wrap(rows);
  }

  /// A size for an array that grows: half as much again as is needed, where arrays can be as large.
  ///
  /// @throws ArithmeticException where what is needed is too large
  static int grown(long needed) {
    return (int) Math.min(LARGEST_ARRAY, capacity(needed) + needed / 2);
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

  /// x_sender - x_receiver of the images that the edges join, `[edges, dimensions]`, row-major.
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
    return shifts != null ? shifts : space.nearestShifts(edges, senders, receivers);
  }

  /// Where the senders are, `[senders, dimensions]`, row-major.
  public double[] senderPositions() {
    return senders.clone();
  }

  /// Where the receivers are, `[receivers, dimensions]`, row-major.
  public double[] receiverPositions() {
    return receivers.clone();
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
    double[][] lattice = space.lattice();
    int[] ofEdges = shifts == null ? null : shifts.raw();
    Parallel.current().forChunks(edges.edges(), BLOCK, (from, to) -> {
      double[] d = new double[3];
      for (int e = from; e < to; e++) {
        int sender = edges.senderOf().at(e) * dimensions;
        int receiver = edges.receiverOf().at(e) * dimensions;
        for (int axis = 0; axis < dimensions; axis++) {
          d[axis] = senders[sender + axis] - receivers[receiver + axis];
        }
        if (ofEdges == null) {
          space.shorten(d);
        } else {
          Space.move(d, lattice, ofEdges, e * dimensions);
        }
        visitor.edge(e, d);
      }
    });
  }

  @Override
  public String toString() {
    return "NeighborList[" + edges + ", " + space + "]";
  }
}
