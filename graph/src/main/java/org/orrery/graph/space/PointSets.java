package org.orrery.graph.space;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.cpu.Parallel;

/// Sets of points whose neighbors are sought, checked: of each set, those that are near (senders) and those that they are
/// near to (receivers), often the same.
final class PointSets {
  private final Space space;
  private final double[] senders;
  private final Indices senderOffsets;
  private final double[] receivers;
  private final Indices receiverOffsets;
  private final boolean same;

  private PointSets(Space space, double[] senders, Indices senderOffsets, double[] receivers,
      Indices receiverOffsets, boolean same) {
    this.space = space;
    this.senders = senders;
    this.senderOffsets = senderOffsets;
    this.receivers = receivers;
    this.receiverOffsets = receiverOffsets;
    this.same = same;
  }

  /// Sets that are searched in themselves.
  static PointSets of(String operation, Space space, double[] positions, Indices offsets) {
    requireSets(operation, space, positions, offsets);
    return new PointSets(space, positions, offsets, positions, offsets, true);
  }

  /// Sets of which each is searched in another.
  static PointSets between(String operation, Space space, double[] senders, Indices senderOffsets, double[] receivers,
      Indices receiverOffsets) {
    requireSets(operation, space, senders, senderOffsets);
    requireSets(operation, space, receivers, receiverOffsets);
    if (senderOffsets.size() != receiverOffsets.size()) {
      throw new IllegalArgumentException(operation + ": " + (senderOffsets.size() - 1) + " sets of senders and "
          + (receiverOffsets.size() - 1) + " of receivers; as many are required");
    }
    return new PointSets(space, senders, senderOffsets, receivers, receiverOffsets, false);
  }

  /// Where the only set starts and ends.
  static Indices oneSet(Space space, double[] positions) {
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

  Space space() {
    return space;
  }

  double[] senders() {
    return senders;
  }

  double[] receivers() {
    return receivers;
  }

  /// Whether each set is searched in itself.
  boolean areTheSame() {
    return same;
  }

  int sets() {
    return senderOffsets.size() - 1;
  }

  int firstSender(int set) {
    return senderOffsets.at(set);
  }

  int senderCount(int set) {
    return senderOffsets.at(set + 1) - senderOffsets.at(set);
  }

  int firstReceiver(int set) {
    return receiverOffsets.at(set);
  }

  int receiverCount(int set) {
    return receiverOffsets.at(set + 1) - receiverOffsets.at(set);
  }

  /// How many receivers all sets have together.
  int receiverCount() {
    return receivers.length / space.dimensions();
  }

  /// How far apart senders and receivers of a set may be along an axis of [Space#planes].
  double extent(int set, int axis) {
    double[] of = space.planes(senders, firstSender(set), senderCount(set))[axis];
    double[] to = space.planes(receivers, firstReceiver(set), receiverCount(set))[axis];
    double low = Math.min(Arrays.stream(of).min().orElse(0), Arrays.stream(to).min().orElse(0));
    return Math.max(Arrays.stream(of).max().orElse(0), Arrays.stream(to).max().orElse(0)) - low;
  }

  /// The senders of a set as a tree.
  KdTree senderTree(int set) {
    return new KdTree(space, senders, firstSender(set), senderCount(set));
  }

  /// The receivers of a set as a tree.
  KdTree receiverTree(int set) {
    return new KdTree(space, receivers, firstReceiver(set), receiverCount(set));
  }

  /// The edges that a search of each set finds.
  ///
  /// @param images whether the searches say which image of its sender each edge means; else it is the nearest
  NeighborList search(boolean images, IntFunction<Search> searchOf) {
    Search[] searches = new Search[sets()];
    int[][] rowStarts = new int[sets()][];
    long total = 0;
    for (int set = 0; set < sets(); set++) {
      searches[set] = searchOf.apply(set);
      int[] starts = searches[set].counts();
      for (int p = 0; p < starts.length; p++) {
        int count = starts[p];
        starts[p] = (int) total;
        total += count;
        NeighborList.capacity(total);
      }
      rowStarts[set] = starts;
    }
    int[] from = new int[(int) total];
    int[] to = new int[(int) total];
    int[] shifts = new int[images ? NeighborList.capacity(total * space.dimensions()) : 0];
    for (int set = 0; set < sets(); set++) {
      int[] starts = rowStarts[set];
      searches[set].fill(starts, from, shifts);
      int end = endOf(rowStarts, set, total);
      int firstReceiver = firstReceiver(set);
      Parallel.current().forChunks(starts.length, NeighborList.BLOCK, (first, last) -> {
        for (int p = first; p < last; p++) {
          Arrays.fill(to, starts[p], p + 1 == starts.length ? end : starts[p + 1], firstReceiver + p);
        }
      });
    }
    Sparse edges = Sparse.of(senders.length / space.dimensions(), receivers.length / space.dimensions(),
        Indices.wrap(from), Indices.wrap(to), null);
    double[] kept = senders.clone();
    return new NeighborList(space, edges, kept, areTheSame() ? kept : receivers.clone(),
        images ? Indices.wrap(shifts) : null);
  }

  private static int endOf(int[][] rowStarts, int set, long total) {
    for (int next = set + 1; next < rowStarts.length; next++) {
      if (rowStarts[next].length > 0) {
        return rowStarts[next][0];
      }
    }
    return (int) total;
  }
}
