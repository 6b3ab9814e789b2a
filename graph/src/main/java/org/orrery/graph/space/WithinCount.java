package org.orrery.graph.space;

import java.util.concurrent.atomic.LongAdder;
import org.orrery.tensor.cpu.Parallel;

/// How many pairs of senders and receivers are within a radius, each at its nearest image, counted without looking at each:
/// all pairs of two nodes count at once where the nodes are close together or far apart.
final class WithinCount {
  private final KdTree tree;
  private final KdTree queries;
  private final NodeDistance distance;
  private final double limit;
  private final double[] d = new double[3];

  private WithinCount(KdTree tree, KdTree queries, double limit) {
    this.tree = tree;
    this.queries = queries;
    this.limit = limit;
    distance = new NodeDistance(tree, queries);
  }

  /// The edges of all sets.
  ///
  /// @param limit the largest square of a distance within the radius
  static long of(PointSets points, double limit, Itself itself) {
    long edges = 0;
    for (int set = 0; set < points.sets(); set++) {
      KdTree senders = points.senderTree(set);
      KdTree receivers = points.areTheSame() ? senders : points.receiverTree(set);
      edges += between(senders, receivers, limit);
      edges -= points.areTheSame() && itself == Itself.EXCLUDED ? receivers.count : 0;
    }
    return edges;
  }

  /// The pairs of a point of each tree; in one tree each counts twice, and each point with itself once.
  static long between(KdTree senders, KdTree receivers, double limit) {
    if (senders.count == 0 || receivers.count == 0) {
      return 0;
    }
    LongAdder all = new LongAdder();
    int levels = receivers.levels();
    Parallel.current().forEach(1 << levels,
        place -> all
            .add(new WithinCount(senders, receivers, limit).count(0, 0, senders.count, (1 << levels) - 1 + place,
                receivers.start(levels, place), receivers.start(levels, place + 1))));
    return all.sum();
  }

  private long count(int node, int from, int to, int query, int queryFrom, int queryTo) {
    if (from == to || queryFrom == queryTo || distance.least(node, query) > limit) {
      return 0;
    }
    if (distance.most(node, query) <= limit) {
      return (long) (to - from) * (queryTo - queryFrom);
    }
    boolean isLeaf = node >= tree.leaves - 1;
    if (query < queries.leaves - 1 && (isLeaf || queryTo - queryFrom >= to - from)) {
      int middle = (queryFrom + queryTo) >>> 1;
      return count(node, from, to, 2 * query + 1, queryFrom, middle)
          + count(node, from, to, 2 * query + 2, middle, queryTo);
    }
    if (!isLeaf) {
      int middle = (from + to) >>> 1;
      return count(2 * node + 1, from, middle, query, queryFrom, queryTo)
          + count(2 * node + 2, middle, to, query, queryFrom, queryTo);
    }
    long pairs = 0;
    for (int p = from; p < to; p++) {
      for (int q = queryFrom; q < queryTo; q++) {
        pairs += tree.square(p, queries, q, d) <= limit ? 1 : 0;
      }
    }
    return pairs;
  }
}
