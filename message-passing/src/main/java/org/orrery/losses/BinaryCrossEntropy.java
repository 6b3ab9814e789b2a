package org.orrery.losses;

import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// -w t log s(x) - (1 - t) log(1 - s(x)) for logits x and probabilities t, with s(x) = 1 / (1 + e^-x) and w the weight of
/// positives.
///
/// Computed as w t softplus(-x) + (1 - t) softplus(x), which no logit overflows: an infinite logit costs 0 where it is right and
/// infinitely much where it is wrong.
///
/// @param positiveWeight for each column, or of shape `[]` for all; null for 1
public record BinaryCrossEntropy(@Nullable Tensor positiveWeight) implements TensorLoss {
  /// Positives count as much as negatives.
  public BinaryCrossEntropy() {
    this(null);
  }

  /// @param prediction logits
  /// @param target probabilities, 0 or 1 for labels
  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    Require.sameShape("binary cross entropy", prediction, target);
    Tensor share = positiveWeight == null ? target : target.multiply(positiveWeight);
    Tensor positive = Limits.share(share, prediction.negate().softplus());
    return positive.add(Limits.share(target.negate().add(1), prediction.softplus()));
  }
}
