package org.orrery.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jgrapht.graph.DirectedWeightedPseudograph;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// To and from the graphs of [JGraphT](https://jgrapht.org), whose algorithms (connected components, shortest paths,
/// colorings, ...) are then at hand: a view where they only read, a copy where they change the graph.
///
/// ```java
/// var components = new ConnectivityInspector<>(JGraphT.view(sparse)).connectedSets();
/// ```
public final class JGraphT {
  private JGraphT() {
  }

  /// A graph that was read from JGraphT.
  ///
  /// @param sparse the edges between rows
  /// @param vertices the vertex of each row, in the order of `vertexSet()`
  /// @param rows the row of each vertex
  /// @param edges what each edge was; both directions of an undirected edge were the same
  /// @param weights `[edges]`; null where the graph has none
  public record Imported<V, E>(Sparse sparse, List<V> vertices, Map<V, Integer> rows, List<E> edges,
      @Nullable Tensor weights) {
    /// Holds copies of the lists and the map.
    public Imported {
      vertices = List.copyOf(vertices);
      rows = Map.copyOf(rows);
      edges = List.copyOf(edges);
    }

    /// The row of a vertex.
    ///
    /// @throws IllegalArgumentException where the graph has no such vertex
    public int row(V vertex) {
      Integer row = rows.get(vertex);
      if (row == null) {
        throw new IllegalArgumentException("jgrapht: the graph has no vertex " + vertex);
      }
      return row;
    }
  }

  /// A copy: vertices become rows in the order of `vertexSet()`, edges stand in the order of `edgeSet()`. An undirected
  /// edge becomes both directions, one after the other; an undirected self loop becomes one.
  ///
  /// @throws IllegalArgumentException where directed and undirected edges are mixed
  public static <V, E> Imported<V, E> of(org.jgrapht.Graph<V, E> graph) {
    if (graph.getType().isMixed()) {
      throw new IllegalArgumentException("jgrapht: a graph of directed and undirected edges; one kind is required");
    }
    List<V> vertices = new ArrayList<>(graph.vertexSet());
    Map<V, Integer> rows = HashMap.newHashMap(vertices.size());
    for (int i = 0; i < vertices.size(); i++) {
      rows.put(vertices.get(i), i);
    }
    boolean undirected = graph.getType().isUndirected();
    int most = EdgeMemory.count("JGraphT graph", "edges", graph.edgeSet().size() * (undirected ? 2.0 : 1));
    int[] from = new int[most];
    int[] to = new int[most];
    double[] weights = new double[most];
    List<E> edges = new ArrayList<>(most);
    for (E edge : graph.edgeSet()) {
      int source = Objects.requireNonNull(rows.get(graph.getEdgeSource(edge)));
      int target = Objects.requireNonNull(rows.get(graph.getEdgeTarget(edge)));
      int directions = undirected && source != target ? 2 : 1;
      for (int k = 0; k < directions; k++) {
        from[edges.size()] = k == 0 ? source : target;
        to[edges.size()] = k == 0 ? target : source;
        weights[edges.size()] = graph.getEdgeWeight(edge);
        edges.add(edge);
      }
    }
    int count = edges.size();
    Sparse sparse = Sparse.of(vertices.size(), Indices.wrap(Arrays.copyOf(from, count)),
        Indices.wrap(Arrays.copyOf(to, count)));
    return new Imported<>(sparse, vertices, rows, edges,
        graph.getType().isWeighted() ? Tensor.of(Arrays.copyOf(weights, count), count) : null);
  }

  /// The edges themselves as a directed graph that cannot be changed: vertices are the nodes 0, 1, ..., edges the
  /// positions 0, 1, ... in edge order, all weights are 1. Nothing is copied. For algorithms that want undirected edges
  /// JGraphT has `AsUndirectedGraph`.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ
  public static org.jgrapht.Graph<Integer, Integer> view(Adjacency adjacency) {
    return new JGraphTView(adjacency.sparse(), null);
  }

  /// The same with these weights, which are copied.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ, or an edge has several weights
  public static org.jgrapht.Graph<Integer, Integer> view(WeightedEdges weighted) {
    return new JGraphTView(weighted.edges(), one(weighted));
  }

  /// A copy as a directed graph whose vertices are the nodes 0, 1, ... and whose edges are the positions 0, 1, ... in
  /// edge order; all weights are 1.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ
  public static org.jgrapht.Graph<Integer, Integer> toJGraphT(Adjacency adjacency) {
    return copy(adjacency.sparse(), null);
  }

  /// A copy as a directed graph with these weights.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ, or an edge has several weights
  public static org.jgrapht.Graph<Integer, Integer> toJGraphT(WeightedEdges weighted) {
    return copy(weighted.edges(), one(weighted));
  }

  /// The same with weights in double precision, which are copied.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ, or there is not one weight an edge
  public static org.jgrapht.Graph<Integer, Integer> view(Sparse edges, double[] weights) {
    if (weights.length != edges.edges()) {
      throw new IllegalArgumentException(
          "jgrapht: " + weights.length + " weights for " + edges.edges() + " edges; one an edge is required");
    }
    return new JGraphTView(edges, weights);
  }

  private static double[] one(WeightedEdges weighted) {
    Tensor weights = weighted.weights();
    if (weights.rank() != 1) {
      throw new IllegalArgumentException(
          "jgrapht: weights " + weights.shape() + "; one an edge, [" + weights.rows() + "], is required");
    }
    return weights.toDoubles();
  }

  private static org.jgrapht.Graph<Integer, Integer> copy(Sparse edges, double @Nullable [] weights) {
    int nodes = edges.requireOneNodeSet("jgrapht");
    DirectedWeightedPseudograph<Integer, Integer> graph = new DirectedWeightedPseudograph<>(null, null);
    for (int i = 0; i < nodes; i++) {
      graph.addVertex(i);
    }
    for (int e = 0; e < edges.edges(); e++) {
      graph.addEdge(edges.senderOf().at(e), edges.receiverOf().at(e), e);
      if (weights != null) {
        graph.setEdgeWeight(e, weights[e]);
      }
    }
    return graph;
  }
}
