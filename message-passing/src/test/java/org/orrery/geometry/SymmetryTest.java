package org.orrery.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Key;

/// Groups, their elements, and the points that these move.
class SymmetryTest {
  private static final Key KEY = Key.of(23);

  @Test
  void aCubeHas24RotationsAnd9Mirrors() { // without the identity 23
    assertEquals(23, Orthogonal.ofBox(new double[] {4, 4, 4}, Orthogonal::isProper).size());
    assertEquals(9, Orthogonal.ofBox(new double[] {4, 4, 4}, Orthogonal::isMirror).size());
    assertEquals(7, Orthogonal.ofBox(new double[] {4, 4, 5}, Orthogonal::isProper).size());
    assertEquals(3, Orthogonal.ofBox(new double[] {4, 3, 5}, Orthogonal::isMirror).size());
    assertEquals(1, Orthogonal.ofBox(new double[] {4}, Orthogonal::isMirror).size());
  }

  /// On SO(3) with its uniform measure the trace has mean 0 and mean square 1; of n draws the mean has spread 1 / sqrt(n).
  @Test
  void rotationsAreUniform() {
    int draws = 4000;
    double sum = 0;
    double squares = 0;
    for (int draw = 0; draw < draws; draw++) {
      double[][] a = Orthogonal.rotation(3, KEY.fold(draw));
      assertEquals(1, Orthogonal.determinant(a), 1e-12);
      assertEquals(0, a[0][0] * a[1][0] + a[0][1] * a[1][1] + a[0][2] * a[1][2], 1e-12);
      double trace = a[0][0] + a[1][1] + a[2][2];
      sum += trace;
      squares += trace * trace;
    }
    assertEquals(0, sum / draws, 5 / Math.sqrt(draws), KEY.toString());
    assertEquals(1, squares / draws, 0.15, KEY.toString());
    assertEquals(-1, Orthogonal.determinant(Orthogonal.mirror(3, KEY)), 1e-12);
    assertEquals(-1, Orthogonal.determinant(Orthogonal.mirror(2, KEY)), 1e-12);
    assertEquals(1, Orthogonal.determinant(Orthogonal.rotation(2, KEY)), 1e-12);
  }

  @Test
  void aMotionMovesPositionsTurnsVectorsAndKeepsScalars() {
    PointCloud cloud = PointCloud.of(Space.periodic(4, 4), new double[] {1, 0, 3, 3.5})
        .withVectors("v", new double[] {1, 2, 3, 4}).withScalars("m", new double[] {7, 8});
    PointCloud turned = Motion.linear(new double[][] {{0, -1}, {1, 0}}, 0, 0).apply(cloud);
    assertArrayEquals(new double[] {0, 1, 0.5, 3}, turned.positions());
    assertArrayEquals(new double[] {-2, 1, -4, 3}, turned.vectors("v"));
    assertArrayEquals(new double[] {7, 8}, turned.scalars("m"));
    PointCloud moved = Motion.translation(1, 1).apply(cloud);
    assertArrayEquals(new double[] {2, 1, 0, 0.5}, moved.positions());
    assertArrayEquals(new double[] {1, 2, 3, 4}, moved.vectors("v"));
    PointCloud exchanged = Motion.permutation(1, 0).apply(cloud);
    assertArrayEquals(new double[] {3, 3.5, 1, 0}, exchanged.positions());
    assertArrayEquals(new double[] {3, 4, 1, 2}, exchanged.vectors("v"));
    assertArrayEquals(new double[] {8, 7}, exchanged.scalars("m"));
  }

  /// Within half a period of each other points have the distances of open space, and a turn about their center keeps them.
  @Test
  void aGeneralRotationKeepsDistancesInABoxWhereNoPointSeesTheBorder() {
    double[] x = Arrays.stream(KEY.fold("x").uniformDouble(30)).map(u -> 3.6 + 2.8 * u).toArray();
    PointCloud cloud = PointCloud.of(Space.periodic(10, 10, 10), x);
    double[] y = Symmetry.generalRotation().draw(cloud, KEY).apply(cloud).positions();
    for (int i = 0; i < 10; i++) {
      for (int k = 0; k < i; k++) {
        assertEquals(distance(cloud.space(), x, i, k), distance(cloud.space(), y, i, k), 1e-12);
      }
    }
    assertTrue(IntStream.range(0, 30).anyMatch(i -> Math.abs(x[i] - y[i]) > 0.1));
  }

  private static double distance(Space space, double[] x, int i, int k) {
    return space.distance(Arrays.copyOfRange(x, 3 * i, 3 * i + 3), Arrays.copyOfRange(x, 3 * k, 3 * k + 3));
  }

  @Test
  void aGroupThatDoesNotActOnTheSpaceIsRefused() {
    PointCloud box = PointCloud.of(Space.periodic(4, 4, 4), new double[] {0.5, 1, 1, 3.5, 3, 3});
    refused(box, Symmetry.translation(),
        "translation: the space is periodic; an open one is required, in a box there is periodic translation");
    refused(box, Symmetry.generalRotation(), "general rotation: the points lie in a sphere of radius 2.0615528 about "
        + "[2.0, 2.0, 2.0] in a periodic space; open space is required, or a sphere that the box does not cut and "
        + "whose diameter is at most half the shortest period, here 2.0");
    PointCloud corner = PointCloud.of(Space.periodic(4, 4, 4), new double[] {0, 0, 0, 0.5, 0, 0});
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> Symmetry.generalRotation().draw(corner, KEY)).getMessage()).contains("radius 0.25"));
    PointCloud cell = PointCloud.of(Space.triclinic(new double[] {4, 0}, new double[] {1, 4}), new double[] {1, 1});
    refused(cell, Symmetry.rotation(),
        "rotation: the cell has the vector [1.0, 4.0]; a box with edges along the axes, or open space, is required");
    PointCloud line = PointCloud.of(Space.open(1), new double[] {1});
    refused(line, Symmetry.rotation(), "rotation: points on a line; 2 or 3 dimensions are required");
    refused(line, Symmetry.permutation(), "permutation: 1 point; at least 2 are required");
    refused(line, Symmetry.periodicTranslation(),
        "periodic translation: the space is open; a periodic one is required, in open space there is translation");
  }

  private static void refused(PointCloud cloud, Symmetry symmetry, String message) {
    assertEquals(message,
        assertThrows(IllegalArgumentException.class, () -> symmetry.draw(cloud, KEY)).getMessage());
  }

  @Test
  void pointsAndMotionsThatDoNotFitAreRefused() {
    PointCloud two = PointCloud.of(Space.open(2), new double[] {1, 2, 3, 4});
    refused("point cloud: 3 coordinates in 2 dimensions; 2 for each of at least 1 point are required",
        () -> PointCloud.of(Space.open(2), new double[3]));
    refused("point cloud: positions: number 1 is NaN; finite numbers are required",
        () -> PointCloud.of(Space.open(2), new double[] {1, Double.NaN}));
    refused("point cloud: 3 components of vectors 'v' for 2 points; 4 are required",
        () -> two.withVectors("v", new double[3]));
    refused("point cloud: 3 scalars 'm' for 2 points; an equal number for each is required",
        () -> two.withScalars("m", new double[3]));
    refused("point cloud: there are no vectors 'v'; there are []", () -> two.vectors("v"));
    refused("motion: order [0, 0]; each of 0 to 1 is required once", () -> Motion.permutation(0, 0));
    refused("motion: 1 rows of 2 about a center of 2 coordinates; one size is required",
        () -> Motion.linear(new double[1][2], 0, 0));
    refused("motion: it acts in 3 dimensions, the points are in 2; one number is required",
        () -> Motion.translation(1, 2, 3).apply(two));
    refused("motion: it permutes 3 points, there are 2; one number is required",
        () -> Motion.permutation(2, 1, 0).apply(two));
  }

  private static void refused(String message, Runnable what) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
  }
}
