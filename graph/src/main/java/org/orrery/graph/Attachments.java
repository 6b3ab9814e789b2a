package org.orrery.graph;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// What rides along with a graph by name: targets, labels and masks, each at its level.
record Attachments(Map<String, Leveled<Tensor>> targets, Map<String, Leveled<Indices>> labels,
    Map<String, Leveled<Indices>> masks) {
  static final Attachments NONE = new Attachments(Map.of(), Map.of(), Map.of());

  record Leveled<T>(Level level, T value) {
  }

  Attachments withTarget(String name, Level level, Tensor value) {
    return new Attachments(with(targets, name, new Leveled<>(level, value)), labels, masks);
  }

  Attachments withLabels(String name, Level level, Indices value) {
    return new Attachments(targets, with(labels, name, new Leveled<>(level, value)), masks);
  }

  Attachments withMask(String name, Level level, Indices positions) {
    return new Attachments(targets, labels, with(masks, name, new Leveled<>(level, positions)));
  }

  static <T> Leveled<T> find(Map<String, Leveled<T>> all, String name, String kind) {
    Leveled<T> found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException("graph: no " + kind + " is called '" + name + "'; there are " + all.keySet());
    }
    return found;
  }

  void requireFit(Graph graph) {
    targets.forEach((name, target) -> {
      int rows = graph.count(target.level());
      if (target.value().rank() == 0 || target.value().rows() != rows) {
        throw new IllegalArgumentException("target '" + name + "': " + target.value().shape() + " for " + rows + " "
            + plural(target.level()) + "; one row each is required");
      }
    });
    labels.forEach((name, label) -> {
      int rows = graph.count(label.level());
      if (label.value().size() != rows) {
        throw new IllegalArgumentException("labels '" + name + "': " + label.value().size() + " for " + rows + " "
            + plural(label.level()) + "; one each is required");
      }
    });
    masks.forEach((name, mask) -> requireOnce(name, mask.value(), graph.count(mask.level()), mask.level()));
  }

  private static void requireOnce(String name, Indices positions, int rows, Level level) {
    boolean[] seen = new boolean[rows];
    for (int i = 0; i < positions.size(); i++) {
      int at = positions.at(i);
      if (at < 0 || at >= rows) {
        throw new IndexOutOfBoundsException(
            "mask '" + name + "': entry " + i + " is " + at + "; there are " + rows + " " + plural(level));
      }
      if (seen[at]) {
        throw new IllegalArgumentException("mask '" + name + "': " + singular(level) + " " + at + " is named twice");
      }
      seen[at] = true;
    }
  }

  static String singular(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  static String plural(Level level) {
    return singular(level) + "s";
  }

  private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
    Map<String, T> more = new TreeMap<>(map);
    more.put(name, value);
    return Collections.unmodifiableMap(more);
  }
}
