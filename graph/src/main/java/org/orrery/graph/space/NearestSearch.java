package org.orrery.graph.space;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.orrery.tensor.cpu.Parallel;

/// The k nearest senders of each receiver, each at its nearest image, by trees of both; one tree where they are the same and
/// few stand at any one place.
final class NearestSearch implements Search {
  final KdTree tree;
  /// The receivers.
  final KdTree queries;
  final int k;
  /// Whether a point is no neighbor of itself.
  final boolean othersOnly;
  private final LongAdder compared = new LongAdder();

  /// @param k at most the number of senders, or of other senders
  NearestSearch(PointSets points, int set, int k, Itself itself) {
    this.k = k;
    othersOnly = points.areTheSame() && itself == Itself.EXCLUDED;
    KdTree all = points.senderTree(set);
    queries = points.areTheSame() ? all : points.receiverTree(set);
    int most = othersOnly ? k + 1 : k;
    tree = k > 0 && all.hasPileAbove(most) ? lowest(points, set, most) : all;
  }

  /// So many of the senders at each place: of points equally near those of lower index are taken.
  private static KdTree lowest(PointSets points, int set, int most) {
    int first = points.firstSender(set);
    int[] members = Piles.lowestFew(points.senders(), points.space().dimensions(), first, points.senderCount(set),
        most);
    return new KdTree(points.space(), points.senders(), first, members);
  }

  /// How many candidates were compared with a receiver.
  long compared() {
    return compared.sum();
  }

  @Override
  public int[] counts() {
    int[] counts = new int[queries.count];
    Arrays.fill(counts, k);
    return counts;
  }

  @Override
  public void fill(int[] rowStart, int[] senders, int[] shifts) {
    if (k == 0) {
      return;
    }
    int levels = queries.levels();
    Parallel.current().forEach(1 << levels, place -> {
      NearestOfLeaf search = new NearestOfLeaf(this, rowStart, senders);
      search.below((1 << levels) - 1 + place, queries.start(levels, place), queries.start(levels, place + 1),
          search.expected(0, tree.count));
      compared.add(search.compared());
    });
  }
}
