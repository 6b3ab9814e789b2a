package org.orrery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The same models at 0.1, 1 and 10 times the size: the cost of an edge should not depend on how many there are.
final class Growth {
  private static final int[] GCN = {10_000, 100_000, 1_000_000};
  private static final int[] GALAXIES = {100, 1000, 10_000};

  private Growth() {
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int nodes : GCN) {
      names.add("growth_gcn_" + nodes);
    }
    for (int points : GALAXIES) {
      names.add("growth_galaxy_" + points);
    }
    return names;
  }

  private static int size(String name) {
    return Integer.parseInt(name.substring(name.lastIndexOf('_') + 1));
  }

  static Workload workload(String name) {
    return name.startsWith("growth_gcn") ? Workloads.gcn(size(name)) : Workloads.galaxies(size(name));
  }

  /// The cost of an edge.
  static List<String> table(List<JsonNode> lines) {
    List<String> table = new ArrayList<>(List.of("| workload | edges | ms | ns an edge |", "|---|---|---|---|"));
    for (JsonNode line : lines) {
      String name = line.get("name").asText();
      int edges = name.startsWith("growth_gcn") ? 10 * size(name) : Workloads.galaxyEdges(size(name)).edges();
      table.add(String.format(Locale.ROOT, "| %s | %d | %.1f | %.0f |", name, edges, line.get("ms").asDouble(),
          line.get("ms").asDouble() * 1e6 / edges));
    }
    return table;
  }
}
