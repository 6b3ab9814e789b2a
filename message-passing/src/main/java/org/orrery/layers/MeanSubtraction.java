package org.orrery.layers;

import java.util.OptionalInt;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// y = x - mean x over the nodes of a graph. Yang et al. 2020, "Revisiting over-smoothing in deep GCNs".
///
/// Shape: `[nodes, width]` to the same.
public record MeanSubtraction() implements GraphwiseNorm {
  @Override
  public Tensor apply(Tensor x, Segments graphs, Mode mode) {
    return Observed.call(this, () -> result(x, graphs), x);
  }

  private Tensor result(Tensor x, Segments graphs) {
    requireNodes(x, graphs);
    return x.subtract(x.segmentMean(graphs).gatherRows(graphs));
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }

  @Override
  public void describe(Parts parts) {
    // no parameters
  }
}
