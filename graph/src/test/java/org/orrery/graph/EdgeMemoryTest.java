package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.NeighborRule;
import org.orrery.graph.space.Pairs;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// What does not fit into memory, or into an array, is known before it is made.
class EdgeMemoryTest {
  private static void assertRefused(String start, Executable call) {
    String message = String.valueOf(assertThrows(ArithmeticException.class, call).getMessage());
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void theErrorStatesTheNumberTheMemoryAndTheLimits() { // 16 bytes an edge
    String message = assertThrows(ArithmeticException.class,
        () -> EdgeMemory.require("radius graph", "edges", 1e9, "a smaller radius needs less", 3_000_000_000L))
        .getMessage();
    assertEquals(
        "radius graph: 1000000000 edges need 16.0 GB; a list holds at most 2147483639, and lists may take 2.3 GB,"
            + " 3/4 of -Xmx; a smaller radius needs less",
        message);
    assertDoesNotThrow(() -> EdgeMemory.require("", "", 1e9, "", 21_333_333_334L));
    assertThrows(ArithmeticException.class, () -> EdgeMemory.require("", "", 1e9, "", 21_333_333_328L));
    assertThrows(ArithmeticException.class, () -> EdgeMemory.require("", "", 2147483640.0, "", Long.MAX_VALUE));
  }

  /// 60000 points at one place have 60000 * 59999 edges, and half as many pairs.
  @Test
  void neighborsAreCountedBeforeTheyAreMade() {
    double[] together = new double[3 * 60_000];
    Space open = Space.open(3);
    assertRefused("radius graph: 3599940000 edges need 57.6 GB; ", () -> NeighborList.within(open, together, 0.1));
    assertRefused("radius graph: 3600000000 edges need 57.6 GB; ",
        () -> NeighborList.within(open, together, together, 0.1));
    double[] inTwoSets = new double[3 * 100_000];
    assertRefused("radius graph: 4999900000 edges need 80.0 GB; ",
        () -> NeighborRule.within(open, 0.1).apply(inTwoSets, Indices.of(0, 50_000, 100_000)));
    assertRefused("pairs: 4999950000 pairs need 80.0 GB; ", () -> Pairs.within(open, inTwoSets, 0.1));
    assertRefused("k-nearest graph: 3000000000 edges need 48.0 GB; ",
        () -> NeighborList.nearest(open, together, 50_000));
    Space box = Space.periodic(2, 2, 2);
    double[] dense = new double[3 * 60_000];
    assertRefused("radius graph: 3599940000 edges need 57.6 GB; ", () -> NeighborList.within(box, dense, 0.5));
    Space cell = Space.triclinic(new double[] {4, 0, 0}, new double[] {3.4, 2.5, 0}, new double[] {-1.9, 3.1, 3.3});
    assertRefused("radius graph: 3599940000 edges need 57.6 GB; ", () -> NeighborList.within(cell, dense, 0.5));
  }

  /// 1000 points in a unit cell have 1000 * 4/3 pi 100^3 images within 100 each, less those at the surface.
  @Test
  void imagesAreEstimatedBeforeTheyAreMade() {
    double[] x = new double[3000];
    String message = String.valueOf(assertThrows(ArithmeticException.class,
        () -> NeighborList.within(Space.periodic(1, 1, 1), x, 100)).getMessage());
    assertTrue(message.startsWith("radius graph: 38"), message); // 4/3 pi 97^3 1e6 = 3.82e12
    assertTrue(message.contains(" edges at least, one an image, need "), message);
  }

  /// The nearest of so many are found without a list of all.
  @Test
  void theNearestOfTooManyFit() {
    double[] together = new double[3 * 60_000];
    Sparse near = NeighborRule.within(Space.open(3), 0.1).atMost(3).apply(together).edges();
    assertEquals(180_000, near.edges());
    assertEquals(List.of(1, 2, 3), List.of(near.senderOf().at(0), near.senderOf().at(1), near.senderOf().at(2)));
    assertEquals(List.of(0, 1, 2),
        List.of(near.senderOf().at(179_997), near.senderOf().at(179_998), near.senderOf().at(179_999)));
    double[] one = {0.5, 0.5};
    Sparse images = NeighborRule.within(Space.periodic(1, 1), 30_000).atMost(4).apply(one).edges();
    assertEquals(4, images.edges());
  }

  @Test
  void structuresRefuseListsThatDoNotFit() {
    Complete complete = Complete.of(46_000, Complete.Order.ALL); // 2116000000 edges, 33.9 GB
    if (Runtime.getRuntime().maxMemory() < 33_000_000_000L) {
      assertRefused("complete graphs: 2116000000 edges need 33.9 GB; ", complete::sparse);
    }
    Grid grid = Grid.of(new Window(List.of(new Axis(20_000, 5, 1, 1, 0, 0), new Axis(20_000, 5, 1, 1, 0, 0))));
    assertRefused("grid: 9996000400 edges need 159.9 GB; ", grid::sparse); // 19996^2 outputs of 25 taps
    assertRefused("grid: 9996000400 edges; at most 2147483647 can be counted", grid::edges);
    assertRefused("grid: 4000000000 nodes; at most 2147483647 can be counted", () -> grid.times(10));
    assertRefused("union: 2149690000 edges; at most 2147483647 can be counted",
        () -> DisjointUnion.of(List.of(complete(30_000), complete(30_000), complete(18_700))));
    assertRefused("path: 2147483648 nodes; at most 2147483647 can be counted",
        () -> Sequences.of(Integer.MAX_VALUE, 1));
    assertRefused("dense matrix: 10000000000 entries; at most 2147483647 can be counted",
        () -> Sparse.of(100_000, Indices.of(), Indices.of()).toDense(Tensor.zeros(0)));
  }

  private static Complete complete(int nodes) {
    return Complete.of(nodes, Complete.Order.ALL);
  }
}
