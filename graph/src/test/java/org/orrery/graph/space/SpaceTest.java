package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

class SpaceTest {
  static Stream<double[][]> cells() {
    return Stream.of(Points.SKEWED, Points.HEXAGONAL, Points.NEEDS_REDUCTION, new double[][] {{3}},
        new double[][] {{2, 0, 0}, {0, 2, 0}, {0, 0, 2}}, // all ties: simple, body- and face-centered cubic
        new double[][] {{-1, 1, 1}, {1, -1, 1}, {1, 1, -1}}, new double[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}});
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theShortestImageIsTheShortestOfManyImages(double[][] cell) {
    Space space = Space.triclinic(cell);
    int dimensions = cell.length;
    double[] x = Key.of(3).uniformDouble(2 * dimensions * 200);
    for (int at = 0; at < x.length; at += 2 * dimensions) {
      double[] from = new double[dimensions];
      double[] to = new double[dimensions];
      for (int axis = 0; axis < dimensions; axis++) {
        from[axis] = 30 * x[at + axis] - 15;
        to[axis] = 30 * x[at + dimensions + axis] - 15;
      }
      double[] d = space.displacement(from, to);
      double length = Space.length(d);
      assertEquals(shortestImage(cell, d), length, 1e-12 * length, "points " + at);
      assertIsAnImage(cell, from, to, d);
      double[] back = space.displacement(to, from);
      for (int axis = 0; axis < dimensions; axis++) {
        assertEquals(-d[axis], back[axis], 0.0, "points " + at);
      }
    }
  }

  private static double shortestImage(double[][] cell, double[] d) {
    double shortest = Double.POSITIVE_INFINITY;
    int[] reach = {9, cell.length > 1 ? 9 : 0, cell.length > 2 ? 9 : 0};
    for (int i = -reach[0]; i <= reach[0]; i++) {
      for (int j = -reach[1]; j <= reach[1]; j++) {
        for (int k = -reach[2]; k <= reach[2]; k++) {
          int[] n = {i, j, k};
          double[] image = d.clone();
          for (int v = 0; v < cell.length; v++) {
            for (int axis = 0; axis < cell.length; axis++) {
              image[axis] += n[v] * cell[v][axis];
            }
          }
          shortest = Math.min(shortest, Space.length(image));
        }
      }
    }
    return shortest;
  }

  /// to - from and the displacement have the same place in the cell.
  private static void assertIsAnImage(double[][] cell, double[] from, double[] to, double[] d) {
    double[] difference = new double[d.length];
    for (int axis = 0; axis < d.length; axis++) {
      difference[axis] = to[axis] - from[axis] - d[axis];
    }
    assertEquals(0, Space.triclinic(cell).distance(new double[d.length], difference), 1e-12);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theLargestRadiusIsHalfTheShortestLatticeVector(double[][] cell) {
    double shortest = Double.POSITIVE_INFINITY;
    for (int i = -9; i <= 9; i++) {
      for (int j = -9; j <= 9; j++) {
        for (int k = -9; k <= 9; k++) {
          int[] n = {i, j, k};
          double[] sum = new double[cell.length];
          for (int v = 0; v < cell.length; v++) {
            for (int axis = 0; axis < cell.length; axis++) {
              sum[axis] += n[v] * cell[v][axis];
            }
          }
          double length = Space.length(sum);
          shortest = length > 0 ? Math.min(shortest, length) : shortest;
        }
      }
    }
    assertEquals(shortest / 2, Space.triclinic(cell).largestRadius(), 1e-12);
  }

  @Test
  void aCellOfPerpendicularVectorsIsABox() {
    Space box = Space.periodic(5, 3, 7);
    Space cell = Space.triclinic(new double[][] {{5, 0, 0}, {0, 3, 0}, {0, 0, 7}});
    assertEquals(1.5, box.largestRadius());
    assertEquals(1.5, cell.largestRadius());
    double[] x = Key.of(8).uniformDouble(6 * 100);
    for (int at = 0; at < x.length; at += 6) {
      double[] a = {20 * x[at], 20 * x[at + 1], 20 * x[at + 2]};
      double[] b = {20 * x[at + 3], -20 * x[at + 4], 20 * x[at + 5]};
      assertArrayEquals(box.displacement(a, b), cell.displacement(a, b), 1e-12);
      assertArrayEquals(box.wrap(a), cell.wrap(a), 1e-12);
    }
  }

  @Test
  void openSpaceSubtracts() {
    Space space = Space.open(2);
    assertArrayEquals(new double[] {3, -4}, space.displacement(new double[] {1, 2}, new double[] {4, -2}));
    assertEquals(5, space.distance(new double[] {1, 2}, new double[] {4, -2}));
    assertArrayEquals(new double[] {1e9, -3}, space.wrap(new double[] {1e9, -3}));
    assertArrayEquals(new double[] {2, 1}, space.centroid(new double[] {1, 2, 3, 0}));
    assertEquals(Double.POSITIVE_INFINITY, space.largestRadius());
  }

  @Test
  void wrappedPointsLieInTheBoxAndStayThere() {
    double[] hard = {-1e-20, 3, -3, -0.0, 2.9999999999999996, 1e17, -1e17, 6, 5.999999999999999, 0.1};
    for (Space space : List.of(Space.periodic(3), Space.triclinic(new double[] {3}))) {
      double[] wrapped = space.wrap(hard);
      assertArrayEquals(wrapped, space.wrap(wrapped), 0);
      for (double x : wrapped) {
        assertTrue(x >= -1e-11 && x < 3 + 1e-11, space + " " + x);
      }
      assertEquals(0, space.distance(new double[] {hard[9]}, new double[] {wrapped[9]}));
    }
    double[] exact = Space.periodic(3).wrap(hard);
    assertEquals(0.0, exact[0]); // 3 - 1e-20 would be 3, which is outside
    assertEquals(1e17 % 3, exact[5]);
    for (double x : exact) {
      assertTrue(x >= 0 && x < 3 && 1 / x > 0, "not in the box, or -0: " + x);
    }
  }

  @Test
  void aSlabIsOpenAlongOneAxis() {
    Space slab = Space.periodic(1, Double.POSITIVE_INFINITY);
    assertArrayEquals(new double[] {-0.25, 100}, slab.displacement(new double[] {0, 0}, new double[] {0.75, 100}));
    assertEquals(0.5, slab.largestRadius());
    assertArrayEquals(new double[] {0, 50}, slab.centroid(new double[] {0.875, 0, 0.125, 100}), 1e-15);
  }

  @Test
  void aShiftCountsThePeriodsFromAPointToTheImageThatIsSeen() {
    Space slab = Space.periodic(2, Double.POSITIVE_INFINITY);
    Sparse edges = Sparse.of(2, Indices.of(0, 1), Indices.of(1, 0));
    double[] x = {0.25, 0, 1.75, 100}; // seen from the second point, the first stands at 2.25
    assertEquals(Indices.of(1, 0, -1, 0), slab.nearestShifts(edges, x, x));
    assertArrayEquals(new double[][] {{2, 0}, {0, 0}}, slab.lattice());
    double[] outside = {0.25, 0, -20.25, 100};
    assertEquals(Indices.of(-10, 0, 10, 0), slab.nearestShifts(edges, outside, outside));
    assertError("3 positions for 2 senders", () -> slab.nearestShifts(edges, new double[6], x));
    assertThrows(ArithmeticException.class, () -> slab.nearestShifts(edges, new double[] {0, 0, 1e12, 0}, x));
  }

  @Test
  void aCellThatIsOpenInSomeDirectionsRepeatsAlongTheOthersOnly() {
    double[][] box = {{5, 0, 0}, {0, 3, 0}, {0, 0, 7}};
    Space slab = Space.triclinic(Points.SKEWED).openAlong(2);
    assertArrayEquals(new double[][] {Points.SKEWED[0], Points.SKEWED[1], {0, 0, 0}}, slab.lattice());
    assertEquals(Space.open(2).toString(), Space.triclinic(Points.HEXAGONAL).openAlong(1, 0).toString());
    assertError("direction 3 of 3; 0 to 2 is required", () -> slab.openAlong(3));
    Space axes = Space.periodic(5, 3, 7).openAlong(0, 2);
    Space cell = Space.triclinic(box).openAlong(2).openAlong(0);
    assertEquals(1.5, axes.largestRadius());
    assertEquals(1.5, cell.largestRadius(), 1e-15);
    double[] x = Key.of(8).uniformDouble(6 * 100);
    for (int at = 0; at < x.length; at += 6) {
      double[] a = {90 * x[at], 90 * x[at + 1], -90 * x[at + 2]};
      double[] b = {-90 * x[at + 3], 90 * x[at + 4], 90 * x[at + 5]};
      assertArrayEquals(axes.displacement(a, b), cell.displacement(a, b), 1e-12);
      assertArrayEquals(axes.wrap(a), cell.wrap(a), 1e-12);
      assertArrayEquals(axes.centroid(new double[] {a[0], 1, a[2], b[0], 1.5, b[2]}),
          cell.centroid(new double[] {a[0], 1, a[2], b[0], 1.5, b[2]}), 1e-12);
      double shortest = Double.POSITIVE_INFINITY; // of the difference, moved near 0 along the slab
      double[] d = slab.displacement(a, b);
      for (int i = -9; i <= 9; i++) {
        for (int j = -9; j <= 9; j++) {
          double[] image = d.clone();
          for (int axis = 0; axis < 3; axis++) {
            image[axis] += i * Points.SKEWED[0][axis] + j * Points.SKEWED[1][axis];
          }
          shortest = Math.min(shortest, Space.length(image));
        }
      }
      assertEquals(shortest, Space.length(d), 1e-12);
      assertEquals(b[2] - a[2], d[2], 1e-12, "the slab is flat: nothing moves across it");
    }
  }

  /// A tight cluster has its mean as its centroid; where the box is cut does not matter.
  @Test
  void theCentroidMovesWithThePoints() {
    double[][] cell = {{4, 0}, {1.5, 3}};
    for (Space space : List.of(Space.periodic(4, 3), Space.triclinic(cell))) {
      for (int step = 0; step < 40; step++) {
        double x = 0.37 * step;
        double y = 0.11 * step;
        double[] points = space.wrap(new double[] {x - 0.5, y, x + 0.5, y, x, y + 0.3, x, y - 0.3});
        assertEquals(0, space.distance(new double[] {x, y}, space.centroid(points)), 1e-13, space + " step " + step);
      }
    }
    Space ring = Space.periodic(4); // angles 0 and 90 degrees, weights 1 and sqrt(3): 60 degrees
    assertEquals(4.0 / 6, ring.centroid(new double[] {0, 1}, new double[] {1, Math.sqrt(3)})[0], 1e-15);
  }

  @Test
  void whatHasNoMeaningIsRefused() {
    assertError("0 dimensions", () -> Space.open(0));
    assertError("4 dimensions", () -> Space.periodic(1, 1, 1, 1));
    assertError("the period of axis 1 is 0.0", () -> Space.periodic(1, 0));
    assertError("the period of axis 0 is NaN", () -> Space.periodic(Double.NaN));
    assertError("lattice vector 1 is [1.0]; 2 components",
        () -> Space.triclinic(new double[] {1, 0}, new double[] {1}));
    assertError("span a volume of 0.0", () -> Space.triclinic(new double[] {1, 2}, new double[] {2, 4}));
    assertError("lattice vector 0 is [Infinity]", () -> Space.triclinic(new double[] {Double.POSITIVE_INFINITY}));
    Space ring = Space.periodic(1);
    assertError("spread evenly round the period of axis 0", () -> ring.centroid(new double[] {0.2, 0.7}));
    assertError("0 points and 0 weights", () -> ring.centroid(new double[0]));
    assertError("weight 1 is -1.0", () -> ring.centroid(new double[] {0, 0.1}, new double[] {1, -1}));
    assertError("the weights sum to 0", () -> ring.centroid(new double[] {0, 0.1}, new double[] {0, 0}));
    assertError("position 1 is [NaN]", () -> ring.wrap(new double[] {0, Double.NaN}));
    assertError("3 coordinates in 2 dimensions", () -> Space.open(2).wrap(new double[3]));
    assertError("a point of 2 coordinates in 1 dimensions", () -> ring.distance(new double[2], new double[1]));
  }

  private static void assertError(String part, Runnable call) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    assertTrue(message.contains(part), message);
  }
}
