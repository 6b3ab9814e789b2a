package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Every operation on edges against its definition, written naively over lists.
class SparseTest {
  private record Edge(int from, int to, int type) {
    Edge reversed() {
      return new Edge(to, from, type);
    }
  }

  private static List<Edge> list(Sparse edges) {
    Indices types = edges.types();
    return IntStream.range(0, edges.edges()).mapToObj(e -> new Edge(edges.senderOf().at(e), edges.receiverOf().at(e),
        types == null ? 0 : types.at(e))).toList();
  }

  private static List<Edge> loops(IntStream nodes) {
    return nodes.mapToObj(i -> new Edge(i, i, 0)).toList();
  }

  private static List<Edge> joined(List<Edge> a, List<Edge> b) {
    List<Edge> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void selfLoopsComeAfterTheOtherEdges(long seed) {
    Sparse edges = Multigraphs.of(seed);
    List<Edge> old = list(edges);
    EdgeMap all = edges.withSelfLoops();
    assertEquals(joined(old, loops(IntStream.range(0, 9))), list(all.edges()), "seed " + seed);
    EdgeMap remaining = edges.withRemainingSelfLoops();
    assertEquals(joined(old, loops(IntStream.range(0, 9).filter(i -> !old.contains(new Edge(i, i, 0))))),
        list(remaining.edges()), "seed " + seed);
    Tensor w = Multigraphs.weights(seed, old.size());
    float[] moved = remaining.apply(w, 7).toArray();
    for (int e = 0; e < moved.length; e++) {
      assertEquals(e < old.size() ? w.toArray()[e] : 7, moved[e], "seed " + seed);
    }
    assertEquals(list(remaining.edges()), list(remaining.edges().withRemainingSelfLoops().edges()), "seed " + seed);
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void withoutSelfLoopsTheOthersStayInOrder(long seed) {
    Sparse edges = Multigraphs.typed(seed, 3);
    EdgeMap map = edges.withoutSelfLoops();
    assertEquals(list(edges).stream().filter(edge -> edge.from != edge.to).toList(), list(map.edges()));
    for (int e = 0; e < map.edges().edges(); e++) {
      assertEquals(list(edges).get(map.origin().at(e)), list(map.edges()).get(e), "seed " + seed);
    }
    assertTrue(edges.hasSelfLoops());
    assertFalse(map.edges().hasSelfLoops());
  }

  @Test
  void loopsOfTypedEdgesNeedAType() {
    Sparse typed = Multigraphs.typed(0, 2);
    var error = assertThrows(IllegalArgumentException.class, typed::withSelfLoops);
    assertEquals("self loops: edges have types; the type of the loops must be given", error.getMessage());
    Sparse looped = typed.withSelfLoops(2).edges();
    assertEquals(new Edge(8, 8, 2), list(looped).getLast());
    assertEquals(list(looped), list(looped.withRemainingSelfLoops(2).edges()));
    assertThrows(IllegalArgumentException.class, () -> Multigraphs.of(0).withSelfLoops(1));
    assertThrows(IllegalArgumentException.class, () -> typed.withSelfLoops(-1));
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void repeatedEdgesBecomeOneAndTheirFeaturesMerge(long seed) {
    Sparse edges = Multigraphs.typed(seed, 2);
    Map<Edge, List<Integer>> groups = new LinkedHashMap<>();
    for (int e = 0; e < edges.edges(); e++) {
      groups.computeIfAbsent(list(edges).get(e), edge -> new ArrayList<>()).add(e);
    }
    assertMerged(edges, edges.coalesced(), groups, seed);
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void undirectedHasBothDirectionsAndMergesThem(long seed) {
    for (Sparse edges : List.of(Multigraphs.of(seed), Multigraphs.typed(seed, 2))) {
      Map<Edge, List<Integer>> groups = new LinkedHashMap<>();
      for (Edge edge : list(edges)) {
        groups.putIfAbsent(edge, new ArrayList<>());
      }
      for (Edge edge : list(edges)) {
        groups.putIfAbsent(edge.reversed(), new ArrayList<>());
      }
      groups.forEach((edge, members) -> IntStream.range(0, edges.edges()).filter(e -> list(edges).get(e).equals(edge))
          .forEach(members::add));
      groups.forEach((edge, members) -> IntStream.range(0, edges.edges())
          .filter(e -> edge.from != edge.to && list(edges).get(e).reversed().equals(edge)).forEach(members::add));
      EdgeMap map = edges.undirected();
      assertMerged(edges, map, groups, seed);
      assertTrue(map.edges().isSymmetric());
    }
  }

  private static void assertMerged(Sparse edges, EdgeMap map, Map<Edge, List<Integer>> groups, long seed) {
    assertEquals(List.copyOf(groups.keySet()), list(map.edges()), "seed " + seed);
    Tensor features = Tensor.normal(Key.of(seed), edges.edges(), 2);
    float[] x = features.toArray();
    for (Merge merge : Merge.values()) {
      float[] actual = map.apply(features, merge).toArray();
      int e = 0;
      for (List<Integer> members : groups.values()) {
        for (int k = 0; k < 2; k++) {
          int column = k;
          double[] values = members.stream().mapToDouble(member -> x[2 * member + column]).toArray();
          double expected = switch (merge) {
            case SUM -> Arrays.stream(values).sum();
            case MEAN -> Arrays.stream(values).average().orElseThrow();
            case PRODUCT -> Arrays.stream(values).reduce(1, (a, b) -> a * b);
            case MAXIMUM -> Arrays.stream(values).max().orElseThrow();
            case MINIMUM -> Arrays.stream(values).min().orElseThrow();
            case FIRST -> values[0];
          };
          assertEquals(expected, actual[2 * e + k], 1e-5, merge + ", edge " + e + ", seed " + seed);
        }
        e++;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void degreesCountEdgesAndSumWeights(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    double[][] a = Multigraphs.dense(edges, w);
    float[] in = new float[9];
    float[] out = new float[9];
    for (int t = 0; t < 9; t++) {
      int node = t;
      assertEquals(list(edges).stream().filter(edge -> edge.to == node).count(), edges.inDegree().at(t));
      assertEquals(list(edges).stream().filter(edge -> edge.from == node).count(), edges.outDegree().at(t));
      for (int s = 0; s < 9; s++) {
        in[t] += (float) a[t][s];
        out[s] += (float) a[t][s];
      }
    }
    assertArrayEquals(in, edges.inDegree(w).toArray(), 1e-5f, "seed " + seed);
    assertArrayEquals(out, edges.outDegree(w).toArray(), 1e-5f, "seed " + seed);
    Set<Integer> alone = new HashSet<>();
    for (int i : edges.isolatedNodes().toArray()) {
      alone.add(i);
    }
    assertTrue(alone.contains(Multigraphs.ISOLATED));
    for (int i = 0; i < 9; i++) {
      assertEquals(in[i] == 0 && out[i] == 0, alone.contains(i), "node " + i + ", seed " + seed);
    }
  }

  @Test
  void aNodeThatSendsOrReceivesIsNotIsolated() {
    Sparse edges = Sparse.of(5, Indices.of(0, 3), Indices.of(1, 3)); // 0 sends, 1 receives, 3 has a self loop
    assertEquals(Indices.of(2, 4), edges.isolatedNodes());
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void anInducedSubgraphHasAllEdgesBetweenItsNodes(long seed) {
    Sparse edges = Multigraphs.typed(seed, 3);
    Indices nodes = Indices.wrap(Arrays.copyOf(Key.of(seed).permutation(9), 5));
    Subgraph part = edges.induced(nodes);
    List<Edge> back = list(part.edges()).stream()
        .map(edge -> new Edge(nodes.at(edge.from), nodes.at(edge.to), edge.type)).toList();
    Set<Integer> kept = new HashSet<>();
    for (int i : nodes.toArray()) {
      kept.add(i);
    }
    assertEquals(list(edges).stream().filter(edge -> kept.contains(edge.from) && kept.contains(edge.to)).toList(), back,
        "seed " + seed);
    for (int e = 0; e < back.size(); e++) {
      assertEquals(list(edges).get(part.edgeMap().origin().at(e)), back.get(e));
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void aNeighborhoodIsAllThatMessagesCanComeFrom(long seed) {
    Sparse edges = Multigraphs.of(seed);
    for (int hops = 0; hops < 4; hops++) {
      Set<Integer> reached = new HashSet<>(Set.of(7, 0));
      for (int hop = 0; hop < hops; hop++) {
        Set<Integer> before = Set.copyOf(reached);
        list(edges).stream().filter(edge -> before.contains(edge.to)).forEach(edge -> reached.add(edge.from));
      }
      Subgraph part = edges.neighborhood(Indices.of(7, 0), hops);
      assertEquals(List.of(7, 0), List.of(part.nodes().at(0), part.nodes().at(1)));
      Set<Integer> found = new HashSet<>();
      for (int i : part.nodes().toArray()) {
        found.add(i);
      }
      assertEquals(reached, found, hops + " hops, seed " + seed);
      assertEquals(part.nodes().size(), found.size());
      // `hops` rounds of sums over the neighborhood give the seeds what the whole graph gives them.
      Tensor whole = Tensor.range(9).reshape(9, 1);
      Tensor few = whole.gatherRows(part.nodes());
      for (int round = 0; round < hops; round++) {
        whole = whole.gatherRows(edges.bySender()).segmentSum(edges.byReceiver());
        few = few.gatherRows(part.edges().bySender()).segmentSum(part.edges().byReceiver());
      }
      assertArrayEquals(whole.gatherRows(Indices.of(7, 0)).toArray(), few.slice(0, 0, 2).toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void renumberedNodesKeepTheirEdges(long seed) {
    Sparse edges = Multigraphs.typed(seed, 3);
    Indices order = Indices.wrap(Key.of(seed).permutation(9));
    assertEquals(list(edges), list(edges.permuted(order)).stream()
        .map(edge -> new Edge(order.at(edge.from), order.at(edge.to), edge.type)).toList(), "seed " + seed);
    assertThrows(IllegalArgumentException.class, () -> edges.permuted(Indices.of(0, 1, 2, 3, 4, 5, 6, 7, 7)));
    assertThrows(IllegalArgumentException.class, () -> edges.permuted(Indices.of(0, 1, 2)));
  }

  @Test
  void symmetryCountsRepeatedEdges() {
    assertTrue(Sparse.of(3, Indices.of(0, 1, 2), Indices.of(1, 0, 2)).isSymmetric());
    assertFalse(Sparse.of(3, Indices.of(0, 1, 2), Indices.of(1, 0, 1)).isSymmetric());
    assertFalse(Sparse.of(2, Indices.of(0, 0, 1), Indices.of(1, 1, 0)).isSymmetric());
    assertTrue(Sparse.of(2, Indices.of(0, 0, 1, 1), Indices.of(1, 1, 0, 0)).isSymmetric());
    assertFalse(Sparse.of(2, 2, Indices.of(0, 1), Indices.of(1, 0), Indices.of(0, 1)).isSymmetric());
    assertFalse(Sparse.of(2, 3, Indices.of(), Indices.of(), null).isSymmetric());
    assertTrue(Multigraphs.empty(0).isSymmetric());
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void theDenseMatrixAddsRepeatedEdgesAndMultipliesAsMessagesDo(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    assertArrayEquals(Multigraphs.flat(Multigraphs.dense(edges, w)), edges.toDense(w).toArray(), 1e-6f);
    Tensor x = Tensor.normal(Key.of(seed), 9, 4);
    Tensor messages = x.gatherRows(edges.bySender()).multiply(w.unsqueeze(1)).segmentSum(edges.byReceiver());
    assertArrayEquals(messages.toArray(), edges.toDense(w).matmul(x).toArray(), 1e-5f, "seed " + seed);
    // d sum(P * A) / d w_e = P[t, s]
    Tensor probe = Tensor.normal(Key.of(seed).fold("probe"), 9, 9);
    Tensor tracked = w.tracked();
    float[] gradient = Gradients.of(edges.toDense(tracked).multiply(probe).sum(), tracked).withRespectTo(tracked)
        .toArray();
    for (int e = 0; e < gradient.length; e++) {
      assertEquals(probe.toArray()[9 * edges.receiverOf().at(e) + edges.senderOf().at(e)], gradient[e]);
    }
  }

  @Test
  void theDenseMatrixOfTwoSetsHasAReceiverARow() {
    Sparse edges = Sparse.of(3, 2, Indices.of(2, 2), Indices.of(0, 1), null);
    Tensor matrix = edges.toDense(Tensor.of(new float[] {5, 6}));
    assertEquals(List.of(2, 3), List.of(matrix.size(0), matrix.size(1)));
    assertArrayEquals(new float[] {0, 0, 5, 0, 0, 6}, matrix.toArray());
  }

  @Test
  void gradientsFollowTheEdges() {
    Sparse edges = Sparse.of(2, Indices.of(0, 0), Indices.of(1, 1));
    Tensor w = Tensor.of(new float[] {2, 3}).tracked();
    Tensor loss = edges.coalesced().apply(w, Merge.PRODUCT).sum() // d(w_0 w_1)
        .add(edges.withSelfLoops().apply(w, 1).square().sum()); // d(w_0^2 + w_1^2)
    assertArrayEquals(new float[] {3 + 4, 2 + 6}, Gradients.of(loss, w).withRespectTo(w).toArray());
  }

  @Test
  void addedEdgesTakeTheRowsTheyAreGiven() {
    EdgeMap map = Sparse.of(3, Indices.of(1, 0), Indices.of(1, 1)).withRemainingSelfLoops(); // new: 0 -> 0, 2 -> 2
    assertArrayEquals(new float[] {1, 2, 30, 40},
        map.apply(Tensor.of(new float[] {1, 2}), Tensor.of(new float[] {30, 40})).toArray());
    assertEquals(Indices.of(8, 9, -5, -5), map.apply(Indices.of(8, 9), -5));
  }

  @Test
  void featuresThatDoNotFitAreRefused() {
    Sparse edges = Sparse.of(2, Indices.of(0), Indices.of(1));
    refused("edge features: [2] for 1 edges; one row an edge is required",
        () -> edges.withSelfLoops().apply(Tensor.ones(2), 0));
    refused("edge features: [1] for 2 added edges; one row an edge is required",
        () -> edges.withSelfLoops().apply(Tensor.ones(1), Tensor.ones(1)));
    refused("edge features: edges were merged; say how with apply(features, Merge)",
        () -> edges.coalesced().apply(Tensor.ones(1), 0));
    refused("edge features: 2 edges were added; say their features with apply(features, fill)",
        () -> edges.withSelfLoops().apply(Tensor.ones(1), Merge.SUM));
    refused("edge labels: 2 for 1 edges", () -> edges.withSelfLoops().apply(Indices.of(1, 2), 0));
    refused("self loops: 3 senders and 2 receivers; one set of nodes is required",
        () -> Sparse.of(3, 2, Indices.of(), Indices.of(), null).withSelfLoops());
    refused("subgraph: node 1 is named twice, at 0 and 1", () -> edges.induced(Indices.of(1, 1)));
    refused("neighborhood: node 0 is a seed twice", () -> edges.neighborhood(Indices.of(0, 0), 1));
    refused("neighborhood of -1 hops; 0 or more are required", () -> edges.neighborhood(Indices.of(0), -1));
    refused("permutation: entry 1, 0, is there twice",
        () -> Sparse.of(2, Indices.of(0, 1), Indices.of(1, 0)).permutedEdges(Indices.of(0, 0)));
    refused("edges: 2 answers for 1 edges", () -> edges.filtered(new boolean[2]));
  }

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void everyOperationTakesGraphsWithoutNodesOrEdges() {
    for (int nodes : new int[] {0, 2}) {
      Sparse edges = Multigraphs.empty(nodes);
      assertEquals(nodes, edges.withSelfLoops().edges().edges());
      assertEquals(nodes, edges.withRemainingSelfLoops().apply(Tensor.zeros(0, 3), 1).rows());
      assertEquals(0, edges.withoutSelfLoops().edges().edges());
      assertEquals(0, edges.coalesced().apply(Tensor.zeros(0, 3), Merge.MEAN).rows());
      assertEquals(0, edges.undirected().edges().edges());
      assertEquals(nodes, edges.isolatedNodes().size());
      assertEquals(nodes, edges.permuted(Indices.range(0, nodes)).receivers());
      assertEquals(0, edges.neighborhood(Indices.of(), 2).nodes().size());
      assertEquals(nodes * nodes, edges.toDense(Tensor.zeros(0)).shape().elements());
    }
  }

  @Test
  void whatDependsOnStructureAloneIsKept() {
    Sparse edges = Multigraphs.of(0);
    assertSame(edges.withSelfLoops(), edges.withSelfLoops());
    assertSame(edges.undirected(), edges.undirected());
    assertSame(edges.unitWeights(), edges.unitWeights());
  }

  @Test
  void theReversedOfTheReversedAreTheEdgesThemselves() {
    Sparse edges = Multigraphs.of(0);
    assertSame(edges, edges.reversed().reversed());
    assertSame(edges.reversed(), edges.reversed().reversed().reversed());
  }

  @Test
  void untypedEdgesAreTheSameButForTheirTypes() {
    Sparse edges = Multigraphs.typed(0, 3);
    Sparse untyped = edges.untyped();
    assertNull(untyped.types());
    assertEquals(edges.senderOf(), untyped.senderOf());
    assertEquals(edges.receiverOf(), untyped.receiverOf());
    assertSame(untyped, edges.untyped());
    assertSame(untyped, untyped.untyped());
  }

  @Test
  void typesMayBeAnyNumbers() {
    int last = Integer.MAX_VALUE;
    Sparse edges = Sparse.of(2, 2, Indices.of(0, 0, 0, 0, 0), Indices.of(1, 1, 1, 1, 1),
        Indices.of(last, 2_000_000_000, last, 0, 2_000_000_000));
    assertEquals(List.of(new Edge(0, 1, last), new Edge(0, 1, 2_000_000_000), new Edge(0, 1, 0)),
        list(edges.coalesced().edges()));
    assertFalse(edges.isSymmetric());
    assertTrue(edges.undirected().edges().isSymmetric());
  }
}
