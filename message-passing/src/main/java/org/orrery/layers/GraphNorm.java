package org.orrery.layers;

import java.util.OptionalInt;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.nn.ScaleShift;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// y = w c / sqrt(mean c^2 + epsilon) + b with c = x - a mean x, the means over the nodes of a graph: how much of the
/// mean goes away is learned, column by column. Cai et al. 2021, eq. 5.
///
/// Shape: `[nodes, width]` to the same.
///
/// @param epsilon keeps columns without variance finite
/// @param rescale w and b
/// @param meanScale a, `[width]`
public record GraphNorm(double epsilon, ScaleShift rescale, Parameter meanScale) implements GraphwiseNorm {
  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public GraphNorm {
    if (!meanScale.shape().equals(rescale.weight().shape())) {
      throw new IllegalArgumentException("GraphNorm: mean scale " + meanScale.shape() + " and weight "
          + rescale.weight().shape() + "; shapes must be equal");
    }
  }

  /// w = a = 1 and b = 0.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static GraphNorm create(int width) {
    return new GraphNorm(1e-5, ScaleShift.create(width), Parameter.of(Tensor.ones(width)));
  }

  @Override
  public Tensor forward(Tensor x, Segments graphs, Mode mode) {
    Deviations deviations = Deviations.of(x, graphs);
    Tensor kept = deviations.meanOfAll().multiply(meanScale.value().negate().add(1)); // (1 - a) mean x
    Tensor centered = deviations.less(deviations.mean().subtract(kept));
    Tensor deviation = centered.square().segmentMean(graphs).add(epsilon).sqrt();
    return rescale.apply(centered.divide(deviation.gatherRows(graphs)));
  }

  @Override
  public OptionalInt inputWidth() {
    return rescale.inputWidth();
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(rescale);
    parts.parameter("mean_scale", meanScale);
  }
}
