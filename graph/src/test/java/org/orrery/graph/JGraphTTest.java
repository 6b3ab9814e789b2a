package org.orrery.graph;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.jgrapht.graph.DefaultDirectedGraph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.WeightedPseudograph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

class JGraphTTest {
  @Test
  void undirectedEdgesBecomeBothDirectionsAndLoopsOne() {
    var bodies = new WeightedPseudograph<String, DefaultWeightedEdge>(DefaultWeightedEdge.class);
    List.of("Sun", "Earth", "Moon").forEach(bodies::addVertex);
    DefaultWeightedEdge orbit = bodies.addEdge("Earth", "Sun");
    DefaultWeightedEdge spin = bodies.addEdge("Earth", "Earth");
    DefaultWeightedEdge month = bodies.addEdge("Moon", "Earth");
    bodies.setEdgeWeight(orbit, 365);
    bodies.setEdgeWeight(spin, 1);
    bodies.setEdgeWeight(month, 27);
    var imported = JGraphT.of(bodies);
    assertEquals(List.of("Sun", "Earth", "Moon"), imported.vertices());
    assertEquals(2, imported.row("Moon"));
    assertEquals(Indices.of(1, 0, 1, 2, 1), imported.sparse().senderOf());
    assertEquals(Indices.of(0, 1, 1, 1, 2), imported.sparse().receiverOf());
    assertEquals(List.of(orbit, orbit, spin, month, month), imported.edges());
    assertArrayEquals(new float[] {365, 365, 1, 27, 27}, requireNonNull(imported.weights()).toArray());
    var error = assertThrows(IllegalArgumentException.class, () -> imported.row("Mars"));
    assertEquals("jgrapht: the graph has no vertex Mars", error.getMessage());
  }

  @Test
  void directedEdgesKeepTheirDirection() {
    var graph = new DefaultDirectedGraph<Long, DefaultEdge>(DefaultEdge.class);
    graph.addVertex(70_000_000_000L);
    graph.addVertex(5L);
    graph.addEdge(5L, 70_000_000_000L);
    var imported = JGraphT.of(graph);
    assertEquals(Indices.of(1), imported.sparse().senderOf());
    assertEquals(Indices.of(0), imported.sparse().receiverOf());
    assertNull(imported.weights());
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void thereAndBackIsTheSameGraph(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    var back = JGraphT.of(JGraphT.toJGraphT(new WeightedEdges(edges, w)));
    assertEquals(edges.senderOf(), back.sparse().senderOf(), "seed " + seed);
    assertEquals(edges.receiverOf(), back.sparse().receiverOf(), "seed " + seed);
    assertEquals(edges.senders(), back.sparse().senders());
    assertArrayEquals(w.toArray(), requireNonNull(back.weights()).toArray());
    assertEquals(1.0, JGraphT.toJGraphT(edges).getEdgeWeight(0));
  }

  @Test
  void itsAlgorithmsRunOnOurs() {
    Sparse edges = Sparse.of(5, Indices.of(0, 3), Indices.of(1, 4));
    assertEquals(3, new ConnectivityInspector<>(JGraphT.toJGraphT(edges)).connectedSets().size());
  }

  @Test
  void oneSetOfNodesAndOneWeightAnEdgeAreRequired() {
    Sparse edges = Sparse.of(2, Indices.of(0), Indices.of(1));
    var several = assertThrows(IllegalArgumentException.class,
        () -> JGraphT.toJGraphT(new WeightedEdges(edges, Tensor.ones(1, 2))));
    assertEquals("jgrapht: weights [1, 2]; one an edge, [1], is required", several.getMessage());
    assertThrows(IllegalArgumentException.class,
        () -> JGraphT.toJGraphT(Sparse.of(2, 1, Indices.of(), Indices.of(), null)));
  }
}
