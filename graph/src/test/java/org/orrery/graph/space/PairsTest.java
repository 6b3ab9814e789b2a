package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.tensor.cpu.Parallel;

class PairsTest {
  static Stream<Points> points() {
    return Points.all();
  }

  private static List<Long> keys(Pairs pairs) {
    List<Long> keys = new ArrayList<>();
    for (int k = 0; k < pairs.count(); k++) {
      assertTrue(pairs.first().at(k) < pairs.second().at(k), "the lower index comes first");
      keys.add(((long) pairs.first().at(k) << 32) | pairs.second().at(k));
    }
    return keys.stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("points")
  void theyAreHalfTheEdgesOfTheRadiusGraph(Points points) {
    for (double radius : new double[] {0.2, 0.7, Math.min(1.5, Math.nextDown(points.space().largestRadius()))}) {
      if (radius > points.space().largestRadius()) {
        continue;
      }
      Sparse edges = NeighborList.within(points.space(), points.positions(), radius).edges();
      List<Long> expected = new ArrayList<>();
      for (int e = 0; e < edges.edges(); e++) {
        if (edges.receiverOf().at(e) < edges.senderOf().at(e)) {
          expected.add(((long) edges.receiverOf().at(e) << 32) | edges.senderOf().at(e));
        }
      }
      Pairs pairs = Pairs.within(points.space(), points.positions(), radius);
      assertEquals(expected.stream().sorted().toList(), keys(pairs), points + " within " + radius);
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void binsCountWhatLiesBetweenTheirEdges(Points points) {
    double most = Math.min(1.5, points.space().largestRadius());
    double[] edges = {0, most / 3, most / 2, most};
    long[] expected = new long[3];
    NeighborList near = NeighborList.within(points.space(), points.positions(), most);
    for (double distance : near.distances()) {
      for (int b = 0; b < 3; b++) {
        expected[b] += distance >= edges[b] && distance < edges[b + 1] ? 1 : 0;
      }
    }
    long[] counts = Pairs.histogram(points.space(), points.positions(), edges);
    for (int b = 0; b < 3; b++) {
      assertEquals(expected[b], 2 * counts[b], points + ", bin " + b);
    }
  }

  @Test
  void theOrderDoesNotDependOnTheNumberOfThreads() {
    Points points = Points.uniform(Space.periodic(1, 1, 1), new double[] {1, 1, 1}, 20_000);
    Pairs alone = Parallel.with(1, () -> Pairs.within(points.space(), points.positions(), 0.03));
    for (int threads = 2; threads <= 5; threads++) {
      Pairs all = Parallel.with(threads, () -> Pairs.within(points.space(), points.positions(), 0.03));
      assertEquals(alone.first(), all.first());
      assertEquals(alone.second(), all.second());
    }
  }

  @Test
  void aDistanceAtAnEdgeBelongsToTheBinAbove() { // 1 and 2 apart
    double[] x = {0, 1, 3};
    assertArrayEquals(new long[] {0, 1, 1}, Pairs.histogram(Space.open(1), x, 0.5, 1, 2, 3));
  }

  @Test
  void whatNoSpaceHasIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Pairs.within(Space.periodic(1), new double[] {0.5}, 0.6));
    assertThrows(IllegalArgumentException.class, () -> Pairs.within(Space.periodic(1), new double[] {1.5}, 0.1));
    assertThrows(IllegalArgumentException.class, () -> Pairs.within(Space.open(1), new double[] {Double.NaN}, 0.1));
    assertThrows(IllegalArgumentException.class, () -> Pairs.histogram(Space.open(1), new double[] {0}, 1));
    assertThrows(IllegalArgumentException.class, () -> Pairs.histogram(Space.open(1), new double[] {0}, 2, 1));
  }
}
