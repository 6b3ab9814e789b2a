package org.orrery.graph.space;

import java.util.Arrays;
import org.orrery.tensor.cpu.Parallel;

/// The k nearest senders of each receiver, each at its nearest image, by trees of both; one tree where they are the same.
final class NearestSearch implements Search {
  final KdTree tree;
  /// The receivers.
  final KdTree queries;
  final int k;
  /// Whether a point is no neighbor of itself.
  final boolean othersOnly;

  /// @param k at most the number of senders, or of other senders
  NearestSearch(PointSets points, int set, int k, Itself itself) {
    tree = new KdTree(points.space(), points.senders(), points.firstSender(set), points.senderCount(set));
    queries = points.areTheSame()
        ? tree
        : new KdTree(points.space(), points.receivers(), points.firstReceiver(set), points.receiverCount(set));
    this.k = k;
    othersOnly = points.areTheSame() && itself == Itself.EXCLUDED;
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
    });
  }
}
