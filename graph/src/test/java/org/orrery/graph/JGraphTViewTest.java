package org.orrery.graph;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.alg.scoring.PageRank;
import org.jgrapht.alg.shortestpath.DijkstraShortestPath;
import org.jgrapht.graph.AsUndirectedGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

class JGraphTViewTest {
  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void theViewAnswersAsTheCopyDoes(long seed) {
    Sparse edges = Multigraphs.of(seed);
    WeightedEdges weighted = new WeightedEdges(edges, Multigraphs.weights(seed, edges.edges()));
    Graph<Integer, Integer> copy = JGraphT.toJGraphT(weighted);
    Graph<Integer, Integer> view = JGraphT.view(weighted);
    assertEquals(copy.vertexSet(), view.vertexSet(), "seed " + seed);
    assertEquals(copy.edgeSet(), view.edgeSet(), "seed " + seed);
    for (int e : copy.edgeSet()) {
      assertEquals(copy.getEdgeSource(e), view.getEdgeSource(e));
      assertEquals(copy.getEdgeTarget(e), view.getEdgeTarget(e));
      assertEquals(copy.getEdgeWeight(e), view.getEdgeWeight(e));
    }
    for (int i : copy.vertexSet()) {
      assertEquals(copy.incomingEdgesOf(i), view.incomingEdgesOf(i), "seed " + seed + ", node " + i);
      assertEquals(copy.outgoingEdgesOf(i), view.outgoingEdgesOf(i), "seed " + seed + ", node " + i);
      assertEquals(copy.edgesOf(i), view.edgesOf(i), "seed " + seed + ", node " + i);
      assertEquals(copy.inDegreeOf(i), view.inDegreeOf(i));
      assertEquals(copy.outDegreeOf(i), view.outDegreeOf(i));
      assertEquals(copy.degreeOf(i), view.degreeOf(i));
      for (int j : copy.vertexSet()) {
        assertEquals(copy.getAllEdges(i, j), view.getAllEdges(i, j), "seed " + seed + ", " + i + " -> " + j);
        assertEquals(copy.containsEdge(i, j), view.containsEdge(i, j));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void algorithmsGiveWhatTheyGiveOnTheCopy(long seed) {
    Sparse edges = Multigraphs.of(seed);
    WeightedEdges weighted = new WeightedEdges(edges, Multigraphs.weights(seed, edges.edges()));
    Graph<Integer, Integer> copy = JGraphT.toJGraphT(weighted);
    Graph<Integer, Integer> view = JGraphT.view(weighted);
    assertEquals(Set.copyOf(new ConnectivityInspector<>(copy).connectedSets()),
        Set.copyOf(new ConnectivityInspector<>(view).connectedSets()), "seed " + seed);
    assertEquals(Set.copyOf(new KosarajuStrongConnectivityInspector<>(copy).stronglyConnectedSets()),
        Set.copyOf(new KosarajuStrongConnectivityInspector<>(view).stronglyConnectedSets()), "seed " + seed);
    assertEquals(new PageRank<>(copy).getScores(), new PageRank<>(view).getScores(), "seed " + seed);
    for (int target : copy.vertexSet()) {
      assertEquals(new DijkstraShortestPath<>(copy).getPathWeight(0, target),
          new DijkstraShortestPath<>(view).getPathWeight(0, target), "seed " + seed + ", to " + target);
    }
  }

  @Test
  void connectedComponentsOfTwoPairsAndALonelyNode() {
    Sparse edges = Sparse.of(5, Indices.of(0, 3), Indices.of(1, 4));
    var components = new ConnectivityInspector<>(JGraphT.view(edges)).connectedSets();
    assertEquals(Set.of(Set.of(0, 1), Set.of(2), Set.of(3, 4)), Set.copyOf(components));
  }

  @Test
  void theShortestPathGoesAroundAHeavyEdge() { // 0 -> 2 weighs 5, 0 -> 1 -> 2 weighs 1 + 2
    Sparse edges = Sparse.of(3, Indices.of(0, 0, 1), Indices.of(2, 1, 2));
    var path = DijkstraShortestPath.findPathBetween(
        JGraphT.view(new WeightedEdges(edges, Tensor.of(new float[] {5, 1, 2}))), 0, 2);
    assertEquals(3, path.getWeight());
    assertEquals(List.of(1, 2), path.getEdgeList());
    assertNull(DijkstraShortestPath.findPathBetween(JGraphT.view(edges), 2, 0), "edges have a direction");
    assertEquals(1,
        DijkstraShortestPath.findPathBetween(new AsUndirectedGraph<>(JGraphT.view(edges)), 2, 0).getLength());
  }

  @Test
  void pageRankOfACycleIsUniformAndOfAStarIsTheHubs() {
    Sparse cycle = Sparse.of(4, Indices.of(0, 1, 2, 3), Indices.of(1, 2, 3, 0));
    new PageRank<>(JGraphT.view(cycle)).getScores().forEach((node, score) -> assertEquals(0.25, score, 1e-9));
    Sparse star = Sparse.of(4, Indices.of(1, 2, 3), Indices.of(0, 0, 0));
    var scores = new PageRank<>(JGraphT.view(star)).getScores();
    IntStream.range(1, 4).forEach(leaf -> assertTrue(requireNonNull(scores.get(0)) > requireNonNull(scores.get(leaf))));
  }

  @Test
  void itIsOfTheEdgesThemselves() {
    Sparse edges = Sparse.of(2, Indices.of(0, 0), Indices.of(1, 1));
    assertEquals(JGraphT.view(edges), JGraphT.view(edges));
    assertEquals(JGraphT.view(edges).hashCode(), JGraphT.view(edges).hashCode());
    assertNotEquals(JGraphT.view(edges), JGraphT.view(edges.reversed()));
    assertFalse(JGraphT.view(edges).getType().isWeighted());
    assertNull(JGraphT.view(edges).getEdge(1, 0));
    assertNull(JGraphT.view(edges).getAllEdges(0, 9));
    assertEquals(Integer.valueOf(0), JGraphT.view(edges).getEdge(0, 1));
  }

  @Test
  void nothingCanBeChangedThroughIt() {
    Graph<Integer, Integer> view = JGraphT.view(Sparse.of(2, Indices.of(0), Indices.of(1)));
    for (Executable change : new Executable[] {view::addVertex, () -> view.addVertex(2), () -> view.addEdge(1, 0),
      () -> view.addEdge(1, 0, 1), () -> view.removeEdge(0), () -> view.removeEdge(0, 1), () -> view.removeVertex(0),
      () -> view.setEdgeWeight(0, 2), () -> view.edgeSet().remove(0), () -> view.vertexSet().clear()}) {
      assertThrows(UnsupportedOperationException.class, change);
    }
  }

  @Test
  void whatIsNotThereIsSaid() {
    Graph<Integer, Integer> view = JGraphT.view(Sparse.of(2, Indices.of(0), Indices.of(1)));
    var error = assertThrows(IllegalArgumentException.class, () -> view.getEdgeSource(1));
    assertEquals("jgrapht: no edge 1 in a graph of 1 edges", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> view.outgoingEdgesOf(2));
    assertThrows(IllegalArgumentException.class,
        () -> JGraphT.view(Sparse.of(2, 1, Indices.of(), Indices.of(), null)));
  }
}
