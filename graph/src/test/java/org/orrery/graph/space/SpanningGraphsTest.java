package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;

class SpanningGraphsTest {
  static Stream<Points> points() {
    return Points.all();
  }

  private static double total(NeighborList tree) {
    return Arrays.stream(tree.distances()).sum() / 2;
  }

  /// Prim's algorithm over all pairs: the total length of the tree.
  private static double prim(Space space, double[] x) {
    int count = x.length / space.dimensions();
    double[] nearest = new double[count];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    boolean[] inside = new boolean[count];
    double total = 0;
    for (int step = 0; step < count; step++) {
      int next = IntStream.range(0, count).filter(i -> !inside[i]).boxed()
          .min(Comparator.comparingDouble(i -> nearest[i])).orElseThrow();
      inside[next] = true;
      total += step == 0 ? 0 : nearest[next];
      for (int i = 0; i < count; i++) {
        nearest[i] = Math.min(nearest[i], space.distance(at(space, x, next), at(space, x, i)));
      }
    }
    return total;
  }

  private static double[] at(Space space, double[] x, int i) {
    return Arrays.copyOfRange(x, i * space.dimensions(), (i + 1) * space.dimensions());
  }

  @ParameterizedTest
  @MethodSource("points")
  void theTreeHasTheLengthThatComparingAllPairsFinds(Points points) {
    int count = points.positions().length / points.space().dimensions();
    NeighborList tree = SpanningTree.of(points.space(), points.positions());
    assertEquals(2 * Math.max(0, count - 1), tree.edges().edges(), points.toString());
    assertEquals(prim(points.space(), points.positions()), total(tree), 1e-9 * (1 + total(tree)), points.toString());
    assertTrue(tree.edges().isSymmetric(), points.toString());
  }

  @Test
  void manyPointsGiveTheTreeOfAllPairs() { // more than are compared pair by pair
    Points points = Points.uniform(Space.periodic(1, 1, 1), new double[] {1, 1, 1}, 900);
    NeighborList tree = SpanningTree.of(points.space(), points.positions());
    assertEquals(prim(points.space(), points.positions()), total(tree), 1e-9);
    Points open = Points.clustered(Space.open(2), new double[] {1, 1}, 900);
    assertEquals(prim(open.space(), open.positions()), total(SpanningTree.of(open.space(), open.positions())), 1e-9);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 60})
  void noPointLiesInTheCircleOfATriangle(int count) {
    double[] x = Points.uniform(Space.open(2), new double[] {1, 1}, count).positions();
    Sparse edges = Delaunay.edges(x);
    Set<Long> sides = new HashSet<>();
    for (int e = 0; e < edges.edges(); e++) {
      sides.add(((long) edges.senderOf().at(e) << 32) | edges.receiverOf().at(e));
    }
    Set<Long> expected = new HashSet<>();
    for (int i = 0; i < count; i++) { // a side is there where some triangle over it has an empty circle
      for (int j = i + 1; j < count; j++) {
        for (int k = j + 1; k < count; k++) {
          if (isEmpty(x, i, j, k)) {
            for (int[] side : new int[][] {{i, j}, {j, i}, {i, k}, {k, i}, {j, k}, {k, j}}) {
              expected.add(((long) side[0] << 32) | side[1]);
            }
          }
        }
      }
    }
    assertEquals(expected, sides);
  }

  private static boolean isEmpty(double[] x, int a, int b, int c) {
    double orientation = orientation(x, a, b, c);
    for (int p = 0; p < x.length / 2; p++) {
      if (p != a && p != b && p != c && orientation * inCircle(x, a, b, c, p) > 0) {
        return false;
      }
    }
    return true;
  }

  private static double orientation(double[] x, int a, int b, int c) {
    return (x[2 * b] - x[2 * a]) * (x[2 * c + 1] - x[2 * a + 1])
        - (x[2 * b + 1] - x[2 * a + 1]) * (x[2 * c] - x[2 * a]);
  }

  private static double inCircle(double[] x, int a, int b, int c, int p) {
    double[][] m = new double[3][];
    int[] corners = {a, b, c};
    for (int r = 0; r < 3; r++) {
      double dx = x[2 * corners[r]] - x[2 * p];
      double dy = x[2 * corners[r] + 1] - x[2 * p + 1];
      m[r] = new double[] {dx, dy, dx * dx + dy * dy};
    }
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  }

  @Test
  void theTriangulationHoldsTheSpanningTree() {
    double[] x = Points.uniform(Space.open(2), new double[] {1, 1}, 200).positions();
    Sparse sides = Delaunay.edges(x);
    List<Long> all = new ArrayList<>();
    for (int e = 0; e < sides.edges(); e++) {
      all.add(((long) sides.senderOf().at(e) << 32) | sides.receiverOf().at(e));
    }
    Sparse tree = SpanningTree.of(Space.open(2), x).edges();
    for (int e = 0; e < tree.edges(); e++) {
      assertTrue(all.contains(((long) tree.senderOf().at(e) << 32) | tree.receiverOf().at(e)), "edge " + e);
    }
  }

  @Test
  void degeneratePointsHaveNeighborsToo() {
    assertEquals(0, Delaunay.edges(new double[] {}).edges());
    assertEquals(0, Delaunay.edges(new double[] {1, 2}).edges());
    assertEquals(2, Delaunay.edges(new double[] {1, 2, 3, 4}).edges());
    Sparse line = Delaunay.edges(new double[] {0, 0, 3, 3, 1, 1, 2, 2}); // on one line: 0, 2, 3, 1
    assertEquals(Indices.of(2, 3, 0, 3, 1, 2), line.senderOf());
    assertEquals(Indices.of(0, 1, 2, 2, 3, 3), line.receiverOf());
    Sparse square = Delaunay.edges(new double[] {0, 0, 1, 0, 0, 1, 1, 1}); // four sides and one diagonal
    assertEquals(10, square.edges());
    var twice = assertThrows(IllegalArgumentException.class, () -> Delaunay.of(new double[] {0, 1, 2, 3, 0, 1}));
    assertEquals("delaunay: points 0 and 2 are both at (0.0, 1.0); different places are required", twice.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Delaunay.of(new double[] {0, Double.NaN}));
    assertThrows(IllegalArgumentException.class, () -> Delaunay.of(new double[3]));
    assertThrows(IllegalArgumentException.class, () -> SpanningTree.of(Space.periodic(1), new double[] {2}));
  }
}
