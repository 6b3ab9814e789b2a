package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Tensor;

/// What a graph of halos looks like in a few numbers with names: how many links a halo has, and the mean and spread of every feature of
/// halos and links. They say where a catalog differs from others.
final class BoxSummary {
  private BoxSummary() {
  }

  /// The names of the numbers.
  static List<String> names(HaloGraph input) {
    Set<Feature> features = input.features();
    List<String> columns = new ArrayList<>();
    boolean space = features.contains(Feature.VELOCITIES);
    boolean lineOfSight = features.contains(Feature.LINE_OF_SIGHT_VELOCITIES);
    columns.add("halos");
    if (space || lineOfSight) {
      columns.add("speed");
    }
    if (features.contains(Feature.MASSES)) {
      columns.add("log mass");
    }
    columns.addAll(List.of("separation", "closeness", "log separation"));
    if (input.centroid() != HaloGraph.Centroid.NONE) {
      columns.addAll(List.of("angle of neighbors about the center", "angle of links to the center"));
    }
    if (space) {
      columns.addAll(List.of("infall of pairs", "relative speed of pairs", "velocity along links",
          "velocity of neighbors along links"));
    } else if (lineOfSight) {
      columns.addAll(List.of("line-of-sight infall of pairs", "orientation of links"));
    }
    List<String> names = new ArrayList<>(
        List.of("log number of halos", "log links of a halo", "relative spread of links of a halo"));
    columns.forEach(column -> names.addAll(List.of("mean " + column, "spread of " + column)));
    return List.copyOf(names);
  }

  /// The numbers of one graph, in the order of [#names].
  static double[] of(Graph graph) {
    Sparse edges = graph.adjacency().sparse();
    int halos = graph.nodeCount();
    int[] links = new int[halos];
    for (int e = 0; e < edges.edges(); e++) {
      links[edges.receiverOf().at(e)]++;
    }
    double mean = (double) edges.edges() / halos;
    double square = 0;
    for (int count : links) {
      square += (count - mean) * (count - mean) / halos;
    }
    List<Double> numbers = new ArrayList<>(
        List.of(Math.log10(halos), Math.log10(mean + 1.0 / halos), Math.sqrt(square) / (mean + 1.0 / halos)));
    addColumns(graph.nodes().toArray(), graph.nodes().columns(), numbers);
    Tensor ofLinks = Objects.requireNonNull(graph.edges());
    addColumns(ofLinks.toArray(), ofLinks.columns(), numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void addColumns(float[] values, int width, List<Double> numbers) {
    int rows = values.length / width;
    for (int column = 0; column < width; column++) {
      double mean = 0;
      for (int row = 0; row < rows; row++) {
        mean += values[row * width + column] / (double) rows;
      }
      double square = 0;
      for (int row = 0; row < rows; row++) {
        double off = values[row * width + column] - mean;
        square += off * off / rows;
      }
      numbers.add(mean);
      numbers.add(Math.sqrt(square));
    }
  }
}
