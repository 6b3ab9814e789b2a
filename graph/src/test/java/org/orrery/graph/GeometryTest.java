package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Positions, space and image shifts, and what follows from them.
class GeometryTest {
  private static final Space SKEWED = Space.triclinic(new double[] {2, 0, 0}, new double[] {0.7, 1.8, 0},
      new double[] {-0.4, 0.5, 2.1});
  private static final Space SLAB = Space.periodic(1.5, 1.2, Double.POSITIVE_INFINITY);

  /// Random points in a box and who is near whom.
  private static Graph crystal(Space space, long seed) {
    float[] uniform = Key.of(seed).uniform(24);
    double[] x = new double[24];
    Arrays.setAll(x, i -> uniform[i]);
    NeighborList near = NeighborList.within(space, space.wrap(x), 0.59);
    return Graph.builder(near).nodes(Tensor.normal(Key.of(seed + 1), 8, 2)).build();
  }

  private static float[] numbers(Graph graph) {
    return Objects.requireNonNull(graph.edges()).toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void displacementsAreThoseOfTheNeighborList(long seed) {
    for (Space space : List.of(Space.open(3), SKEWED, SLAB)) {
      float[] uniform = Key.of(seed).uniform(60);
      double[] x = new double[60];
      Arrays.setAll(x, i -> 2 * uniform[i] - 0.5);
      NeighborList near = NeighborList.within(space, space.wrap(x), 0.6);
      Graph graph = Graph.builder(near).build();
      String message = space + ", seed " + seed;
      assertTrue(graph.edgeCount() > 8, message);
      assertArrayEquals(near.displacementFeatures().toArray(), graph.displacements().toArray(), 1e-6f, message);
      assertArrayEquals(near.distanceFeatures().toArray(), graph.distances().toArray(), 1e-6f, message);
      assertEquals(List.of(graph.edgeCount(), 1), List.of(graph.distances().rows(), graph.distances().columns()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void withoutShiftsAnEdgeMeansTheNearestImage(long seed) {
    for (Space space : List.of(Space.open(3), SKEWED, SLAB)) {
      Tensor x = Tensor.normal(Key.of(seed), 7, 3).multiply(4);
      Sparse all = Complete.of(7, Complete.Order.ALL).sparse();
      Graph graph = Graph.builder(all).positions(x).space(space).build();
      float[] displacements = graph.displacements().toArray();
      double[] hosted = x.toDoubles();
      for (int e = 0; e < all.edges(); e++) {
        int s = all.senderOf().at(e);
        int r = all.receiverOf().at(e);
        double[] expected = space.displacement(Arrays.copyOfRange(hosted, 3 * r, 3 * r + 3),
            Arrays.copyOfRange(hosted, 3 * s, 3 * s + 3));
        for (int axis = 0; axis < 3; axis++) {
          assertEquals(expected[axis], displacements[3 * e + axis], 2e-6, space + ", edge " + e + ", seed " + seed);
        }
      }
    }
  }

  @Test
  void aGivenShiftIsTheImageThatIsMeant() {
    Graph line = Graph.builder(Sparse.of(2, Indices.of(0, 0, 1), Indices.of(1, 1, 1)))
        .positions(Tensor.of(new float[][] {{1}, {3}})).space(Space.periodic(10)).shifts(Indices.of(0, -1, 2)).build();
    assertArrayEquals(new float[] {-2, -12, 20}, line.displacements().toArray());
    assertArrayEquals(new float[] {2, 12, 20}, line.distances().toArray());
    assertEquals(Indices.of(0, -1, 2), line.shifts());
  }

  @Test
  void movedNodesKeepTheirImages() {
    Graph line = Graph.builder(Sparse.of(2, Indices.of(0), Indices.of(1)))
        .positions(Tensor.of(new float[][] {{1}, {9}}))
        .space(Space.periodic(10)).build();
    assertArrayEquals(new float[] {2}, line.displacements().toArray());
    Graph moved = line.withPositions(Tensor.of(new float[][] {{1}, {3}}));
    assertArrayEquals(new float[] {8}, moved.displacements().toArray()); // not -2: no jump half a box apart
  }

  @Test
  void batchesCarryPositionsAndCellsAndComeApart() {
    List<Graph> graphs = List.of(crystal(SKEWED, 1), crystal(Space.open(3), 2), crystal(SLAB, 3), crystal(SKEWED, 4));
    Graph batch = Graph.batch(List.of(Graph.batch(graphs.subList(0, 3)), graphs.get(3)));
    List<Graph> back = batch.unbatch();
    assertEquals(graphs.stream().map(graph -> graph.spaces().getFirst()).toList(), batch.spaces());
    assertArrayEquals(
        Tensor.concat(0, graphs.stream().map(Graph::displacements).toList()).toArray(),
        batch.displacements().toArray(), 1e-6f);
    for (int g = 0; g < graphs.size(); g++) {
      assertEquals(graphs.get(g).toString(), back.get(g).toString());
      assertEquals(graphs.get(g).shifts(), back.get(g).shifts());
      assertEquals(graphs.get(g).spaces(), back.get(g).spaces());
      assertArrayEquals(graphs.get(g).positions().toArray(), back.get(g).positions().toArray());
      assertArrayEquals(graphs.get(g).displacements().toArray(), back.get(g).displacements().toArray());
    }
  }

  @Test
  void subgraphsAndPermutationsCarryPositionsAndShifts() {
    Graph both = Graph.batch(List.of(crystal(SKEWED, 5), crystal(SLAB, 6)));
    Graph batch = both.withEdges(Tensor.range(both.edgeCount()).unsqueeze(1));
    float[] whole = batch.displacements().toArray();
    for (Indices kept : List.of(Indices.of(7, 6, 5, 4, 3, 2, 1, 0, 9, 8, 11, 10, 15, 14, 13, 12),
        Indices.of(3, 1, 6, 0, 7, 2, 12, 9, 15, 8, 14))) {
      Graph part = batch.induced(kept);
      float[] displacements = part.displacements().toArray();
      float[] names = numbers(part);
      assertTrue(names.length > 4);
      for (int e = 0; e < names.length; e++) {
        int old = (int) names[e];
        assertArrayEquals(Arrays.copyOfRange(whole, 3 * old, 3 * old + 3),
            Arrays.copyOfRange(displacements, 3 * e, 3 * e + 3), "edge " + e);
      }
    }
  }

  @Test
  void rewiredEdgesKeepTheirImagesAndAddedOnesMeanTheNearest() {
    Graph batch = Graph.batch(List.of(crystal(SKEWED, 7), crystal(SLAB, 8)));
    Sparse edges = batch.adjacency().sparse();
    int count = edges.edges();
    Indices order = Indices.wrap(Key.of(9).permutation(count));
    Graph shuffled = batch.rewired(edges.permutedEdges(order), 0);
    assertArrayEquals(batch.displacements().gatherRows(order).toArray(), shuffled.displacements().toArray());
    Graph looped = batch.rewired(edges.withSelfLoops(), 0);
    float[] displacements = looped.displacements().toArray();
    assertArrayEquals(batch.displacements().toArray(), Arrays.copyOf(displacements, 3 * count));
    assertArrayEquals(new float[3 * 16], Arrays.copyOfRange(displacements, 3 * count, displacements.length));
  }

  @Test
  void theReverseOfAnEdgeHasTheNegativeShift() {
    Graph line = Graph.builder(Sparse.of(2, Indices.of(0), Indices.of(1)))
        .positions(Tensor.of(new float[][] {{1}, {9}}))
        .space(Space.periodic(10)).build();
    Graph both = line.rewired(line.adjacency().sparse().undirected(), Merge.MEAN);
    assertArrayEquals(new float[] {2, -2}, both.displacements().toArray());
    Graph again = both.rewired(both.adjacency().sparse().undirected(), Merge.MEAN);
    assertArrayEquals(new float[] {2, -2}, again.displacements().toArray());
  }

  @Test
  void edgesOfDifferentImagesAreNotMerged() {
    Graph line = Graph.builder(Sparse.of(2, Indices.of(0, 0), Indices.of(1, 1)))
        .positions(Tensor.of(new float[][] {{1}, {3}})).space(Space.periodic(10)).shifts(Indices.of(0, -1)).build();
    assertEquals("rewired: edges 0 and 1 are merged, and they mean different images of node 0",
        assertThrows(IllegalArgumentException.class,
            () -> line.rewired(line.adjacency().sparse().coalesced(), Merge.SUM)).getMessage());
  }

  @Test
  void atDistanceZeroDerivativesAreZero() {
    Graph graph = Graph.builder(Sparse.of(2, Indices.of(0), Indices.of(1)))
        .positions(Tensor.of(new float[][] {{0.5f, 1}, {0.5f, 1}})).build();
    Tensor x = graph.positions().tracked();
    Tensor first = Gradients.differentiable(graph.withPositions(x).distances().sum(), x).withRespectTo(x);
    assertArrayEquals(new float[4], first.toArray());
    Tensor second = Gradients.of(first.multiply(Tensor.of(new float[][] {{1, 2}, {3, 4}})).sum(), List.of(x))
        .withRespectTo(x);
    assertArrayEquals(new float[4], second.toArray());
  }

  @Test
  void aStrainStretchesPositionsCellsAndDisplacements() {
    Graph batch = Graph.batch(List.of(crystal(SKEWED, 10), crystal(SLAB, 11)));
    Tensor strain = Tensor.normal(Key.of(12), 2, 3, 3).multiply(0.1);
    Graph stretched = batch.strained(strain);
    List<Graph> parts = stretched.unbatch();
    for (int g = 0; g < 2; g++) {
      Tensor one = strain.select(0, g).add(Tensor.identity(3));
      Graph part = batch.unbatch().get(g);
      for (Graph actual : List.of(parts.get(g), part.strained(strain.slice(0, g, g + 1)))) {
        assertArrayEquals(part.positions().matmul(one).toArray(), actual.positions().toArray(), 1e-6f);
        assertArrayEquals(part.cells().squeeze(0).matmul(one).toArray(), actual.cells().toArray(), 1e-6f);
        assertArrayEquals(part.displacements().matmul(one).toArray(), actual.displacements().toArray(), 2e-6f);
      }
    }
    Tensor same = strain.select(0, 1);
    assertArrayEquals(batch.strained(Tensor.stack(0, List.of(same, same))).displacements().toArray(),
        batch.strained(same).displacements().toArray());
    assertArrayEquals(stretched.displacements().toArray(), Graph.batch(parts).displacements().toArray(), 1e-6f);
  }

  @Test
  void aClosedCellHasAVolume() {
    assertArrayEquals(new float[] {(float) (2 * 1.8 * 2.1)}, crystal(SKEWED, 1).volumes().toArray()); // lower triangular
    Graph slab = Graph.batch(List.of(crystal(SKEWED, 1), crystal(SLAB, 2)));
    assertEquals("graph: graph 1 is in Space [0, 1.5) x [0, 1.2) x R, which is open along an axis; only a cell that is "
        + "closed along all has a volume", assertThrows(IllegalStateException.class, slab::volumes).getMessage());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Sparse pair = Sparse.of(2, Indices.of(0), Indices.of(1));
    Tensor x = Tensor.ones(2, 3);
    refused("graph: positions [2, 3] of 2 nodes in Space [0, 1.0); [2, 1] is required",
        Graph.builder(pair).positions(x).space(Space.periodic(1)));
    refused("graph: positions [3, 3] of 2 nodes in open space; [2, 1 to 3 dimensions] is required",
        Graph.builder(pair).positions(Tensor.ones(3, 3)));
    refused("graph: a space or image shifts without positions; [nodes, dimensions] is required",
        Graph.builder(pair).space(Space.open(3)));
    refused("graph: 2 image shifts for 1 edges in 3 dimensions; one integer for each edge and axis is required",
        Graph.builder(pair).positions(x).space(SKEWED).shifts(Indices.of(0, 1)));
    refused("graph: edge 0 has the image shift 2 along lattice vector 2, where Space [0, 1.5) x [0, 1.2) x R is open; "
        + "0 is required", Graph.builder(pair).positions(x).space(SLAB).shifts(Indices.of(0, 1, 2)));
    refused("position 1 has NaN in column 0; numbers must be finite",
        Graph.builder(pair).positions(Tensor.of(new float[][] {{1}, {Float.NaN}})));
    Graph plain = Graph.of(pair, Tensor.ones(2, 1));
    assertFalse(plain.isPlaced());
    assertThrows(IllegalStateException.class, plain::displacements);
    Graph placed = Graph.builder(pair).nodes(Tensor.ones(2, 1)).positions(x).build();
    assertEquals("batch: graph 1 has positions, graph 0 has none; all or none must",
        assertThrows(IllegalArgumentException.class, () -> Graph.batch(List.of(plain, placed))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> placed.withPositions(Tensor.ones(2, 2)));
    assertThrows(IllegalArgumentException.class, () -> placed.strained(Tensor.ones(2, 3, 3)));
  }

  private static void refused(String message, GraphBuilder builder) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
  }
}
