package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// Neighbors that are told apart by image, and neighbors in another set, against comparing all images.
class ImagesTest {
  /// An edge; the square is that of its distance.
  record Edge(int sender, int receiver, List<Integer> shift, double square) {
    boolean isLoop() { return sender == receiver && shift.stream().allMatch(n -> n == 0); }
  }

  private static final Comparator<Edge> BY_SENDER = Comparator.comparingInt(Edge::receiver)
      .thenComparingInt(Edge::sender).thenComparing(Edge::shift, ImagesTest::compare);
  private static final Comparator<Edge> BY_DISTANCE = Comparator.comparingInt(Edge::receiver)
      .thenComparingDouble(Edge::square).thenComparing(BY_SENDER);

  private static int compare(List<Integer> a, List<Integer> b) {
    return Arrays.compare(a.stream().mapToInt(n -> n).toArray(), b.stream().mapToInt(n -> n).toArray());
  }

  static Stream<Space> spaces() {
    double[][] skewed = {{1, 0, 0}, {0.85, 0.7, 0}, {-0.5, 0.8, 0.9}};
    double[][] needsReduction = {{1, 0, 0}, {2.7, 1.3, 0}, {-2.6, 1.1, 1.7}};
    double[][] hexagonal = {{1, 0}, {0.5, Math.sqrt(0.75)}};
    return Stream.of(Space.periodic(1), Space.periodic(2, 1), Space.periodic(1, 1.5, 2),
        Space.periodic(1, 1.5, 2).openAlong(1), Space.periodic(1, 1.5, 2).openAlong(0, 2), Space.triclinic(skewed),
        Space.triclinic(hexagonal), Space.triclinic(needsReduction), Space.triclinic(skewed).openAlong(0),
        Space.triclinic(skewed).openAlong(2), Space.triclinic(needsReduction).openAlong(1),
        Space.triclinic(skewed).openAlong(0, 1), Space.triclinic(hexagonal).openAlong(0), Space.open(2));
  }

  /// Beyond the box along open directions.
  private static double[] points(Space space, int count, int seed) {
    double[] x = Key.of(seed).uniformDouble(count * space.dimensions());
    for (int i = 0; i < x.length; i++) {
      x[i] = 4 * x[i] - 1.5;
    }
    return space.wrap(x);
  }

  private static List<Edge> edges(NeighborList near) {
    int dimensions = near.space().dimensions();
    double[] d = near.displacements();
    Indices shifts = near.shifts();
    return IntStream.range(0, near.edges().edges()).mapToObj(e -> {
      double square = 0;
      for (int axis = 0; axis < dimensions; axis++) {
        square += d[e * dimensions + axis] * d[e * dimensions + axis];
      }
      return new Edge(near.edges().senderOf().at(e), near.edges().receiverOf().at(e),
          IntStream.range(0, dimensions).mapToObj(i -> shifts.at(e * dimensions + i)).toList(), square);
    }).toList();
  }

  private static void assertEdges(List<Edge> expected, NeighborList near, String what) {
    List<Edge> found = edges(near);
    assertEquals(ends(expected), ends(found), what);
    assertArrayEquals(expected.stream().mapToDouble(Edge::square).toArray(),
        found.stream().mapToDouble(Edge::square).toArray(), 1e-12, what);
  }

  private static List<List<Object>> ends(List<Edge> edges) {
    return edges.stream().map(edge -> List.<Object>of(edge.sender(), edge.receiver(), edge.shift())).toList();
  }

  /// All images of all senders within a radius, measured one by one.
  private static List<Edge> allImages(Space space, double[] senders, double[] receivers, double radius) {
    int dimensions = space.dimensions();
    double[][] lattice = space.lattice();
    List<Edge> all = new ArrayList<>();
    int most = radius < 2 ? 12 : 24;
    int[] reach = IntStream.range(0, 3).map(i -> i < dimensions && Space.length(lattice[i]) > 0 ? most : 0).toArray();
    for (int t = 0; t < receivers.length / dimensions; t++) {
      for (int s = 0; s < senders.length / dimensions; s++) {
        for (int i = -reach[0]; i <= reach[0]; i++) {
          for (int j = -reach[1]; j <= reach[1]; j++) {
            for (int k = -reach[2]; k <= reach[2]; k++) {
              int[] n = {i, j, k};
              double square = 0;
              for (int axis = 0; axis < dimensions; axis++) {
                double along = 0;
                for (int vector = 0; vector < dimensions; vector++) {
                  along += n[vector] * lattice[vector][axis];
                }
                double d = senders[s * dimensions + axis] - receivers[t * dimensions + axis] + along;
                square += d * d;
              }
              if (Math.sqrt(square) <= radius) {
                assertTrue(IntStream.range(0, 3).allMatch(v -> reach[v] == 0 || Math.abs(n[v]) < most),
                    "more images must be compared");
                all.add(new Edge(s, t, IntStream.of(n).limit(dimensions).boxed().toList(), square));
              }
            }
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void everyImageWithinTheRadiusIsAnEdge(Space space) {
    for (int count : new int[] {0, 1, 2, 17}) {
      double[] x = points(space, count, 5);
      for (double radius : new double[] {0.3, 0.5, 1, 1.9}) {
        List<Edge> all = allImages(space, x, x, radius).stream().sorted(BY_SENDER).toList();
        String what = count + " points within " + radius + ", seed 5";
        NeighborRule.Within rule = NeighborRule.within(space, radius);
        assertEdges(all.stream().filter(edge -> !edge.isLoop()).toList(), rule.apply(x), what);
        assertEdges(all, rule.itself(Itself.INCLUDED).apply(x), what);
        double[] others = points(space, 11, 6);
        assertEdges(allImages(space, x, others, radius).stream().sorted(BY_SENDER).toList(),
            NeighborList.within(space, x, others, radius), what + ", of another set");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void theNearestOverImagesAreWhatSortingAllImagesFinds(Space space) {
    if (Double.isInfinite(space.largestRadius())) {
      return;
    }
    for (int count : new int[] {1, 3, 17}) {
      double[] x = points(space, count, 7);
      double[] others = points(space, 5, 8);
      List<Edge> all = allImages(space, x, x, 3.2);
      List<Edge> toOthers = allImages(space, x, others, count == 17 ? 3.2 : 5.5);
      for (int k : count == 17 ? new int[] {1, 4, 9} : new int[] {1, 3}) {
        NeighborRule.Nearest rule = NeighborRule.nearest(space, k).overImages();
        String what = "seeds 7 and 8, k " + k;
        assertEdges(first(k, all.stream().filter(edge -> !edge.isLoop())), rule.apply(x), what);
        assertEdges(first(k, all.stream()), rule.itself(Itself.INCLUDED).apply(x), what);
        assertEdges(first(k, toOthers.stream()), rule.between(x, others), what);
      }
    }
  }

  /// Of each receiver the first k.
  private static List<Edge> first(int k, Stream<Edge> edges) {
    List<Edge> sorted = edges.sorted(BY_DISTANCE).toList();
    List<Edge> first = new ArrayList<>();
    for (int e = 0; e < sorted.size(); e++) {
      if (e < k || sorted.get(e).receiver() != sorted.get(e - k).receiver()) {
        first.add(sorted.get(e));
      }
    }
    return first;
  }

  @Test
  void aFaceCenteredCellOfOneAtomHasTheShellsOfTheCrystal() {
    Space cell = Space.triclinic(new double[][] {{0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}});
    double[] atom = {0.1, 0.2, 0.05};
    int[] shells = {12, 6, 24, 12, 24, 8, 48, 6}; // at squares of 1/2, 1, 3/2, ...
    int total = 0;
    for (int shell = 0; shell < shells.length; shell++) {
      total += shells[shell];
      NeighborList near = NeighborList.within(cell, cell.wrap(atom), Math.sqrt(0.5 * (shell + 1)) + 1e-9);
      assertEquals(total, near.edges().edges());
      double farthest = Arrays.stream(near.distances()).max().orElse(0);
      assertEquals(0.5 * (shell + 1), farthest * farthest, 1e-12);
    }
    double[] distances = NeighborRule.nearest(cell, 18).overImages().apply(cell.wrap(atom)).distances();
    assertEquals(Math.sqrt(0.5), distances[11], 1e-12);
    assertEquals(1, distances[12], 1e-12);
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void anEdgeAndItsReverseHaveOppositeShiftsAndDisplacements(Space space) {
    double[] x = points(space, 9, 3);
    NeighborList near = NeighborList.within(space, x, 1.7);
    List<Edge> edges = edges(near);
    double[] d = near.displacements();
    int dimensions = space.dimensions();
    for (int e = 0; e < edges.size(); e++) {
      Edge edge = edges.get(e);
      int back = edges.indexOf(new Edge(edge.receiver(), edge.sender(), edge.shift().stream().map(n -> -n).toList(),
          edge.square()));
      assertTrue(back >= 0, "no reverse of " + edge);
      for (int axis = 0; axis < dimensions; axis++) {
        assertEquals(-d[e * dimensions + axis] + 0.0, d[back * dimensions + axis] + 0.0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void theNearestOfAnotherSetAreWhatSortingAllDistancesFinds(Space space) {
    for (int[] counts : new int[][] {{1, 1}, {5, 40}, {300, 120}, {40, 3}}) {
      double[] senders = points(space, counts[0], 11);
      double[] receivers = points(space, counts[1], 12);
      if (counts[0] == 300) { // far from where most receivers are, and close together
        Arrays.setAll(senders, i -> i < 450 ? senders[i] * 0.01 : senders[i]);
      }
      double[] wrapped = space.wrap(senders);
      for (int k : new int[] {1, 3, counts[0]}) {
        if (k > counts[0]) {
          continue;
        }
        NeighborList near = NeighborList.nearest(space, wrapped, receivers, k);
        List<Integer> expected = new ArrayList<>();
        for (int t = 0; t < counts[1]; t++) {
          double[] at = point(space, receivers, t);
          double[] squares = IntStream.range(0, counts[0])
              .mapToDouble(s -> square(space.displacement(at, point(space, wrapped, s)))).toArray();
          IntStream.range(0, counts[0]).boxed().sorted(Comparator.comparingDouble(s -> squares[s])).limit(k)
              .forEach(expected::add);
        }
        assertEquals(expected, Arrays.stream(near.edges().senderOf().toArray()).boxed().toList(), "k " + k);
        assertEquals(counts[0], near.edges().senders());
        assertEquals(counts[1], near.edges().receivers());
      }
    }
  }

  private static double[] point(Space space, double[] x, int i) {
    return Arrays.copyOfRange(x, i * space.dimensions(), (i + 1) * space.dimensions());
  }

  private static double square(double[] d) {
    return Arrays.stream(d).map(x -> x * x).sum();
  }

  @Test
  void setsOfABatchAreSearchedInTheirOwnSendersOnly() {
    Space box = Space.periodic(1, 1);
    double[] senders = points(box, 30, 1);
    double[] receivers = points(box, 20, 2);
    Indices from = Indices.of(0, 0, 12, 30);
    Indices to = Indices.of(0, 5, 5, 20);
    for (NeighborRule rule : List.of(NeighborRule.within(box, 0.2), NeighborRule.within(box, 0.9),
        NeighborRule.nearest(box, 2).orFewer(), NeighborRule.nearest(box, 7).orFewer().overImages())) {
      List<Edge> singles = new ArrayList<>();
      for (int set = 0; set < 3; set++) {
        int firstSender = from.at(set);
        int firstReceiver = to.at(set);
        edges(rule.between(Arrays.copyOfRange(senders, 2 * firstSender, 2 * from.at(set + 1)),
            Arrays.copyOfRange(receivers, 2 * firstReceiver, 2 * to.at(set + 1)))).forEach(
                e -> singles
                    .add(new Edge(e.sender() + firstSender, e.receiver() + firstReceiver, e.shift(), e.square())));
      }
      assertEquals(singles, edges(rule.between(senders, from, receivers, to)), rule.toString());
    }
  }

  @Test
  void whereThereAreFewerThanKThoseAreTakenIfAskedFor() {
    Space box = Space.periodic(1, 1);
    double[] x = points(box, 4, 9);
    assertThrows(IllegalArgumentException.class, () -> NeighborList.nearest(box, x, 4));
    assertEquals(edges(NeighborList.nearest(box, x, 3)), edges(NeighborRule.nearest(box, 9).orFewer().apply(x)));
    assertEquals(0, NeighborRule.nearest(box, 9).orFewer().apply(new double[2]).edges().edges());
    assertEquals(9, NeighborRule.nearest(box, 9).overImages().apply(new double[2]).edges().edges(), "images of itself");
    assertEquals(0, NeighborRule.nearest(box, 2).orFewer().overImages().between(new double[0], x).edges().edges());
    assertThrows(IllegalArgumentException.class,
        () -> NeighborRule.nearest(box, 2).overImages().between(new double[0], x));
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void atMostSoManyAreTheNearestOfThem(Space space) {
    double[] x = points(space, 13, 4);
    for (double radius : new double[] {0.45, 1.4}) {
      for (int most : new int[] {1, 5, 1000}) {
        assertEquals(first(most, edges(NeighborList.within(space, x, radius)).stream()),
            edges(NeighborRule.within(space, radius).atMost(most).apply(x)), "seed 4, at most " + most);
      }
    }
  }

  static Stream<Function<NeighborRule, NeighborList>> searches() {
    double[] x = Key.of(21).uniformDouble(3 * 3000);
    double[] others = Key.of(22).uniformDouble(3 * 1100);
    return Stream.of(rule -> rule.apply(x), rule -> rule.between(x, others));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void theEdgesAndTheirOrderDoNotDependOnTheNumberOfThreads(Function<NeighborRule, NeighborList> search) {
    Space box = Space.periodic(1, 1, 1);
    Space slab = Space.triclinic(new double[][] {{1, 0, 0}, {0.5, 1, 0}, {0.3, 0.2, 1}}).openAlong(2);
    for (NeighborRule rule : List.of(NeighborRule.within(box, 0.08), NeighborRule.within(box, 0.1).atMost(4),
        NeighborRule.nearest(box, 5), NeighborRule.nearest(box, 6).overImages())) {
      NeighborList alone = Parallel.with(1, () -> search.apply(rule));
      for (int threads = 2; threads <= 4; threads++) {
        NeighborList together = Parallel.with(threads, () -> search.apply(rule));
        assertEquals(alone.edges().senderOf(), together.edges().senderOf(), rule.toString());
        assertEquals(alone.edges().receiverOf(), together.edges().receiverOf(), rule.toString());
        assertEquals(alone.shifts(), together.shifts(), rule.toString());
      }
    }
    double[] x = slab.wrap(Key.of(23).uniformDouble(3 * 500));
    NeighborList alone = Parallel.with(1, () -> NeighborList.within(slab, x, 0.6));
    NeighborList together = Parallel.with(3, () -> NeighborList.within(slab, x, 0.6));
    assertEquals(alone.edges().senderOf(), together.edges().senderOf());
    assertArrayEquals(alone.displacements(), together.displacements());
  }

  @Test
  void moreImagesThanCanBeComparedAreRefused() {
    assertThrows(ArithmeticException.class, () -> NeighborList.within(Space.periodic(1, 1), new double[2], 1e6));
    assertThrows(ArithmeticException.class, () -> NeighborList.within(Space.periodic(1, 1), new double[2], 1e100));
  }
}
