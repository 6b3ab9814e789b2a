package org.orrery.layers;

import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// The rows of graphs less the means of their graphs. Rows are counted from the first row of their graph: float32 rounds the mean of large
/// numbers by more than they may differ by, but not that of what they differ by.
///
/// @param near x less the first row of its graph
/// @param first the first row of each graph, a constant; what an empty graph has for it does not matter
/// @param mean of `near`, graph by graph
/// @param graphs the graph of each row
record Deviations(Tensor near, Tensor first, Tensor mean, Segments graphs) {
  static Deviations of(Tensor x, Segments graphs) {
    Tensor first = first(x, graphs);
    Tensor near = x.subtract(first.gatherRows(graphs));
    return new Deviations(near, first, near.segmentMean(graphs), graphs);
  }

  /// The first row of each graph, without a gradient.
  static Tensor first(Tensor x, Segments graphs) {
    if (x.rows() == 0) {
      return x.detach().segmentSum(graphs);
    }
    int[] rows = new int[graphs.count()];
    Indices order = graphs.order();
    for (int g = 0; g < rows.length; g++) {
      int at = Math.min(graphs.offsets().at(g), graphs.members() - 1);
      rows[g] = order == null ? at : order.at(at);
    }
    return x.detach().gatherRows(Indices.of(rows));
  }

  /// x less its mean.
  Tensor centered() {
    return less(mean);
  }

  /// `near` less a row of each graph.
  Tensor less(Tensor rows) {
    return near.subtract(rows.gatherRows(graphs));
  }

  /// The mean of x, graph by graph.
  Tensor meanOfAll() {
    return first.add(mean);
  }
}
