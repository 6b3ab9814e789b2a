package org.orrery.graph;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jgrapht.GraphType;
import org.jgrapht.graph.AbstractGraph;
import org.jgrapht.graph.DefaultGraphType;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;

/// An edge list as a directed graph of JGraphT, without a copy: vertices are the nodes 0, 1, ..., edges the positions
/// 0, 1, ... in edge order, and neighbors are read from the compressed rows that messages use. Nothing can be changed
/// through it.
///
/// Repeated edges and self loops are edges like others. A self loop counts once in the in-degree, once in the out-degree
/// and twice in the degree, as everywhere in JGraphT.
final class JGraphTView extends AbstractGraph<Integer, Integer> {
  private final Sparse edges;
  private final double @Nullable [] weights;
  private final Set<Integer> vertexSet;
  private final Set<Integer> edgeSet;

  /// @param weights one an edge; null where all are 1
  /// @throws IllegalArgumentException where senders and receivers differ
  JGraphTView(Sparse edges, double @Nullable [] weights) {
    this.edges = edges;
    this.weights = weights == null ? null : weights.clone();
    this.vertexSet = new Range(edges.requireOneNodeSet("jgrapht"));
    this.edgeSet = new Range(edges.edges());
  }

  /// The numbers 0 up to `count`.
  private static final class Range extends AbstractSet<Integer> {
    private final int count;

    Range(int count) {
      this.count = count;
    }

    @Override
    public boolean contains(@Nullable Object number) {
      return number instanceof Integer i && i >= 0 && i < count;
    }

    @Override
    public Iterator<Integer> iterator() {
      return IntStream.range(0, count).iterator();
    }

    @Override
    public int size() {
      return count;
    }
  }

  /// The edges of one segment, in edge order.
  private static final class Members extends AbstractSet<Integer> {
    private final Segments segments;
    private final int segment;

    Members(Segments segments, int segment) {
      this.segments = segments;
      this.segment = segment;
    }

    @Override
    public boolean contains(@Nullable Object edge) {
      return edge instanceof Integer e && e >= 0 && e < segments.members() && segments.index().at(e) == segment;
    }

    @Override
    public Iterator<Integer> iterator() {
      Indices order = segments.order();
      PrimitiveIterator.OfInt slots = IntStream
          .range(segments.offsets().at(segment), segments.offsets().at(segment + 1)).iterator();
      return order == null ? slots : new Iterator<>() {
        @Override
        public boolean hasNext() {
          return slots.hasNext();
        }

        @Override
        public Integer next() {
          return order.at(slots.nextInt());
        }
      };
    }

    @Override
    public int size() {
      return segments.size(segment);
    }
  }

  // ---- reading ----

  @Override
  public Set<Integer> vertexSet() {
    return vertexSet;
  }

  @Override
  public Set<Integer> edgeSet() {
    return edgeSet;
  }

  @Override
  public boolean containsVertex(Integer vertex) {
    return vertexSet.contains(vertex);
  }

  @Override
  public boolean containsEdge(Integer edge) {
    return edgeSet.contains(edge);
  }

  @Override
  public Integer getEdgeSource(Integer edge) {
    return edges.senderOf().at(existing(edge));
  }

  @Override
  public Integer getEdgeTarget(Integer edge) {
    return edges.receiverOf().at(existing(edge));
  }

  @Override
  public double getEdgeWeight(Integer edge) {
    int position = existing(edge);
    return weights == null ? 1 : weights[position];
  }

  @Override
  public Set<Integer> incomingEdgesOf(Integer vertex) {
    assertVertexExist(vertex);
    return new Members(edges.byReceiver(), vertex);
  }

  @Override
  public Set<Integer> outgoingEdgesOf(Integer vertex) {
    assertVertexExist(vertex);
    return new Members(edges.bySender(), vertex);
  }

  @Override
  public Set<Integer> edgesOf(Integer vertex) {
    Set<Integer> all = new LinkedHashSet<>(outgoingEdgesOf(vertex));
    all.addAll(incomingEdgesOf(vertex));
    return all;
  }

  @Override
  public int inDegreeOf(Integer vertex) {
    return incomingEdgesOf(vertex).size();
  }

  @Override
  public int outDegreeOf(Integer vertex) {
    return outgoingEdgesOf(vertex).size();
  }

  @Override
  public int degreeOf(Integer vertex) {
    return Math.addExact(inDegreeOf(vertex), outDegreeOf(vertex));
  }

  @Override
  public @Nullable Integer getEdge(Integer source, Integer target) {
    if (!containsVertex(source) || !containsVertex(target)) {
      return null;
    }
    int[] between = between(source, target);
    return between.length == 0 ? null : (Integer) between[0];
  }

  @Override
  public @Nullable Set<Integer> getAllEdges(Integer source, Integer target) {
    if (!containsVertex(source) || !containsVertex(target)) {
      return null;
    }
    Set<Integer> all = new LinkedHashSet<>();
    Arrays.stream(between(source, target)).forEach(all::add);
    return all;
  }

  /// The edges from one node to another, in edge order: found at the end that has fewer edges.
  private int[] between(int source, int target) {
    Set<Integer> out = outgoingEdgesOf(source);
    Set<Integer> in = incomingEdgesOf(target);
    Set<Integer> fewer = out.size() <= in.size() ? out : in;
    Set<Integer> others = out.size() <= in.size() ? in : out;
    return fewer.stream().filter(others::contains).mapToInt(Integer::intValue).toArray();
  }

  @Override
  public GraphType getType() {
    return new DefaultGraphType.Builder().directed().weighted(weights != null).allowMultipleEdges(true)
        .allowSelfLoops(true).allowCycles(true).modifiable(false).build();
  }

  private int existing(Integer edge) {
    if (!containsEdge(edge)) {
      throw new IllegalArgumentException("jgrapht: no edge " + edge + " in a graph of " + edgeSet.size() + " edges");
    }
    return edge;
  }

  // ---- what would change it ----

  @Override
  public @Nullable Supplier<Integer> getVertexSupplier() { return null; }

  @Override
  public @Nullable Supplier<Integer> getEdgeSupplier() { return null; }

  @Override
  public Integer addVertex() {
    throw unmodifiable();
  }

  @Override
  public boolean addVertex(Integer vertex) {
    throw unmodifiable();
  }

  @Override
  public Integer addEdge(Integer source, Integer target) {
    throw unmodifiable();
  }

  @Override
  public boolean addEdge(Integer source, Integer target, Integer edge) {
    throw unmodifiable();
  }

  @Override
  public Integer removeEdge(Integer source, Integer target) {
    throw unmodifiable();
  }

  @Override
  public boolean removeEdge(Integer edge) {
    throw unmodifiable();
  }

  @Override
  public boolean removeVertex(Integer vertex) {
    throw unmodifiable();
  }

  @Override
  public void setEdgeWeight(Integer edge, double weight) {
    throw unmodifiable();
  }

  private static UnsupportedOperationException unmodifiable() {
    return new UnsupportedOperationException("jgrapht: this graph is a view of edges that do not change; "
        + "JGraphT.toJGraphT gives a copy that can be changed");
  }
}
