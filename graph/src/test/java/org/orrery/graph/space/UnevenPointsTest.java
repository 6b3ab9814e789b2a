package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// Points that stand so unevenly that equal cells serve badly: what is found is what comparing all pairs finds, and the work
/// grows with the number of points, not with its square.
class UnevenPointsTest {
  /// How points stand.
  enum Kind {
    /// in a unit box, and one of them far away in all directions
    ONE_FAR,
    /// in a unit box, and one of them far away along one axis
    ONE_FAR_ALONG_AN_AXIS,
    /// in clumps whose sizes differ by a factor of a thousand and more
    CLUMPS,
    /// on the diagonal
    LINE,
    /// in a plane
    PLANE,
    /// all at one place
    ONE_PLACE,
    /// half of them at one place
    HALF_AT_ONE_PLACE,
    /// at two places
    TWO_PLACES,
    /// at a few hundred places
    LATTICE,
    /// in a box a million times as long as wide
    LONG_BOX
  }

  private static double[] points(Kind kind, int count, int dimensions) {
    double[] x = Key.of(1).fold(kind.name()).uniformDouble(count * dimensions);
    float[] normal = Key.of(2).fold(kind.name()).normal(x.length);
    for (int i = 0; i < x.length; i++) {
      int point = i / dimensions;
      int axis = i % dimensions;
      int clump = point % 40;
      x[i] = switch (kind) {
        case ONE_FAR -> point == 3 ? 1000 : x[i];
        case ONE_FAR_ALONG_AN_AXIS -> point == 3 && axis == 0 ? 1000 : x[i];
        case CLUMPS -> x[clump * dimensions + axis] + normal[i] * Math.pow(0.5, clump % 14);
        case LINE -> x[point * dimensions];
        case PLANE -> axis == dimensions - 1 ? 0.375 : x[i];
        case ONE_PLACE -> 0.25;
        case HALF_AT_ONE_PLACE -> point % 2 == 0 ? 0.25 : x[i];
        case TWO_PLACES -> point % 2 == 0 ? 0.25 : 0.75;
        case LATTICE -> Math.floor(x[i] * 6) / 8;
        case LONG_BOX -> axis == 0 ? 1e6 * x[i] : x[i];
      };
    }
    return x;
  }

  static Stream<Points> few() {
    List<Points> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int dimensions = 1; dimensions <= 3; dimensions++) {
        double[] x = points(kind, 300, dimensions);
        double[] unit = new double[dimensions];
        Arrays.fill(unit, 1);
        Space slab = Space.periodic(unit).openAlong(0);
        for (Space space : List.of(Space.open(dimensions), Space.periodic(unit), slab)) {
          all.add(new Points(kind.toString(), space, space.wrap(x)));
        }
      }
      Space skewed = Space.triclinic(Points.SKEWED);
      all.add(new Points(kind.toString(), skewed, skewed.wrap(points(kind, 300, 3))));
      all.add(new Points(kind.toString(), skewed.openAlong(1), skewed.openAlong(1).wrap(points(kind, 300, 3))));
    }
    return all.stream();
  }

  private static double square(Points points, int i, int j) {
    double square = 0;
    for (double along : points.space().displacement(points.point(i), points.point(j))) {
      square += along * along;
    }
    return square;
  }

  private static List<Long> keys(Indices first, Indices second) {
    return IntStream.range(0, first.size()).mapToObj(e -> ((long) first.at(e) << 32) | second.at(e)).sorted().toList();
  }

  // ---- what is found ----

  /// The tree by Prim's method (1957) over all pairs, ordered by square, lower and higher index: lower and higher index of
  /// each pair.
  private static List<Long> prim(Points points) {
    int count = points.count();
    record Edge(double square, int first, int second) {
    }
    Comparator<Edge> order = Comparator.comparingDouble(Edge::square).thenComparingInt(Edge::first)
        .thenComparingInt(Edge::second);
    Edge[] nearest = new Edge[count];
    Arrays.fill(nearest, new Edge(Double.POSITIVE_INFINITY, 0, 0));
    boolean[] inside = new boolean[count];
    List<Long> tree = new ArrayList<>();
    int last = 0;
    for (int step = 1; step < count; step++) {
      inside[last] = true;
      int next = -1;
      for (int i = 0; i < count; i++) {
        if (!inside[i]) {
          Edge edge = new Edge(square(points, last, i), Math.min(last, i), Math.max(last, i));
          nearest[i] = order.compare(edge, nearest[i]) < 0 ? edge : nearest[i];
          next = next < 0 || order.compare(nearest[i], nearest[next]) < 0 ? i : next;
        }
      }
      tree.add(((long) nearest[next].first() << 32) | nearest[next].second());
      last = next;
    }
    return tree.stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("few")
  void theSpanningTreeIsThatOfAllPairsEdgeByEdge(Points points) {
    Sparse tree = SpanningTree.of(points.space(), points.positions()).edges();
    Sparse half = tree.filtered(isUpward(tree)).edges();
    assertEquals(prim(points), keys(half.senderOf(), half.receiverOf()), points.toString());
    assertTrue(tree.isSymmetric());
  }

  private static boolean[] isUpward(Sparse edges) {
    boolean[] upward = new boolean[edges.edges()];
    for (int e = 0; e < upward.length; e++) {
      upward[e] = edges.senderOf().at(e) < edges.receiverOf().at(e);
    }
    return upward;
  }

  @ParameterizedTest
  @MethodSource("few")
  void aRadiusFindsWhatComparingAllPairsFinds(Points points) {
    double[] others = Arrays.copyOf(points.positions(), 7 * points.space().dimensions());
    double[][] squares = new double[points.count()][points.count()];
    for (int t = 0; t < points.count(); t++) {
      int receiver = t;
      Arrays.setAll(squares[t], s -> square(points, receiver, s));
    }
    for (double radius : new double[] {1e-4, 0.01, 0.1, 0.45}) {
      double limit = NeighborList.largestSquare(radius);
      List<Long> expected = new ArrayList<>();
      for (int t = 0; t < points.count(); t++) {
        for (int s = 0; s < points.count(); s++) {
          if (squares[t][s] <= limit) {
            expected.add(((long) t << 32) | s);
          }
        }
      }
      List<Long> toOthers = expected.stream().filter(edge -> edge >>> 32 < 7).toList();
      String what = points + ", radius " + radius;
      Sparse all = NeighborRule.within(points.space(), radius).itself(Itself.INCLUDED).apply(points.positions())
          .edges();
      assertEquals(expected, keys(all.receiverOf(), all.senderOf()), what);
      Sparse two = NeighborList.within(points.space(), points.positions(), others, radius).edges();
      assertEquals(toOthers, keys(two.receiverOf(), two.senderOf()), what + ", to others");
      List<Long> halves = expected.stream().filter(edge -> edge >>> 32 < (int) (long) edge).toList();
      Pairs pairs = Pairs.within(points.space(), points.positions(), radius);
      assertEquals(halves, keys(pairs.first(), pairs.second()), what);
      assertEquals(halves.size(), Pairs.fold(points.space(), points.positions(), radius, new Pairs.Fold<long[]>() {
        @Override
        public long[] start() {
          return new long[1];
        }

        @Override
        public void pair(long[] sum, int first, int second, double square) {
          sum[0]++;
        }
      }).stream().mapToLong(sum -> sum[0]).sum(), what);
      PointSets set = PointSets.of("count", points.space(), points.positions(), points.offsets());
      assertEquals(expected.size(), WithinCount.of(set, limit, Itself.INCLUDED), what);
      assertEquals(expected.size() - points.count(), WithinCount.of(set, limit, Itself.EXCLUDED), what);
    }
  }

  @ParameterizedTest
  @MethodSource("few")
  void theNearestAreWhatSortingAllDistancesFinds(Points points) {
    for (int k : new int[] {1, 5, 40}) {
      for (Itself itself : Itself.values()) {
        Sparse near = NeighborRule.nearest(points.space(), k).itself(itself).apply(points.positions()).edges();
        for (int t = 0; t < points.count(); t += 11) {
          int receiver = t;
          double[] squares = IntStream.range(0, points.count()).mapToDouble(s -> square(points, receiver, s)).toArray();
          List<Integer> expected = IntStream.range(0, points.count())
              .filter(s -> s != receiver || itself == Itself.INCLUDED).boxed()
              .sorted(Comparator.comparingDouble(s -> squares[s])).limit(k).toList();
          assertEquals(expected, IntStream.range(t * k, t * k + k).mapToObj(near.senderOf()::at).toList(),
              points + ", point " + t + ", k " + k + ", itself " + itself);
        }
      }
    }
  }

  // ---- how much work it is ----

  private static final int MANY = 30_000;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSpanningTreeMeasuresSomeHundredDistancesAPoint(Kind kind) {
    for (int dimensions = 1; dimensions <= 3; dimensions++) {
      double[] x = points(kind, MANY, dimensions);
      int[] members = Piles.lowestFew(x, dimensions, 0, MANY, 1);
      double[] places = new double[members.length * dimensions];
      for (int i = 0; i < places.length; i++) {
        places[i] = x[members[i / dimensions] * dimensions + i % dimensions];
      }
      Boruvka tree = new Boruvka(Space.open(dimensions), places);
      assertTrue(tree.compared() <= 400L * MANY, tree.compared() + " distances in " + dimensions + " dimensions");
      assertEquals(2 * (MANY - 1), SpanningTree.of(Space.open(dimensions), x).edges().edges());
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theNearestAreAmongSomeHundredCandidatesAPoint(Kind kind) {
    for (int dimensions = 1; dimensions <= 3; dimensions++) {
      double[] x = points(kind, MANY, dimensions);
      PointSets set = PointSets.of("nearest", Space.open(dimensions), x, Indices.of(0, MANY));
      NearestSearch search = new NearestSearch(set, 0, 8, Itself.EXCLUDED);
      int[] rowStart = IntStream.range(0, MANY).map(p -> 8 * p).toArray();
      search.fill(rowStart, new int[8 * MANY], new int[0]);
      assertTrue(search.compared() <= 1500L * MANY, search.compared() + " candidates in " + dimensions + " dimensions");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"ONE_FAR", "ONE_FAR_ALONG_AN_AXIS", "CLUMPS", "LINE", "LONG_BOX"})
  void aRadiusComparesSomeTimesAsManyAsItFinds(Kind kind) {
    for (int dimensions = 1; dimensions <= 3; dimensions++) {
      double[] x = points(kind, MANY, dimensions);
      Space space = Space.open(dimensions);
      PointSets set = PointSets.of("radius", space, x, Indices.of(0, MANY));
      double radius = 1e-5;
      LeafSearch search = new LeafSearch(set, 0, radius, NeighborList.largestSquare(radius), Itself.INCLUDED);
      long found = Arrays.stream(search.counts()).asLongStream().sum();
      assertTrue(search.compared() <= 100L * MANY + 27 * found,
          search.compared() + " distances for " + found + " pairs in " + dimensions + " dimensions");
      CellGrid grid = CellGrid.of(set, 0, radius);
      assertTrue(grid.isCrowded() || !grid.hasMoreCandidatesThan((double) CellGrid.CROWD * MANY + 27.0 * found),
          "cells serve only where few points are candidates: " + kind + " in " + dimensions + " dimensions");
    }
  }

  @Test
  void evenPointsAreSearchedByCells() {
    double[] x = Key.of(1).uniformDouble(3 * MANY);
    for (Space space : List.of(Space.open(3), Space.periodic(1, 1, 1))) {
      for (double radius : new double[] {1e-6, 0.01, 0.03, 0.3}) {
        assertTrue(!CellGrid.of(PointSets.of("radius", space, x, Indices.of(0, MANY)), 0, radius).isCrowded());
      }
    }
  }

  /// A point of 10,000 in 300 clumps is compared with about 60 others, less than a tree takes; one in a unit box that must reach
  /// another 100 away, with all.
  @Test
  void aTreeServesWhereAPointHasManyCandidatesAndNotWhereClumpsAreSmall() {
    int count = 10_000;
    double[] x = Key.of(3).uniformDouble(3 * count);
    float[] normal = Key.of(4).normal(3 * count);
    double[] clumps = new double[3 * count];
    Arrays.setAll(clumps, i -> x[i / 3 % 300 * 3 + i % 3] + 0.002 * normal[i]);
    double[] far = x.clone();
    Arrays.fill(far, 0, 3, 100);
    assertTrue(!gridOf(clumps, 0.002).isCrowded());
    assertTrue(!gridOf(clumps, 0.002).hasMoreCandidatesThan(100.0 * count));
    assertTrue(gridOf(far, 0.066).isCrowded());
  }

  private static CellGrid gridOf(double[] x, double radius) {
    return CellGrid.of(PointSets.of("radius", Space.open(3), x, PointSets.oneSet(Space.open(3), x)), 0, radius);
  }

  /// Candidates by comparing the cells of all pairs, along a line: 1 point in the first of 4 cells, 2 in the second, none, 3.
  @Test
  void candidatesAreThePointsInOneCellAndTheNext() { // 1 * 3 + 2 * 3 + 3 * 3
    CellGrid grid = CellGrid.of(PointSets.of("radius", Space.open(1), new double[] {0, 1.1, 1.2, 3.2, 3.3, 4},
        Indices.of(0, 6)), 0, 0.999);
    assertTrue(grid.hasMoreCandidatesThan(17));
    assertTrue(!grid.hasMoreCandidatesThan(18));
  }

  @ParameterizedTest
  @MethodSource("few")
  void cellsAndTreesFindTheSamePairs(Points points) {
    double[] x = points.positions();
    Space space = points.space();
    for (double radius : new double[] {1e-4, 0.05, 0.45}) {
      double limit = NeighborList.largestSquare(radius);
      CellGrid grid = CellGrid.of(PointSets.of("pairs", space, x, points.offsets()), 0, radius);
      assertEquals(collected(new GridPairs(space, x, grid, limit)),
          collected(new LeafPairs(new KdTree(space, x, 0, points.count()), radius, limit, 0)), points + ", " + radius);
    }
  }

  private static List<Long> collected(PairSearch search) {
    List<Long> visited = new ArrayList<>();
    List<Long> collected = new ArrayList<>();
    for (int block = 0; block < search.blocks(); block++) {
      search.visit(block, (p, q, square) -> visited.add(key(search.index(p), search.index(q))));
      int[] pairs = search.collect(block);
      IntStream.range(0, pairs.length / 2).forEach(e -> collected.add(key(pairs[2 * e], pairs[2 * e + 1])));
    }
    assertEquals(visited, collected);
    assertEquals(visited.size(), search.count());
    return collected.stream().sorted().toList();
  }

  private static long key(int a, int b) {
    return (long) Math.min(a, b) << 32 | Math.max(a, b);
  }

  /// Pairs that surely fit are not counted before they are sought, by a tree no more than by cells: 30,000 points have 450,000,000
  /// pairs, of which less than a tenth are in cells next to each other where one point is 30 boxes away along an axis.
  @Test
  void pairsFoundByATreeAreBoundedByTheirCells() {
    double[] x = Key.of(5).uniformDouble(3 * MANY);
    x[0] = 30;
    assertTrue(gridOf(x, 0.04).isCrowded());
    double most = PairSearch.of(Space.open(3), x, 0.04).most();
    long pairs = Pairs.within(Space.open(3), x, 0.04).count();
    assertTrue(most >= pairs && most < 0.1 * MANY * MANY / 2, most + " for " + pairs);
  }

  /// Blocks are shared among threads, so that one place must not be one block: 5,000 points at one have three.
  @Test
  void aCellOfManyPointsIsSearchedInBlocks() {
    double[] x = new double[3 * 5000];
    Space open = Space.open(3);
    GridPairs search = new GridPairs(open, x, gridOf(x, 0.1), NeighborList.largestSquare(0.1));
    assertEquals(3, search.blocks());
    long[] pairs = new long[1];
    for (int block = 0; block < 3; block++) {
      search.visit(block, (p, q, square) -> pairs[0]++);
    }
    assertEquals(5000L * 4999 / 2, pairs[0]);
  }

  @Test
  void theTreeDoesNotDependOnTheNumberOfThreads() {
    double[] x = points(Kind.CLUMPS, 3000, 3);
    Indices alone = Parallel.with(1, () -> SpanningTree.of(Space.open(3), x).edges().senderOf());
    for (int threads = 2; threads <= 5; threads++) {
      assertEquals(alone, Parallel.with(threads, () -> SpanningTree.of(Space.open(3), x).edges().senderOf()));
    }
  }
}
