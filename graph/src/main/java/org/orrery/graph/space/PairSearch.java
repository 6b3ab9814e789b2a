package org.orrery.graph.space;

/// Every pair of points within a radius once, block by block; a place is that of a point in the order of the search.
interface PairSearch {
  /// Told of each pair by places.
  interface Visitor {
    /// One pair, with the square of its distance.
    void pair(int p, int q, double square);
  }

  /// How many blocks there are; they can be searched at once.
  int blocks();

  /// No fewer than there are pairs.
  double most();

  /// How many pairs there are, counted without looking at each.
  long count();

  /// The point in a place.
  int index(int place);

  /// Says all pairs of a block.
  void visit(int block, Visitor visitor);

  /// The pairs of a block, lower and higher index in turn.
  int[] collect(int block);

  /// By cells, or by a tree where cells are crowded.
  ///
  /// @throws IllegalArgumentException as [Pairs#within(Space, double[], double)] says
  static PairSearch of(Space space, double[] positions, double radius) {
    NeighborList.requireRadius("pairs", radius);
    if (radius > space.largestRadius()) {
      throw new IllegalArgumentException(
          "pairs: radius " + radius + " in the box " + space.box() + ", where two points "
              + "would be near in several images; at most half the shortest period, " + space.largestRadius()
              + ", is required");
    }
    space.requireInBox("pairs", positions);
    int count = positions.length / space.dimensions();
    double limit = NeighborList.largestSquare(radius);
    CellGrid grid = new CellGrid(space.planes(positions, 0, count), space.planePeriods(), radius);
    return grid.isCrowded()
        ? new LeafPairs(new KdTree(space, positions, 0, count), radius, limit, grid.mostPairs() / 2)
        : new GridPairs(space, positions, grid, limit);
  }
}
