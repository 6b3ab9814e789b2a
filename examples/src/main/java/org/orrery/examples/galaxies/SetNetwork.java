package org.orrery.examples.galaxies;

import java.util.Objects;
import org.orrery.compat.SetTransformer;
import org.orrery.graph.Graph;
import org.orrery.messagepassing.Aggregation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// A set transformer over halos, each of which knows its own features and the mean, deviation and maximum of those of its links: what it sees
/// of its neighborhood does not change when the box is turned or moved. Lee et al. 2019.
///
/// Shape: a batch of graphs as [HaloGraph] makes them, to `[graphs, width + 1]`.
///
/// @param transformer of the sets
/// @param summary standardizes its rows and the globals
record SetNetwork(SetTransformer transformer, BatchNorm summary) implements BoxNetwork {
  private static final Aggregation NEIGHBORHOOD = Aggregation.several(Aggregation.mean(),
      Aggregation.standardDeviation(), Aggregation.max());
  private static final int HEADS = 4;
  private static final int POINTS = 16;

  /// @throws IllegalArgumentException where there is no round, or heads do not divide the channels
  static SetNetwork create(HaloGraph input, int rounds, int channels, Key key) {
    int width = input.nodeWidth() + 3 * input.edgeWidth();
    SetTransformer transformer = SetTransformer.create(width,
        new SetTransformer.Options(channels, HEADS, POINTS, rounds, 1), key);
    return new SetNetwork(transformer, HaloNetwork.standardizing(channels + 1));
  }

  @Override
  public Tensor apply(Graph graph, Mode mode) {
    Tensor around = NEIGHBORHOOD.apply(Objects.requireNonNull(graph.edges()), graph.adjacency().sparse().byReceiver());
    Tensor rows = transformer.apply(graph.graphOf(), Tensor.concat(1, graph.nodes(), around), mode);
    return summary.apply(Tensor.concat(1, rows, Objects.requireNonNull(graph.globals())), mode);
  }
}
