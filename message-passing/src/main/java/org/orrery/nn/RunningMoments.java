package org.orrery.nn;

import java.util.OptionalDouble;
import org.orrery.tensor.Tensor;

/// Mean and variance of what a norm saw in training, kept for its use: m <- (1 - momentum) m + momentum m_new, or the
/// mean over all batches where there is no momentum.
///
/// The names are PyTorch's, `running_mean`, `running_var` and `num_batches_tracked`, and so is the convention that the
/// variance kept is the unbiased one.
///
/// @param mean `[width]`
/// @param variance `[width]`
/// @param batches how often they were updated, `[]`
/// @param momentum the share of the newest batch; empty for the mean over all batches
public record RunningMoments(Parameter mean, Parameter variance, Parameter batches, OptionalDouble momentum)
    implements
      Block {
  /// Checks the momentum.
  ///
  /// @throws IllegalArgumentException where it is not in 0 to 1
  public RunningMoments {
    if (momentum.isPresent() && !(momentum.getAsDouble() >= 0 && momentum.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          "running moments: momentum " + momentum.getAsDouble() + "; 0 to 1 is required");
    }
  }

  /// Mean 0, variance 1, no batches.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static RunningMoments create(int width, OptionalDouble momentum) {
    ScaleShift.requirePositive(width, "running moments");
    return new RunningMoments(Parameter.statistic(Tensor.zeros(width)), Parameter.statistic(Tensor.ones(width)),
        Parameter.statistic(Tensor.of(0)), momentum);
  }

  /// Takes in the moments of one more batch. No gradient flows through them.
  ///
  /// @param newMean `[width]`
  /// @param newVariance the unbiased variance, `[width]`
  public void update(Tensor newMean, Tensor newVariance) {
    Tensor.unrecorded(() -> {
      batches.refill(batches.value().add(1));
      Tensor share = momentum.isPresent()
          ? batches.value().multiply(0).add(momentum.getAsDouble())
          : batches.value().reciprocal();
      blend(mean, newMean.detach(), share);
      blend(variance, newVariance.detach(), share);
      return share;
    });
  }

  private static void blend(Parameter kept, Tensor fresh, Tensor share) {
    Tensor old = kept.value();
    kept.refill(old.multiply(share.negate().add(1)).add(fresh.multiply(share)));
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("running_mean", mean).parameter("running_var", variance).parameter("num_batches_tracked", batches);
  }
}
