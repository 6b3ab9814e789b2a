package org.orrery.layers;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.RunningMoments;
import org.orrery.nn.ScaleShift;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// y = w (x - mean) / sqrt(variance + epsilon) + b, with mean and variance over the nodes of a graph, column by column.
/// Ulyanov et al. 2016.
///
/// Shape: `[nodes, width]` to the same. With running moments these are used outside training, and in training they take
/// in the mean over graphs of each graph's mean and unbiased variance.
///
/// @param width columns of x
/// @param epsilon keeps columns without variance finite
/// @param rescale w and b; null for 1 and 0
/// @param running what inference uses; null to use the graph at hand always
public record InstanceNorm(int width, double epsilon, @Nullable ScaleShift rescale, @Nullable RunningMoments running)
    implements
      GraphwiseNorm {
  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public InstanceNorm {
    ScaleShift.requirePositive(width, "InstanceNorm");
    if (rescale != null) {
      ScaleShift.requireFits(rescale, width, "InstanceNorm");
    }
  }

  /// Without parameters.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static InstanceNorm create(int width) {
    return new InstanceNorm(width, 1e-5, null, null);
  }

  /// The same with w = 1 and b = 0 to be learned.
  public InstanceNorm withRescale() {
    return new InstanceNorm(width, epsilon, ScaleShift.create(width), running);
  }

  /// The same with running moments.
  public InstanceNorm withRunning(OptionalDouble momentum) {
    return new InstanceNorm(width, epsilon, rescale, RunningMoments.create(width, momentum));
  }

  @Override
  public Tensor forward(Tensor x, Segments graphs, Mode mode) {
    Tensor y = running != null && !mode.isTraining()
        ? x.subtract(running.mean().value()).divide(running.variance().value().add(epsilon).sqrt())
        : normalized(x, graphs);
    return rescale == null ? y : rescale.apply(y);
  }

  private Tensor normalized(Tensor x, Segments graphs) {
    Deviations deviations = Deviations.of(x, graphs);
    Tensor centered = deviations.centered();
    Tensor variance = centered.square().segmentMean(graphs);
    if (running != null && graphs.count() > 0) {
      Tensor unbiased = Tensor.unrecorded(() -> variance.detach().multiply(besselFactors(x, graphs)));
      running.update(deviations.meanOfAll().detach().mean(0), unbiased.mean(0));
    }
    return centered.divide(variance.add(epsilon).sqrt().gatherRows(graphs));
  }

  /// n / (n - 1) for graphs of n nodes, 1 for fewer than two, `[graphs, 1]`.
  private static Tensor besselFactors(Tensor x, Segments graphs) {
    Tensor sizes = graphs.sizesAtLeastOne(x.backend());
    return sizes.divide(sizes.subtract(1).clamp(1, Double.MAX_VALUE)).reshape(graphs.count(), 1);
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
    parts.inline(rescale).inline(running);
  }
}
