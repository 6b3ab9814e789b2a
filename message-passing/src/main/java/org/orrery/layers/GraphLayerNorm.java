package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.ScaleShift;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// y = w (x - mean) / sqrt(variance + epsilon) + b, with mean and variance over all nodes and columns of a graph. Ba et
/// al. 2016; PyTorch Geometric's `LayerNorm` of mode `graph`.
///
/// Shape: `[nodes, width]` to the same. A graph alone gives what it gives in a batch; PyTorch Geometric divides by
/// sqrt(variance) + epsilon there.
///
/// @param width columns of x
/// @param epsilon keeps graphs without variance finite
/// @param rescale w and b; null for 1 and 0
public record GraphLayerNorm(int width, double epsilon, @Nullable ScaleShift rescale) implements GraphwiseNorm {
  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public GraphLayerNorm {
    ScaleShift.requirePositive(width, "GraphLayerNorm");
    if (rescale != null) {
      ScaleShift.requireFits(rescale, width, "GraphLayerNorm");
    }
  }

  /// With w and b.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static GraphLayerNorm create(int width) {
    return new GraphLayerNorm(width, 1e-5, ScaleShift.create(width));
  }

  @Override
  public Tensor forward(Tensor x, Segments graphs, Mode mode) {
    Tensor first = Deviations.first(x.slice(1, 0, 1), graphs); // one number for all columns
    Tensor near = x.subtract(first.gatherRows(graphs));
    Tensor centered = near.subtract(overall(near, graphs).gatherRows(graphs));
    Tensor deviation = overall(centered.square(), graphs).add(epsilon).sqrt();
    Tensor normalized = centered.divide(deviation.gatherRows(graphs));
    return rescale == null ? normalized : rescale.apply(normalized);
  }

  /// The mean over nodes and columns, `[graphs, 1]`.
  private static Tensor overall(Tensor x, Segments graphs) {
    return x.mean(1).unsqueeze(1).segmentMean(graphs);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(width);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(rescale);
  }
}
