package org.orrery.layers;

import java.util.OptionalInt;
import org.orrery.nn.Mode;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// y = x - mean x over the nodes of a graph. Yang et al. 2020, "Revisiting over-smoothing in deep GCNs".
///
/// Shape: `[nodes, width]` to the same.
public record MeanSubtraction() implements GraphwiseNorm {
  @Override
  public Tensor forward(Tensor x, Segments graphs, Mode mode) {
    return Deviations.of(x, graphs).centered();
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
