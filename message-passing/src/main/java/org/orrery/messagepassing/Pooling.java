package org.orrery.messagepassing;

import org.orrery.graph.Graph;
import org.orrery.nn.Block;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// One row for each graph of a batch: its nodes aggregated.
///
/// Shape: nodes `[nodes, width]` to `[graphs, width]`, or as wide as the aggregation makes it.
///
/// @param aggregation sum, mean, maximum, or several side by side
public record Pooling(Aggregation aggregation) implements Block {
  /// The sum of a graph's nodes: it knows how many there are.
  public static Pooling sum() {
    return new Pooling(Aggregation.sum());
  }

  /// The mean of a graph's nodes.
  public static Pooling mean() {
    return new Pooling(Aggregation.mean());
  }

  /// The largest of a graph's nodes, column by column.
  public static Pooling max() {
    return new Pooling(Aggregation.max());
  }

  /// One row for each graph; 0 for a graph without nodes.
  public Tensor apply(Graph graph) {
    return Observed.call(this, () -> aggregation.apply(graph.nodes(), graph.graphOf()), graph.nodes());
  }

  @Override
  public void describe(Parts parts) {
    parts.block("aggregation", aggregation);
  }
}
