package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.space.Points.Pair;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

/// Both searches against comparing all pairs.
class NeighborListTest {
  static Stream<Points> points() {
    return Points.all();
  }

  private static List<Pair> pairs(NeighborList near) {
    double[] distances = near.distances();
    return IntStream.range(0, distances.length)
        .mapToObj(e -> new Pair(near.edges().senderOf().at(e), near.edges().receiverOf().at(e), distances[e])).toList();
  }

  /// Radii that make many cells, few cells and one; multiples of a quarter, so that equality happens.
  private static List<Double> radii(Space space) {
    double most = space.largestRadius();
    List<Double> radii = new ArrayList<>(List.of(0.05, 0.25, 0.5, 0.75, 1.0));
    radii.addAll(Double.isInfinite(most) ? List.of(2.0, 100.0) : List.of(most * 0.999, Math.nextDown(most)));
    radii.removeIf(radius -> radius >= most);
    return radii;
  }

  @ParameterizedTest
  @MethodSource("points")
  void theRadiusGraphIsWhatComparingAllPairsFinds(Points points) {
    List<Pair> all = points.pairs();
    for (double radius : radii(points.space())) {
      NeighborList near = NeighborList.within(points.space(), points.positions(), radius);
      assertEquals(all.stream().filter(pair -> pair.distance() <= radius).toList(), pairs(near), "radius " + radius);
      assertDisplacements(points, near);
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void theNearestAreWhatSortingAllDistancesFinds(Points points) {
    for (Itself itself : Itself.values()) {
      int most = itself == Itself.INCLUDED ? points.count() : points.count() - 1;
      for (int k : new int[] {1, 2, 7, 29, most}) {
        if (k >= 1 && k <= most) {
          NeighborList near = NeighborRule.nearest(points.space(), k).itself(itself).apply(points.positions());
          assertEquals(sorted(points, k, itself), pairs(near), "k " + k + ", itself " + itself);
          assertDisplacements(points, near);
        }
      }
    }
  }

  static Stream<Points> manyPoints() {
    double[] periods = {5, 3, 7};
    double[] wide = {40, 40, 40};
    return Stream.of(Points.uniform(Space.periodic(periods), periods, 3000),
        Points.uniform(Space.open(3), periods, 1500), Points.clustered(Space.periodic(periods), periods, 1500),
        Points.onLattice(Space.periodic(periods), periods, 1500),
        Points.uniform(Space.triclinic(Points.SKEWED), wide, 1500),
        Points.onLattice(Space.triclinic(Points.HEXAGONAL), wide, 1500));
  }

  /// So many that the tree has several groups of leaves.
  @ParameterizedTest
  @MethodSource("manyPoints")
  void theNearestOfManyAreWhatSortingAllDistancesFinds(Points points) {
    for (int k : new int[] {1, 16, 100}) {
      NeighborList near = NeighborList.nearest(points.space(), points.positions(), k);
      for (int t = 0; t < points.count(); t += 7) {
        double[] at = points.point(t);
        int receiver = t;
        double[] squares = IntStream.range(0, points.count())
            .mapToDouble(s -> square(points.space().displacement(at, points.point(s)))).toArray();
        List<Integer> expected = IntStream.range(0, points.count()).filter(s -> s != receiver).boxed()
            .sorted(Comparator.comparingDouble(s -> squares[s])).limit(k).toList();
        int first = t * k;
        assertEquals(expected,
            IntStream.range(first, first + k).mapToObj(e -> near.edges().senderOf().at(e)).toList(),
            points.name() + ", k " + k + ", point " + t);
      }
    }
  }

  /// By squares, which is what decides: the roots of different squares may be equal.
  private static List<Pair> sorted(Points points, int k, Itself itself) {
    List<Pair> all = new ArrayList<>();
    for (int t = 0; t < points.count(); t++) {
      int receiver = t;
      double[] at = points.point(t);
      IntStream.range(0, points.count()).filter(s -> s != receiver || itself == Itself.INCLUDED).boxed()
          .sorted(Comparator.comparingDouble(s -> square(points.space().displacement(at, points.point(s)))))
          .limit(k).forEach(s -> all.add(new Pair(s, receiver, points.space().distance(at, points.point(s)))));
    }
    return all;
  }

  private static double square(double[] d) {
    double sum = 0;
    for (double x : d) {
      sum += x * x;
    }
    return sum;
  }

  private static void assertDisplacements(Points points, NeighborList near) {
    int dimensions = points.space().dimensions();
    double[] expected = new double[near.edges().edges() * dimensions];
    for (int e = 0; e < near.edges().edges(); e++) {
      double[] d = points.space().displacement(points.point(near.edges().receiverOf().at(e)),
          points.point(near.edges().senderOf().at(e)));
      System.arraycopy(d, 0, expected, e * dimensions, dimensions);
    }
    assertArrayEquals(expected, near.displacements(), 0);
    assertArrayEquals(expected, withShifts(points, near), 1e-13);
  }

  /// x_s - x_r + n . lattice.
  private static double[] withShifts(Points points, NeighborList near) {
    int dimensions = points.space().dimensions();
    double[][] lattice = points.space().lattice();
    Indices shifts = near.shifts();
    double[] all = new double[near.edges().edges() * dimensions];
    for (int i = 0; i < all.length; i++) {
      int e = i / dimensions;
      int axis = i % dimensions;
      all[i] = points.point(near.edges().senderOf().at(e))[axis] - points.point(near.edges().receiverOf().at(e))[axis];
      for (int vector = 0; vector < dimensions; vector++) {
        all[i] += shifts.at(e * dimensions + vector) * lattice[vector][axis];
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("points")
  void anEdgeAndItsReverseAreThereTogetherWithOppositeDisplacements(Points points) {
    double radius = Math.min(1.1, points.space().largestRadius());
    NeighborList near = NeighborList.within(points.space(), points.positions(), radius);
    assertTrue(near.edges().isSymmetric());
    Map<List<Integer>, Double> first = new HashMap<>();
    double[] d = near.displacements();
    for (int e = 0; e < near.edges().edges(); e++) {
      first.put(List.of(near.edges().senderOf().at(e), near.edges().receiverOf().at(e)),
          d[e * points.space().dimensions()]);
    }
    first.forEach((edge, x) -> assertEquals(-x, first.getOrDefault(edge.reversed(), Double.NaN), 0, edge.toString()));
  }

  /// Multiples of 1/8 in boxes of whole numbers are moved without rounding.
  @ParameterizedTest
  @MethodSource("points")
  void aShiftOfAPeriodicBoxChangesNothing(Points points) {
    if (!points.name().equals("on a lattice") || Double.isInfinite(points.space().largestRadius())) {
      return;
    }
    double radius = points.space().largestRadius() * 0.7;
    double[] moved = points.positions().clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += 1.625 + i % points.space().dimensions();
    }
    NeighborList before = NeighborList.within(points.space(), points.positions(), radius);
    NeighborList after = NeighborList.within(points.space(), points.space().wrap(moved), radius);
    assertEquals(before.edges().senderOf(), after.edges().senderOf());
    assertEquals(before.edges().receiverOf(), after.edges().receiverOf());
    assertArrayEquals(before.displacements(), after.displacements(), 1e-12);
  }

  @Test
  void aBatchIsItsSetsOneAfterTheOther() {
    Space box = Space.periodic(2, 2);
    double[] x = Key.of(5).uniformDouble(2 * 400);
    int[] offsets = {0, 0, 3, 120, 120, 400, 400};
    for (Itself itself : Itself.values()) {
      for (boolean nearest : new boolean[] {false, true}) {
        List<Pair> singles = new ArrayList<>();
        List<Double> displacements = new ArrayList<>();
        for (int set = 0; set + 1 < offsets.length; set++) {
          int first = offsets[set];
          double[] own = Arrays.copyOfRange(x, 2 * first, 2 * offsets[set + 1]);
          NeighborList single = find(nearest, box, own, Indices.of(0, own.length / 2), itself);
          pairs(single).forEach(p -> singles.add(new Pair(p.sender() + first, p.receiver() + first, p.distance())));
          Arrays.stream(single.displacements()).forEach(displacements::add);
        }
        NeighborList batch = find(nearest, box, x, Indices.of(offsets), itself);
        assertEquals(singles, pairs(batch));
        assertArrayEquals(displacements.stream().mapToDouble(d -> d).toArray(), batch.displacements());
        assertEquals(400, batch.edges().receivers());
      }
    }
  }

  private static NeighborList find(boolean nearest, Space space, double[] x, Indices offsets, Itself itself) {
    return nearest
        ? NeighborRule.nearest(space, 2).itself(itself).apply(x, offsets)
        : NeighborRule.within(space, 0.2).itself(itself).apply(x, offsets);
  }

  @Test
  void thousandsOfPointsInManyBlocksAgreeWithAllPairs() { // of a sample
    Space box = Space.periodic(1, 1, 1);
    double[] x = Key.of(11).uniformDouble(3 * 20000);
    NeighborList near = NeighborList.within(box, x, 0.05);
    NeighborList nearest = NeighborList.nearest(box, x, 9);
    Points points = new Points("uniform", box, x);
    for (int t = 0; t < 20000; t += 997) {
      int receiver = t;
      List<Integer> byDistance = IntStream.range(0, 20000).filter(s -> s != receiver).boxed()
          .sorted(Comparator.comparingDouble(s -> box.distance(points.point(receiver), points.point(s)))).toList();
      assertEquals(byDistance.subList(0, 9), senders(nearest, t));
      assertEquals(
          byDistance.stream().takeWhile(s -> box.distance(points.point(receiver), points.point(s)) <= 0.05).sorted()
              .toList(),
          senders(near, t));
    }
    NeighborList again = NeighborList.within(box, x, 0.05);
    assertArrayEquals(near.displacements(), again.displacements());
  }

  private static List<Integer> senders(NeighborList near, int receiver) {
    Indices offsets = near.edges().byReceiver().offsets();
    return IntStream.range(offsets.at(receiver), offsets.at(receiver + 1))
        .mapToObj(near.edges().senderOf()::at).toList();
  }

  @Test
  void whatIsExactlyAtTheRadiusIsWithin() { // 0.3^2 + 0.4^2 = 0.5^2, 0.1 + 0.2 > 0.3 in binary
    assertEquals(2, NeighborList.within(Space.open(2), new double[] {0, 0, 0.3, 0.4}, 0.5).edges().edges());
    assertEquals(2, NeighborList.within(Space.open(1), new double[] {0, 0.1}, 0.1).edges().edges());
    assertEquals(0, NeighborList.within(Space.open(1), new double[] {0, 0.1 + 0.2}, 0.3).edges().edges());
    NeighborList opposite = NeighborList.within(Space.periodic(1), new double[] {0.125, 0.625}, 0.5); // in two images
    assertEquals(Indices.of(1, 1, 0, 0), opposite.edges().senderOf());
    assertEquals(Indices.of(-1, 0, 0, 1), opposite.shifts());
  }

  @Test
  void equalDistancesAreOrderedByIndex() { // all at distance 1 from the last
    double[] x = {1, 0, 0, 1, -1, 0, 0, -1, 0, 0};
    NeighborList near = NeighborList.nearest(Space.open(2), x, 3);
    assertEquals(List.of(0, 1, 2), senders(near, 4));
    assertArrayEquals(new double[] {1, 0, 0, 1, -1, 0}, Arrays.copyOfRange(near.displacements(), 24, 30));
    double[] same = new double[12]; // six points at one place: each is in its own list only if its index is low enough
    NeighborList loops = NeighborRule.nearest(Space.open(2), 2).itself(Itself.INCLUDED).apply(same);
    assertEquals(List.of(0, 1), senders(loops, 1));
    assertEquals(List.of(0, 1), senders(loops, 5));
  }

  @Test
  void featuresAreTheDisplacementsAndDistances() { // 0.9 to 0.1 across the face of a unit box
    NeighborList near = NeighborList.within(Space.periodic(1, 1), new double[] {0.875, 0, 0.125, 0}, 0.3);
    assertEquals(Indices.of(1, 0), near.edges().senderOf());
    assertEquals(Indices.of(0, 1), near.edges().receiverOf());
    assertArrayEquals(new double[] {0.25, 0, -0.25, 0}, near.displacementFeatures().toDoubles());
    assertEquals("[2, 2]", near.displacementFeatures().shape().toString());
    assertArrayEquals(new double[] {0.25, 0.25}, near.distanceFeatures().toDoubles());
    assertEquals("[2, 1]", near.distanceFeatures().shape().toString());
  }

  @Test
  void badInputIsNamed() {
    Space box = Space.periodic(1, 2);
    double[] good = {0.5, 0.5, 0.25, 1.5};
    for (double radius : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertError("radius graph: radius " + radius + "; 1e-150 to 1e150 is required",
          () -> NeighborList.within(Space.open(2), good, radius));
    }
    assertError(
        "radius graph: position 1 is [0.25, 2.0], outside the box [0, 1.0) x [0, 2.0); Space.wrap gives its image"
            + " inside",
        () -> NeighborList.within(box, new double[] {0.5, 0.5, 0.25, 2}, 0.1));
    assertError("k-nearest graph: position 0 is [-0.5, 0.5], outside the box [0, 1.0) x [0, 2.0); Space.wrap gives its"
        + " image inside", () -> NeighborList.nearest(box, new double[] {-0.5, 0.5, 0, 0}, 1));
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertError("radius graph: position 1 is [0.25, " + bad + "]; finite coordinates up to 1e150 are required",
          () -> NeighborList.within(Space.open(2), new double[] {0.5, 0.5, 0.25, bad}, 0.1));
    }
    assertError("radius graph: 3 coordinates in 2 dimensions; a multiple is required",
        () -> NeighborList.within(box, new double[3], 0.1));
    assertError("k-nearest graph: k is 2 for 2 points; 1 to 1 is required", () -> NeighborList.nearest(box, good, 2));
    assertError("k-nearest graph: k is 0; at least 1 is required", () -> NeighborList.nearest(box, good, 0));
    assertError("radius graph: at most 0 neighbors; at least 1 is required",
        () -> NeighborRule.within(box, 0.1).atMost(0));
    assertError("k-nearest graph: k is 3 for 2 points; 1 to 2 is required",
        () -> NeighborList.nearest(box, good, new double[] {0.5, 0.5}, 3));
    assertError("radius graph: 1 sets of senders and 2 of receivers; as many are required",
        () -> NeighborRule.within(box, 0.1).between(good, Indices.of(0, 2), good, Indices.of(0, 1, 2)));
    assertError("k-nearest graph: k is 2 for 1 points of set 1; 1 to 1 is required",
        () -> NeighborRule.nearest(Space.open(1), 2).itself(Itself.INCLUDED).apply(good, Indices.of(0, 3, 4)));
    assertError("radius graph: offsets [0, 3] for 2 points; ascending from 0 to there is required",
        () -> NeighborRule.within(box, 0.1).apply(good, Indices.of(0, 3)));
  }

  private static void assertError(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
