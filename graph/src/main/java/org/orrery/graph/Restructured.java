package org.orrery.graph;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.orrery.graph.Attachments.Leveled;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// A graph whose structure changes, and everything that follows it.
final class Restructured {
  private Restructured() {
  }

  static Graph rewired(Graph graph, EdgeMap map, UnaryOperator<Tensor> follow) {
    if (map.oldEdges() != graph.edgeCount() || map.edges().receivers() != graph.nodeCount()) {
      throw new IllegalArgumentException("rewired: " + map + " for " + graph.adjacency());
    }
    Attachments attached = graph.attached();
    Attachments moved = map.isMerging() ? withoutEdgeLevel(attached) : movedEdges(attached, map);
    Tensor edges = graph.edges();
    Partition partition = Partition.of(map.edges(), graph.offsets());
    return new Graph(map.edges(), graph.nodes(), edges == null ? null : follow.apply(edges), graph.globals(), partition,
        moved, graph.isPlaced() ? graph.geometry().rewired(graph, map) : null);
  }

  static Graph induced(Graph graph, Indices kept) {
    Subgraph part = graph.adjacency().sparse().induced(kept);
    EdgeMap map = part.edgeMap();
    Indices offsets = offsetsOf(graph, kept);
    Attachments moved = movedEdges(graph.attached(), map);
    int[] nodeRow = inverse(kept, graph.nodeCount());
    for (var target : graph.attached().targets().entrySet()) {
      if (target.getValue().level() == Level.NODE) {
        moved = moved.withTarget(target.getKey(), Level.NODE, target.getValue().value().gatherRows(kept));
      }
    }
    for (var labels : graph.attached().labels().entrySet()) {
      if (labels.getValue().level() == Level.NODE) {
        moved = moved.withLabels(labels.getKey(), Level.NODE, labels.getValue().value().at(kept));
      }
    }
    for (var mask : graph.attached().masks().entrySet()) {
      if (mask.getValue().level() == Level.NODE) {
        moved = moved.withMask(mask.getKey(), Level.NODE, present(mask.getValue().value(), nodeRow));
      }
    }
    Tensor edges = graph.edges();
    return new Graph(part.edges(), graph.nodes().gatherRows(kept), edges == null ? null : map.apply(edges, 0),
        graph.globals(), Partition.of(part.edges(), offsets), moved,
        graph.isPlaced() ? graph.geometry().induced(kept, map) : null);
  }

  private static Attachments withoutEdgeLevel(Attachments attached) {
    attached.targets().forEach((name, target) -> refuse("target", name, target));
    attached.labels().forEach((name, labels) -> refuse("labels", name, labels));
    attached.masks().forEach((name, mask) -> refuse("mask", name, mask));
    return attached;
  }

  private static void refuse(String kind, String name, Leveled<?> value) {
    if (value.level() == Level.EDGE) {
      throw new IllegalArgumentException(
          "rewired: edges were merged, and the edge-level " + kind + " '" + name + "' does not say how to follow");
    }
  }

  private static Attachments movedEdges(Attachments attached, EdgeMap map) {
    Attachments moved = attached;
    for (var target : attached.targets().entrySet()) {
      if (target.getValue().level() == Level.EDGE) {
        requireNoneAdded(map, "target", target.getKey());
        moved = moved.withTarget(target.getKey(), Level.EDGE, map.apply(target.getValue().value(), 0));
      }
    }
    for (var labels : attached.labels().entrySet()) {
      if (labels.getValue().level() == Level.EDGE) {
        requireNoneAdded(map, "labels", labels.getKey());
        moved = moved.withLabels(labels.getKey(), Level.EDGE, map.apply(labels.getValue().value(), 0));
      }
    }
    int[] row = inverse(map.origin(), map.oldEdges());
    for (var mask : attached.masks().entrySet()) {
      if (mask.getValue().level() == Level.EDGE) {
        moved = moved.withMask(mask.getKey(), Level.EDGE, present(mask.getValue().value(), row));
      }
    }
    return moved;
  }

  private static void requireNoneAdded(EdgeMap map, String kind, String name) {
    if (map.added() > 0) {
      throw new IllegalArgumentException("rewired: the edge-level " + kind + " '" + name + "' has nothing for the "
          + map.added() + " added edges");
    }
  }

  /// Where each old position is now, -1 where it is gone.
  private static int[] inverse(Indices positions, int count) {
    int[] row = new int[count];
    Arrays.fill(row, -1);
    for (int i = 0; i < positions.size(); i++) {
      if (positions.at(i) >= 0) {
        row[positions.at(i)] = i;
      }
    }
    return row;
  }

  private static Indices present(Indices positions, int[] row) {
    return Indices.wrap(Arrays.stream(positions.raw()).map(at -> row[at]).filter(at -> at >= 0).toArray());
  }

  private static Indices offsetsOf(Graph graph, Indices kept) {
    int[] offsets = new int[graph.graphCount() + 1];
    int before = 0;
    for (int i = 0; i < kept.size(); i++) {
      int of = graph.graphOf().index().at(kept.at(i));
      if (of < before) {
        throw new IllegalArgumentException("subgraph: node " + kept.at(i) + " of graph " + of
            + " comes after a node of graph " + before + "; the nodes of each graph stay together");
      }
      before = of;
      offsets[of + 1]++;
    }
    for (int g = 0; g + 1 < offsets.length; g++) {
      offsets[g + 1] += offsets[g];
    }
    return Indices.wrap(offsets);
  }
}
