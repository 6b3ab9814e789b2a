package org.orrery.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.DisjointUnion;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// A batch of directed multigraphs with features, on the host, so that it can be rearranged and put on any backend.
///
/// @param graphSizes the number of nodes of each graph
/// @param senders of each edge
/// @param receivers of each edge
/// @param nodes a row of features for each node
/// @param edges a row of features for each edge
record GraphSample(List<Integer> graphSizes, List<Integer> senders, List<Integer> receivers, List<double[]> nodes,
    List<double[]> edges) {
  GraphSample {
    graphSizes = List.copyOf(graphSizes);
    senders = List.copyOf(senders);
    receivers = List.copyOf(receivers);
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /// The widths of features; 0 for none.
  record Widths(int nodes, int edges) {
  }

  /// One graph with these edges and normal features.
  static GraphSample of(Key key, Widths widths, int nodes, int[] senders, int[] receivers) {
    return new GraphSample(List.of(nodes), boxed(senders), boxed(receivers),
        rows(key.fold("nodes"), nodes, widths.nodes()), rows(key.fold("edges"), senders.length, widths.edges()));
  }

  /// Six nodes: edges in no order, 1 -> 2 and 4 -> 3 twice, self loops at 0 and 3, node 5 isolated.
  static GraphSample multigraph(Key key, Widths widths) {
    return of(key, widths, 6, new int[] {1, 4, 0, 1, 3, 2, 4, 0, 2, 3}, new int[] {2, 3, 0, 2, 3, 1, 3, 4, 0, 1});
  }

  /// A random graph in which some nodes have no edges and some edges come twice.
  static GraphSample random(Key key, Widths widths, int nodes, int edges) {
    int[] senders = key.fold("senders").integers(edges, nodes);
    int[] receivers = key.fold("receivers").integers(edges, nodes);
    return of(key, widths, nodes, senders, receivers);
  }

  /// No edges.
  static GraphSample unconnected(Key key, Widths widths, int nodes) {
    return of(key, widths, nodes, new int[0], new int[0]);
  }

  int nodeCount() {
    return nodes.size();
  }

  int edgeCount() {
    return senders.size();
  }

  /// Node i becomes node `place_i`; edges keep their order.
  GraphSample withNodesAt(int[] place) {
    double[][] moved = new double[nodes.size()][];
    for (int i = 0; i < place.length; i++) {
      moved[place[i]] = nodes.get(i);
    }
    return new GraphSample(graphSizes, senders.stream().map(i -> place[i]).toList(),
        receivers.stream().map(i -> place[i]).toList(), List.of(moved), edges);
  }

  /// Edge k is what edge `order_k` was.
  GraphSample withEdgeOrder(int[] order) {
    return new GraphSample(graphSizes, taken(senders, order), taken(receivers, order), nodes, taken(edges, order));
  }

  /// With one more node that has no edges.
  GraphSample withIsolated(double[] features) {
    List<Integer> sizes = new ArrayList<>(graphSizes);
    sizes.set(sizes.size() - 1, sizes.getLast() + 1);
    return new GraphSample(sizes, senders, receivers, joined(nodes, List.of(features)), edges);
  }

  /// With a twin of a node: a new node with the same features and, from the same senders, edges with the same features.
  /// Edge `moved` then comes from the twin.
  GraphSample withTwin(int node, int moved) {
    List<Integer> from = new ArrayList<>(senders);
    List<Integer> to = new ArrayList<>(receivers);
    List<double[]> features = new ArrayList<>(edges);
    for (int e = 0; e < senders.size(); e++) {
      if (receivers.get(e) == node) {
        from.add(senders.get(e));
        to.add(nodes.size());
        features.add(edges.get(e));
      }
    }
    from.set(moved, nodes.size());
    return new GraphSample(List.of(nodes.size() + 1), from, to, joined(nodes, List.of(nodes.get(node))), features);
  }

  /// Graphs side by side.
  static GraphSample batch(List<GraphSample> parts) {
    List<Integer> sizes = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    List<double[]> nodes = new ArrayList<>();
    List<double[]> edges = new ArrayList<>();
    for (GraphSample part : parts) {
      int first = nodes.size();
      sizes.addAll(part.graphSizes());
      part.senders().forEach(i -> from.add(first + i));
      part.receivers().forEach(i -> to.add(first + i));
      nodes.addAll(part.nodes());
      edges.addAll(part.edges());
    }
    return new GraphSample(sizes, from, to, nodes, edges);
  }

  /// The features of the nodes on the present backend, `[nodes, width]`.
  Tensor nodeTensor(int width) {
    return matrix(nodes, width);
  }

  /// The features of the edges on the present backend, `[edges, width]`; null where the width is 0.
  @Nullable
  Tensor edgeTensor(int width) {
    return width == 0 ? null : matrix(edges, width);
  }

  /// The edges of all graphs.
  Sparse sparse() {
    return Sparse.of(nodes.size(), unboxed(senders), unboxed(receivers));
  }

  /// The graph of each node.
  Segments graphs() {
    int[] offsets = new int[graphSizes.size() + 1];
    for (int g = 0; g < graphSizes.size(); g++) {
      offsets[g + 1] = offsets[g] + graphSizes.get(g);
    }
    return Segments.ofOffsets(Indices.of(offsets));
  }

  /// The union of the graphs of other samples, for a batch of them.
  static DisjointUnion union(List<GraphSample> parts) {
    return DisjointUnion.of(parts.stream().map(GraphSample::sparse).toList());
  }

  private static List<double[]> rows(Key key, int count, int width) {
    float[] normal = key.normal(count * width);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] row = new double[width];
      int first = i * width;
      Arrays.setAll(row, k -> normal[first + k]);
      rows.add(row);
    }
    return rows;
  }

  private static Tensor matrix(List<double[]> rows, int width) {
    double[] values = new double[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * width, width);
    }
    return Tensor.of(values, rows.size(), width);
  }

  private static <T> List<T> taken(List<T> list, int[] order) {
    return Arrays.stream(order).mapToObj(list::get).toList();
  }

  private static List<double[]> joined(List<double[]> first, List<double[]> second) {
    List<double[]> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static Indices unboxed(List<Integer> values) {
    return Indices.wrap(values.stream().mapToInt(Integer::intValue).toArray());
  }
}
