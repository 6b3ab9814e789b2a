package org.orrery.layers;

import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// A norm over the nodes of each graph of a batch by itself.
///
/// Shape: `[nodes, width]` to the same.
public interface GraphwiseNorm extends Layer {
  /// The equation of the norm.
  ///
  /// @param x `[nodes, width]`
  /// @param graphs the graph of each node
  Tensor forward(Tensor x, Segments graphs, Mode mode);

  /// The equation where all rows are one graph.
  @Override
  default Tensor forward(Tensor x, Mode mode) {
    if (x.rank() != 2) {
      throw new IllegalArgumentException(getClass().getSimpleName() + ": " + x.shape() + "; a matrix is required");
    }
    Segments one = Segments.ofOffsets(Indices.of(0, x.rows()));
    requireNodes(x, one);
    return forward(x, one, mode);
  }

  /// The result.
  ///
  /// @param x `[nodes, width]`
  /// @param graphs the graph of each node
  /// @throws IllegalArgumentException where shapes do not fit
  default Tensor apply(Tensor x, Segments graphs, Mode mode) {
    return Observed.call(this, () -> {
      requireNodes(x, graphs);
      return forward(x, graphs, mode);
    }, x);
  }

  private void requireNodes(Tensor x, Segments graphs) {
    boolean columnsFit = inputWidth().isEmpty() || (x.rank() == 2 && x.columns() == inputWidth().getAsInt());
    if (x.rank() != 2 || x.rows() != graphs.members() || !columnsFit) {
      String width = inputWidth().isPresent() ? Integer.toString(inputWidth().getAsInt()) : "width";
      throw new IllegalArgumentException(getClass().getSimpleName() + ": " + x.shape() + " for " + graphs.members()
          + " nodes; [nodes, " + width + "] is required");
    }
  }
}
