package org.orrery.layers;

import java.util.OptionalInt;
import org.orrery.nn.Mode;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// With c = x - mean x over the nodes of a graph: y = s c / sqrt(epsilon + mean |c|^2) or, node by node, y = s c /
/// (epsilon + |c|). Total pairwise squared distance stays the same from layer to layer, against oversmoothing. Zhao &
/// Akoglu 2020, eqs. 10 and 11.
///
/// Shape: `[nodes, width]` to the same.
///
/// @param scale s
/// @param scaling whether one length serves the whole graph
/// @param epsilon keeps graphs of equal nodes finite
public record PairNorm(double scale, Scaling scaling, double epsilon) implements GraphwiseNorm {
  /// What nodes are divided by.
  public enum Scaling {
    /// the root mean square length of the graph's nodes
    GRAPH,
    /// each node's own length
    NODE
  }

  /// s = 1, one length for each graph.
  public static PairNorm create() {
    return new PairNorm(1, Scaling.GRAPH, 1e-5);
  }

  @Override
  public Tensor forward(Tensor x, Segments graphs, Mode mode) {
    Tensor centered = Deviations.of(x, graphs).centered();
    Tensor divisor = switch (scaling) {
      case GRAPH ->
        centered.square().sum(1).unsqueeze(1).segmentMean(graphs).add(epsilon).sqrt().gatherRows(graphs);
      case NODE -> centered.norm(1).unsqueeze(1).add(epsilon);
    };
    return centered.multiply(scale).divide(divisor);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
