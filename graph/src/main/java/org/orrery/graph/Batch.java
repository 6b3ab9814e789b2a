package org.orrery.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Attachments.Leveled;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Graphs joined side by side, and taken apart again.
final class Batch {
  private Batch() {
  }

  // ---- joining ----

  static Graph join(List<Graph> graphs) {
    if (graphs.isEmpty()) {
      throw new IllegalArgumentException("batch: no graphs");
    }
    requireAlike(graphs);
    DisjointUnion union = DisjointUnion.of(graphs.stream().map(Graph::adjacency).toList());
    int[] offsets = new int[graphs.stream().mapToInt(Graph::graphCount).sum() + 1];
    int g = 0;
    for (Graph graph : graphs) {
      for (int i = 0; i < graph.graphCount(); i++, g++) {
        offsets[g + 1] = offsets[g] + graph.graphOf().size(i);
      }
    }
    Attachments attached = Attachments.NONE;
    Attachments first = graphs.getFirst().attached();
    for (var target : first.targets().entrySet()) {
      String name = target.getKey();
      attached = attached.withTarget(name, target.getValue().level(),
          stacked("target '" + name + "'", graphs, graph -> graph.target(name)));
    }
    for (var labels : first.labels().entrySet()) {
      String name = labels.getKey();
      attached = attached.withLabels(name, labels.getValue().level(), Indices.wrap(
          graphs.stream().flatMapToInt(graph -> Arrays.stream(graph.labels(name).raw())).toArray()));
    }
    for (var mask : first.masks().entrySet()) {
      Level level = mask.getValue().level();
      attached = attached.withMask(mask.getKey(), level, shifted(graphs, mask.getKey(), level));
    }
    return new Graph(union, stacked("node features", graphs, Graph::nodes),
        graphs.getFirst().edges() == null ? null : stacked("edge features", graphs, Graph::edges),
        graphs.getFirst().globals() == null ? null : stacked("globals", graphs, Graph::globals),
        Partition.of(union, Indices.wrap(offsets)), attached, geometry(graphs));
  }

  private static @Nullable Geometry geometry(List<Graph> graphs) {
    if (!graphs.getFirst().isPlaced()) {
      return null;
    }
    Tensor positions = stacked("positions", graphs, Graph::positions);
    return new Geometry(positions, Images.joined(graphs, graphs.stream().map(Graph::geometry).toList()));
  }

  private static void requireAlike(List<Graph> graphs) {
    Graph first = graphs.getFirst();
    for (int i = 1; i < graphs.size(); i++) {
      Graph other = graphs.get(i);
      requireBoth("edge features", first.edges() != null, other.edges() != null, i);
      requireBoth("globals", first.globals() != null, other.globals() != null, i);
      requireBoth("positions", first.isPlaced(), other.isPlaced(), i);
      requireNames("targets", first.attached().targets(), other.attached().targets(), i);
      requireNames("labels", first.attached().labels(), other.attached().labels(), i);
      requireNames("masks", first.attached().masks(), other.attached().masks(), i);
    }
  }

  private static void requireBoth(String what, boolean first, boolean other, int i) {
    if (first != other) {
      throw new IllegalArgumentException("batch: graph " + (first ? 0 : i) + " has " + what + ", graph "
          + (first ? i : 0) + " has none; all or none must");
    }
  }

  private static <T> void requireNames(String what, Map<String, Leveled<T>> first, Map<String, Leveled<T>> other,
      int i) {
    if (!first.keySet().equals(other.keySet())) {
      throw new IllegalArgumentException("batch: " + what + " of graph " + i + " are " + other.keySet()
          + ", those of graph 0 " + first.keySet() + "; they must be the same");
    }
    first.forEach((name, value) -> {
      Level level = Objects.requireNonNull(other.get(name)).level();
      if (level != value.level()) {
        throw new IllegalArgumentException("batch: " + what + " '" + name + "' of graph " + i + " belong to "
            + Attachments.plural(level) + ", those of graph 0 to " + Attachments.plural(value.level()));
      }
    });
  }

  private static Tensor stacked(String what, List<Graph> graphs, Function<Graph, @Nullable Tensor> part) {
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      Tensor tensor = Objects.requireNonNull(part.apply(graphs.get(i)));
      Shape first = i == 0 ? tensor.shape() : parts.getFirst().shape();
      if (tensor.rank() != first.rank() || !tensor.shape().with(0, 0).equals(first.with(0, 0))) {
        throw new IllegalArgumentException("batch: " + what + " of graph " + i + " are " + tensor.shape()
            + ", those of graph 0 " + first + "; all sizes but the first must be equal");
      }
      parts.add(tensor);
    }
    return Tensor.concat(0, parts);
  }

  private static Indices shifted(List<Graph> graphs, String name, Level level) {
    int[] positions = new int[graphs.stream().mapToInt(graph -> graph.mask(name).size()).sum()];
    int p = 0;
    int before = 0;
    for (Graph graph : graphs) {
      for (int at : graph.mask(name).raw()) {
        positions[p++] = before + at;
      }
      before += graph.count(level);
    }
    return Indices.wrap(positions);
  }

  // ---- taking apart ----

  static List<Graph> split(Graph batch) {
    Rows nodes = new Rows(batch.graphOf());
    Rows edges = new Rows(batch.graphOfEdges());
    Rows graphs = new Rows(Segments.of(Indices.range(0, batch.graphCount()), batch.graphCount()));
    List<Attachments> attached = attachedToEach(batch, level -> switch (level) {
      case NODE -> nodes;
      case EDGE -> edges;
      case GRAPH -> graphs;
    });
    Tensor edgeFeatures = batch.edges();
    Tensor globals = batch.globals();
    List<Graph> parts = new ArrayList<>(batch.graphCount());
    for (int g = 0; g < batch.graphCount(); g++) {
      Adjacency adjacency = part(batch, g, edges);
      parts.add(new Graph(adjacency, nodes.take(batch.nodes(), g),
          edgeFeatures == null ? null : edges.take(edgeFeatures, g), globals == null ? null : graphs.take(globals, g),
          Partition.of(adjacency, Indices.of(0, adjacency.receivers())), attached.get(g),
          batch.isPlaced() ? geometry(batch, g, nodes, edges) : null));
    }
    return parts;
  }

  private static Geometry geometry(Graph batch, int g, Rows nodes, Rows edges) {
    Geometry whole = batch.geometry();
    return new Geometry(nodes.take(whole.positions(), g),
        whole.images().ofGraph(g, edges.of(g), whole.dimensions()));
  }

  private static List<Attachments> attachedToEach(Graph batch, Function<Level, Rows> rowsOf) {
    List<Attachments> each = new ArrayList<>(Collections.nCopies(batch.graphCount(), Attachments.NONE));
    batch.attached().targets().forEach((name, target) -> {
      Rows rows = rowsOf.apply(target.level());
      for (int g = 0; g < each.size(); g++) {
        each.set(g, each.get(g).withTarget(name, target.level(), rows.take(target.value(), g)));
      }
    });
    batch.attached().labels().forEach((name, labels) -> {
      Rows rows = rowsOf.apply(labels.level());
      for (int g = 0; g < each.size(); g++) {
        each.set(g, each.get(g).withLabels(name, labels.level(), labels.value().at(rows.of(g))));
      }
    });
    batch.attached().masks().forEach((name, mask) -> {
      Rows rows = rowsOf.apply(mask.level());
      Rows chosen = new Rows(Segments.of(rows.segments.index().at(mask.value()), each.size()));
      Indices within = Indices.wrap(rows.place).at(mask.value());
      for (int g = 0; g < each.size(); g++) {
        each.set(g, each.get(g).withMask(name, mask.level(), within.at(chosen.of(g))));
      }
    });
    return each;
  }

  private static Adjacency part(Graph batch, int g, Rows edges) {
    if (batch.adjacency() instanceof DisjointUnion union && batch.partition().isByPart()) {
      return union.parts().get(g);
    }
    if (batch.graphCount() == 1) {
      return batch.adjacency();
    }
    Sparse whole = batch.adjacency().sparse();
    int from = batch.offsets().at(g);
    Indices own = edges.of(g);
    Indices types = whole.types();
    int nodes = batch.offsets().at(g + 1) - from;
    return Sparse.of(nodes, nodes, less(whole.senderOf().at(own), from), less(whole.receiverOf().at(own), from),
        types == null ? null : types.at(own));
  }

  private static Indices less(Indices indices, int shift) {
    return Indices.wrap(Arrays.stream(indices.raw()).map(i -> i - shift).toArray());
  }

  /// The rows of one level by graph; row i is number `place[i]` of its graph.
  private static final class Rows {
    private final Segments segments;
    private final int[] place;

    Rows(Segments segments) {
      this.segments = segments;
      this.place = new int[segments.members()];
      for (int g = 0; g < segments.count(); g++) {
        int[] own = of(g).raw();
        for (int i = 0; i < own.length; i++) {
          place[own[i]] = i;
        }
      }
    }

    Indices of(int graph) {
      return Partition.members(segments, graph);
    }

    Tensor take(Tensor rows, int graph) {
      return segments.order() == null
          ? rows.slice(0, segments.offsets().at(graph), segments.offsets().at(graph + 1))
          : rows.gatherRows(of(graph));
    }
  }
}
