package org.orrery.graph;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.CountingBackend;

class GraphTest {
  private static final Sparse PATH = Sparse.of(3, Indices.of(0, 1), Indices.of(1, 2));

  private static void refused(String message, Runnable construction) {
    var error = assertThrows(RuntimeException.class, construction::run);
    assertEquals(message, error.getMessage());
  }

  @Test
  void carriesWhatItWasGiven() {
    Tensor nodes = Tensor.of(new float[][] {{1, 0}, {0, 1}, {1, 1}});
    Graph graph = Graph.builder(PATH).nodes(nodes).edges(Tensor.ones(2, 1)).globals(Tensor.ones(1, 4))
        .target("mass", Level.GRAPH, Tensor.ones(1)).labels("kind", Level.NODE, Indices.of(0, 0, 1))
        .mask("train", Level.EDGE, new boolean[] {false, true}).build();
    assertSame(nodes, graph.nodes());
    assertEquals(Indices.of(0, 3), graph.offsets());
    assertEquals(Indices.of(1), graph.mask("train"));
    assertEquals(Indices.of(0, 0, 1), graph.labels("kind"));
    assertEquals(Level.GRAPH, graph.targetLevel("mass"));
    assertEquals(Level.NODE, graph.labelsLevel("kind"));
    assertEquals(Level.EDGE, graph.maskLevel("train"));
    assertEquals(Set.of("train"), graph.maskNames());
    assertEquals("Graph[3 nodes [3, 2], 2 edges [2, 1], 1 graph [1, 4], target mass, labels kind, mask train]",
        graph.toString());
    refused("graph: no target is called 'y'; there are [mass]", () -> graph.target("y"));
  }

  @Test
  void withGivesANewGraphAndLeavesTheOld() {
    Graph old = Graph.of(PATH, Tensor.ones(3, 2));
    Graph changed = old.withNodes(Tensor.ones(3, 5)).withEdges(Tensor.ones(2, 1)).withGlobals(Tensor.ones(1, 1))
        .withLabels("kind", Level.NODE, Indices.of(1, 2, 3)).withTarget("y", Level.NODE, Tensor.ones(3))
        .withMask("test", Level.NODE, Indices.of(2));
    assertEquals(2, old.nodes().columns());
    assertNull(old.edges());
    assertNull(old.globals());
    assertEquals(Set.of(), old.labelNames());
    assertEquals(5, changed.nodes().columns());
    assertEquals(Set.of("y"), changed.targetNames());
    assertEquals(Set.of("kind"), changed.labelNames());
    assertNull(changed.withEdges(null).edges());
    assertNull(changed.withGlobals(null).globals());
    refused("graph: node features [2, 5] for 3 nodes; [3, width] is required", () -> old.withNodes(Tensor.ones(2, 5)));
    refused("mask 'test': node 1 is named twice", () -> old.withMask("test", Level.NODE, Indices.of(1, 0, 1)));
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    refused("graph: node features [4, 2] for 3 nodes; [3, width] is required",
        () -> Graph.of(PATH, Tensor.ones(4, 2)));
    refused("graph: node features [3] for 3 nodes; [3, width] is required", () -> Graph.of(PATH, Tensor.ones(3)));
    refused("graph: edge features [3, 1] for 2 edges; [2, width] is required",
        () -> Graph.builder(PATH).edges(Tensor.ones(3, 1)).build());
    refused("graph: globals [2, 1] for 1 graphs; [1, width] is required",
        () -> Graph.builder(PATH).globals(Tensor.ones(2, 1)).build());
    refused("target 'y': [2] for 3 nodes; one row each is required",
        () -> Graph.builder(PATH).target("y", Level.NODE, Tensor.ones(2)).build());
    refused("labels 'y': 1 for 2 edges; one each is required",
        () -> Graph.builder(PATH).labels("y", Level.EDGE, Indices.of(1)).build());
    refused("mask 'train': entry 1 is 3; there are 3 nodes",
        () -> Graph.builder(PATH).mask("train", Level.NODE, Indices.of(0, 3)).build());
    refused("mask 'train': 2 answers for 3 nodes",
        () -> Graph.builder(PATH).mask("train", Level.NODE, new boolean[2]));
    refused("edge 1 runs 1 -> 3 in a graph of 3 nodes", () -> Sparse.of(3, Indices.of(0, 1), Indices.of(1, 3)));
  }

  @Test
  void numbersThatAreNotFiniteAreNamed() {
    refused("node 1 has NaN in column 0; numbers must be finite",
        () -> Graph.of(PATH, Tensor.of(new float[] {1, 2, Float.NaN, 4, 5, 6}, 3, 2)));
    refused("edge 1 has Infinity in column 2; numbers must be finite", () -> Graph.builder(PATH)
        .edges(Tensor.of(new float[] {1, 2, 3, 4, 5, Float.POSITIVE_INFINITY}, 2, 3)).build());
    refused("graph 0 has -Infinity in column 1; numbers must be finite", () -> Graph.builder(PATH)
        .globals(Tensor.of(new float[] {1, Float.NEGATIVE_INFINITY}, 1, 2)).build());
    refused("target 'y': node 2 has NaN in column 0; numbers must be finite", () -> Graph.builder(PATH)
        .target("y", Level.NODE, Tensor.of(new float[] {1, 2, Float.NaN}, 3)).build());
  }

  @Test
  void aPlanCanContainAGraph() {
    CountingBackend plan = new CountingBackend();
    Graph graph = Backends.with(plan, () -> Graph.of(PATH, Tensor.ones(3, 2)).withTarget("y", Level.NODE,
        Tensor.ones(3)));
    assertSame(plan, graph.nodes().backend());
    assertEquals(Float.BYTES * (3 * 2 + 3), plan.liveBytes());
  }

  @Test
  void offsetsThatDoNotFitAreRefused() {
    refused("graph: node offsets [0, 2] for 3 nodes; they run from 0 to 3",
        () -> Graph.builder(PATH).offsets(Indices.of(0, 2)).build());
    refused("graph: node offsets [1, 3] for 3 nodes; they run from 0 to 3",
        () -> Graph.builder(PATH).offsets(Indices.of(1, 3)).build());
    refused("graph: node offsets [] for 3 nodes; they run from 0 to 3",
        () -> Graph.builder(PATH).offsets(Indices.of()).build());
    refused("graph: node offset 2 is 1, below the one before it, 2",
        () -> Graph.builder(PATH).offsets(Indices.of(0, 2, 1, 3)).build());
    refused("edge 1 runs 1 -> 2, from graph 0 to graph 1 of the batch",
        () -> Graph.builder(PATH).offsets(Indices.of(0, 2, 3)).build());
  }

  @Test
  void edgesBetweenTwoSetsAreNotAGraph() {
    Sparse bipartite = Sparse.of(3, 2, Indices.of(0), Indices.of(1), null);
    refused("graph: 3 senders and 2 receivers; a graph has one set of nodes, use the adjacency itself between two",
        () -> Graph.of(bipartite, Tensor.ones(3, 1)));
  }

  @Test
  void graphsWithoutNodesOrEdgesAreLegal() {
    Graph nothing = Graph.builder(Multigraphs.empty(0)).build();
    assertEquals(List.of(0, 0, 1), List.of(nothing.nodeCount(), nothing.edgeCount(), nothing.graphCount()));
    assertEquals(0, nothing.nodes().rows());
    Graph points = Graph.of(Multigraphs.empty(2), Tensor.ones(2, 3)).withEdges(Tensor.zeros(0, 4));
    Graph back = Graph.batch(List.of(nothing.withNodes(Tensor.zeros(0, 3)).withEdges(Tensor.zeros(0, 4)), points))
        .unbatch().get(1);
    assertArrayEquals(points.nodes().toArray(), back.nodes().toArray());
  }

  @Test
  void featuresFollowItsEdges() {
    Graph graph = Graph.builder(PATH).edges(Tensor.of(new float[][] {{5}, {6}}))
        .mask("known", Level.EDGE, Indices.of(1)).build();
    Graph looped = graph.rewired(PATH.withSelfLoops(), -1);
    assertArrayEquals(new float[] {5, 6, -1, -1, -1}, requireNonNull(looped.edges()).toArray());
    assertEquals(Indices.of(1), looped.mask("known"));
    Graph both = graph.withMask("known", Level.NODE, Indices.of(1)).rewired(PATH.undirected(), Merge.SUM);
    assertArrayEquals(new float[] {5, 6, 5, 6}, requireNonNull(both.edges()).toArray());
    refused("rewired: edges were merged, and the edge-level mask 'known' does not say how to follow",
        () -> graph.rewired(PATH.undirected(), Merge.SUM));
    refused("rewired: the edge-level labels 'kind' has nothing for the 3 added edges",
        () -> graph.withLabels("kind", Level.EDGE, Indices.of(1, 2)).rewired(PATH.withSelfLoops(), 0));
    refused("rewired: the edge-level target 'flow' has nothing for the 3 added edges",
        () -> graph.withTarget("flow", Level.EDGE, Tensor.ones(2)).rewired(PATH.withSelfLoops(), 0));
    assertEquals(Indices.of(1),
        graph.withMask("known", Level.EDGE, Indices.of(1)).rewired(PATH.withSelfLoops(), 0).mask("known"));
  }

  @Test
  void anInducedSubgraphTakesEverythingAlong() {
    Graph graph = Graph.builder(PATH).nodes(Tensor.of(new float[][] {{10}, {11}, {12}}))
        .edges(Tensor.of(new float[][] {{5}, {6}})).globals(Tensor.of(new float[][] {{9}}))
        .target("y", Level.NODE, Tensor.of(new float[] {0.5f, 1.5f, 2.5f})).labels("e", Level.EDGE, Indices.of(50, 60))
        .mask("train", Level.NODE, Indices.of(0, 2)).build();
    Graph part = graph.induced(Indices.of(2, 1)); // edge 1: old 1 -> 2 is new 1 -> 0
    assertEquals(Indices.of(1), part.adjacency().sparse().senderOf());
    assertEquals(Indices.of(0), part.adjacency().sparse().receiverOf());
    assertArrayEquals(new float[] {12, 11}, part.nodes().toArray());
    assertArrayEquals(new float[] {6}, requireNonNull(part.edges()).toArray());
    assertArrayEquals(new float[] {2.5f, 1.5f}, part.target("y").toArray());
    assertEquals(Indices.of(60), part.labels("e"));
    assertEquals(Indices.of(0), part.mask("train"));
  }

  @Test
  void aSubgraphOfABatchKeepsItsGraphs() {
    Graph batch = Graph.batch(List.of(Graph.of(PATH, Tensor.ones(3, 1)), Graph.of(PATH, Tensor.zeros(3, 1))));
    assertEquals(Indices.of(0, 2, 3), batch.induced(Indices.of(2, 1, 4)).offsets());
    refused("subgraph: node 1 of graph 0 comes after a node of graph 1; the nodes of each graph stay together",
        () -> batch.induced(Indices.of(4, 1)));
  }
}
