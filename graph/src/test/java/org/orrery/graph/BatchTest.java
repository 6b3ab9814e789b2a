package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class BatchTest {
  /// A graph with everything that a graph may carry.
  private static Graph full(long seed, Sparse edges) {
    Key key = Key.of(seed);
    int n = edges.receivers();
    int m = edges.edges();
    return Graph.builder(edges).nodes(Tensor.normal(key.fold("v"), n, 3)).edges(Tensor.normal(key.fold("e"), m, 2))
        .globals(Tensor.normal(key.fold("u"), 1, 4)).target("energy", Level.GRAPH, Tensor.normal(key.fold("t"), 1))
        .target("force", Level.NODE, Tensor.normal(key.fold("f"), n, 3))
        .target("bond", Level.EDGE, Tensor.normal(key.fold("b"), m))
        .labels("kind", Level.NODE, Indices.wrap(key.fold("k").integers(n, 5)))
        .labels("bonds", Level.EDGE, Indices.wrap(key.fold("l").integers(m, 5)))
        .labels("class", Level.GRAPH, Indices.of((int) seed))
        .mask("train", Level.NODE, Indices.wrap(IntStream.range(0, n).filter(i -> i % 3 != 1).toArray()))
        .mask("known", Level.EDGE, Indices.wrap(IntStream.range(0, m).map(e -> m - 1 - e).filter(e -> e % 2 == 0)
            .toArray()))
        .mask("used", Level.GRAPH, seed % 2 == 0 ? Indices.of(0) : Indices.of()).build();
  }

  private static List<Graph> several() {
    return List.of(full(0, Multigraphs.of(0)), full(1, Multigraphs.empty(0)), full(2, Multigraphs.of(2)),
        full(3, Multigraphs.empty(4)));
  }

  private static void assertSameGraph(Graph expected, Graph actual) {
    Sparse a = expected.adjacency().sparse();
    Sparse b = actual.adjacency().sparse();
    assertEquals(expected.toString(), actual.toString());
    assertEquals(a.senderOf(), b.senderOf());
    assertEquals(a.receiverOf(), b.receiverOf());
    assertEquals(a.types(), b.types());
    assertEquals(expected.offsets(), actual.offsets());
    assertSameValues(expected.nodes(), actual.nodes());
    assertSameValues(expected.edges(), actual.edges());
    assertSameValues(expected.globals(), actual.globals());
    for (String name : expected.targetNames()) {
      assertSameValues(expected.target(name), actual.target(name));
      assertEquals(expected.targetLevel(name), actual.targetLevel(name));
    }
    for (String name : expected.labelNames()) {
      assertEquals(expected.labels(name), actual.labels(name), name);
    }
    for (String name : expected.maskNames()) {
      assertEquals(expected.mask(name), actual.mask(name), name);
    }
  }

  private static void assertSameValues(@Nullable Tensor expected, @Nullable Tensor actual) {
    if (expected == null || actual == null) {
      assertEquals(expected, actual);
      return;
    }
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toArray(), actual.toArray());
  }

  @Test
  void unbatchGivesBackWhatWasBatched() {
    List<Graph> graphs = several();
    List<Graph> back = Graph.batch(graphs).unbatch();
    assertEquals(graphs.size(), back.size());
    for (int g = 0; g < graphs.size(); g++) {
      assertSameGraph(graphs.get(g), back.get(g));
    }
  }

  @Test
  void nodesEdgesAndMasksOfAPartComeAfterThoseBefore() {
    Sparse pair = Sparse.of(2, Indices.of(0), Indices.of(1));
    Graph one = Graph.builder(pair).nodes(Tensor.of(new float[][] {{1}, {2}})).mask("m", Level.NODE, Indices.of(1))
        .mask("e", Level.EDGE, Indices.of(0)).build();
    Graph two = one.withNodes(Tensor.of(new float[][] {{3}, {4}}));
    Graph batch = Graph.batch(List.of(one, two));
    assertInstanceOf(DisjointUnion.class, batch.adjacency());
    assertEquals(Indices.of(0, 2), batch.adjacency().sparse().senderOf());
    assertEquals(Indices.of(1, 3), batch.adjacency().sparse().receiverOf());
    assertEquals(Indices.of(0, 2, 4), batch.offsets());
    assertEquals(Indices.of(0, 0, 1, 1), batch.graphOf().index());
    assertEquals(Indices.of(0, 1), batch.graphOfEdges().index());
    assertEquals(Indices.of(1, 3), batch.mask("m"));
    assertEquals(Indices.of(0, 1), batch.mask("e"));
    assertArrayEquals(new float[] {3, 7}, batch.nodes().segmentSum(batch.graphOf()).toArray());
  }

  @Test
  void aBatchOfBatchesIsABatchOfAll() {
    List<Graph> graphs = several();
    Graph nested = Graph.batch(List.of(Graph.batch(graphs.subList(0, 2)), Graph.batch(graphs.subList(2, 4))));
    assertSameGraph(Graph.batch(graphs), nested);
    assertEquals(4, assertInstanceOf(DisjointUnion.class, nested.adjacency()).parts().size());
    assertSameGraph(graphs.get(2), nested.unbatch().get(2));
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void aBatchInAnyEdgeOrderComesApart(long seed) {
    Graph batch = Graph.batch(List.of(full(seed, Multigraphs.typed(seed, 3)), full(9, Multigraphs.typed(9, 3))));
    Sparse whole = batch.adjacency().sparse();
    EdgeMap shuffle = whole.permutedEdges(Indices.wrap(Key.of(seed).permutation(whole.edges())));
    List<Graph> parts = batch.rewired(shuffle, 0).unbatch();
    float sum = 0;
    for (int g = 0; g < 2; g++) {
      Graph expected = batch.unbatch().get(g);
      Graph actual = parts.get(g);
      assertArrayEquals(expected.nodes().toArray(), actual.nodes().toArray());
      assertEquals(expected.edgeCount(), actual.edgeCount());
      // Edge features identify edges: the dense matrix of the first column is the same up to the order of a sum.
      assertArrayEquals(column(expected), column(actual), 1e-5f, "seed " + seed);
      sum += actual.mask("known").size();
    }
    assertEquals(batch.mask("known").size(), sum);
  }

  private static float[] column(Graph graph) {
    return graph.adjacency().sparse().toDense(Objects.requireNonNull(graph.edges())).toArray();
  }

  @Test
  void normalizingABatchIsNormalizingItsParts() {
    List<Graph> graphs = several();
    Tensor whole = Normalization.SYMMETRIC.of(Graph.batch(graphs).adjacency().sparse(), null);
    Tensor parts = Tensor.concat(0,
        graphs.stream().map(graph -> Normalization.SYMMETRIC.of(graph.adjacency().sparse(), null)).toList());
    assertArrayEquals(parts.toArray(), whole.toArray());
  }

  @Test
  void partsThatDoNotMatchAreRefused() {
    Graph plain = Graph.of(Sparse.of(2, Indices.of(0), Indices.of(1)), Tensor.ones(2, 3));
    refused("batch: no graphs", List.of());
    refused("batch: graph 1 has edge features, graph 0 has none; all or none must",
        List.of(plain, plain.withEdges(Tensor.ones(1, 1))));
    refused("batch: graph 0 has globals, graph 1 has none; all or none must",
        List.of(plain.withGlobals(Tensor.ones(1, 1)), plain));
    refused(
        "batch: node features of graph 1 are [2, 4], those of graph 0 [2, 3]; all sizes but the first must be equal",
        List.of(plain, plain.withNodes(Tensor.ones(2, 4))));
    refused("batch: targets of graph 1 are [y], those of graph 0 []; they must be the same",
        List.of(plain, plain.withTarget("y", Level.GRAPH, Tensor.ones(1))));
    refused("batch: labels 'y' of graph 1 belong to edges, those of graph 0 to graphs",
        List.of(plain.withLabels("y", Level.GRAPH, Indices.of(1)), plain.withLabels("y", Level.EDGE, Indices.of(1))));
    refused("union: 1 of 2 graphs have edge types; all or none must",
        List.of(plain, Graph.of(Sparse.of(2, 2, Indices.of(0), Indices.of(1), Indices.of(0)), Tensor.ones(2, 3))));
  }

  private static void refused(String message, List<Graph> graphs) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Graph.batch(graphs)).getMessage());
  }

  @Test
  void reversingAUnionReversesItsParts() {
    DisjointUnion union = DisjointUnion.of(List.of(Multigraphs.of(0), Multigraphs.of(1)));
    DisjointUnion reversed = union.reversed();
    assertEquals(union.sparse().senderOf(), reversed.sparse().receiverOf());
    assertEquals(Multigraphs.of(0).senderOf(), reversed.parts().getFirst().sparse().receiverOf());
    assertEquals(union, reversed.reversed());
  }

  @Test
  void completeGraphsOfABatchJoinTheNodesOfEachGraph() {
    Graph batch = Graph.batch(several());
    List<Integer> sizes = several().stream().map(Graph::nodeCount).toList();
    Indices expected = Indices.wrap(sizes.stream().mapToInt(Integer::intValue).toArray());
    Complete complete = Complete.of(batch, Complete.Order.ALL);
    assertEquals(sizes.stream().mapToInt(n -> n * n).sum(), complete.sparse().edges());
    assertEquals(Complete.ofSizes(expected, Complete.Order.ALL).sparse().senderOf(), complete.sparse().senderOf());
    assertEquals(Complete.ofSizes(expected, Complete.Order.ALL).sparse().receiverOf(), complete.sparse().receiverOf());
  }
}
