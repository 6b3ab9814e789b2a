package org.orrery.graph.space;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.EdgeMemory;

/// How the edges of a [NeighborRule.Within] are found: whether there is room for them is known before; images are told apart
/// where the radius reaches them; cells serve where points stand evenly, and trees elsewhere.
final class RadiusSearch {
  private static final String INSTEAD = "a smaller radius, or at most so many neighbors (atMost), needs less";
  /// Where points have so many times as many neighbors as are wanted, the nearest are sought.
  private static final long TOO_MANY = 16;
  private static final long FEW = 1 << 20;

  private final PointSets points;
  private final NeighborRule.Within rule;
  private final double limit;
  private final boolean images;

  private RadiusSearch(PointSets points, NeighborRule.Within rule) {
    this.points = points;
    this.rule = rule;
    limit = NeighborList.largestSquare(rule.radius());
    images = rule.radius() >= rule.space().largestRadius();
  }

  /// The edges of sets of points.
  ///
  /// @throws ArithmeticException where there are more than memory holds
  static NeighborList of(PointSets points, NeighborRule.Within rule) {
    return new RadiusSearch(points, rule).search();
  }

  private NeighborList search() {
    @Nullable
    CellGrid[] grids = new @Nullable CellGrid[points.sets()];
    double edges = images ? ImageSearch.least(points, rule.radius()) : mostPairs(grids);
    boolean someOnly = rule.most() < Integer.MAX_VALUE;
    double room = someOnly
        ? Math.min((double) EdgeMemory.most(), Math.max(FEW, (double) TOO_MANY * points.receiverCount() * rule.most()))
        : EdgeMemory.most();
    if (edges > room && !images) {
      edges = WithinCount.of(points, limit, rule.itself());
    }
    if (edges > room && someOnly) {
      return nearest();
    }
    if (edges > room) {
      EdgeMemory.require("radius graph", images ? "edges at least, one an image," : "edges", edges, INSTEAD);
    }
    NeighborList all = points.search(images, set -> searchOf(set, grids[set]));
    return someOnly ? all.shortest(rule.most()) : all;
  }

  /// The nearest first, and of them those within the radius: as many are never sought as are there.
  private NeighborList nearest() {
    NeighborRule.Nearest nearest = NeighborRule.nearest(rule.space(), rule.most()).itself(rule.itself()).orFewer();
    return (images ? nearest.overImages() : nearest).search(points).within(limit);
  }

  /// No fewer than there are pairs of neighbors: all pairs, or those of points in cells next to each other.
  private double mostPairs(@Nullable CellGrid[] grids) {
    double pairs = 0;
    for (int set = 0; set < grids.length; set++) {
      double all = (double) points.senderCount(set) * points.receiverCount(set);
      if (points.areTheSame()) {
        CellGrid grid = CellGrid.of(points, set, rule.radius());
        grids[set] = grid;
        all = Math.min(all, grid.mostPairs());
      }
      pairs += all;
    }
    return pairs;
  }

  private Search searchOf(int set, @Nullable CellGrid grid) {
    if (images) {
      return ImageSearch.within(points, set, rule.radius(), limit, rule.itself());
    }
    return grid == null || grid.isCrowded()
        ? new LeafSearch(points, set, rule.radius(), limit, rule.itself())
        : new CellList(points, set, grid, limit, rule.itself());
  }
}
