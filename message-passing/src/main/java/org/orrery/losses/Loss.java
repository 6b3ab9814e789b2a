package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// How far predictions are from targets: one number for each element or row, its mean or its sum.
///
/// A mask holds 1 for what counts and 0 for what does not. It has the shape of [#each], or one that repeats to it. What
/// it leaves out changes neither value nor gradient, whatever stands there in the target, NaN included.
/// ```java
/// Tensor loss = new CrossEntropy().mean(logits, labels, trainMask);
/// ```
///
/// @param <T> of targets: a tensor of numbers, or indices of classes
public interface Loss<T> {
  /// The loss of each element or row: no reduction.
  ///
  /// @throws IllegalArgumentException where shapes do not fit
  Tensor each(Tensor prediction, T target);

  /// What an element or row counts in the mean, before any mask: 1, unless classes have weights.
  default Tensor weights(Tensor each, T target) {
    return Backends.with(each.backend(), () -> Tensor.ones(each.shape()));
  }

  /// The target with harmless values where the mask is 0.
  T shielded(T target, Tensor prediction, Tensor mask);

  /// The sum, shape `[]`.
  default Tensor sum(Tensor prediction, T target) {
    return each(prediction, target).sum();
  }

  /// The sum of what the mask keeps, shape `[]`.
  default Tensor sum(Tensor prediction, T target, Tensor mask) {
    return Masks.keep(each(prediction, shielded(target, prediction, mask)), mask).sum();
  }

  /// The mean, shape `[]`.
  ///
  /// @throws IllegalArgumentException where there is nothing
  default Tensor mean(Tensor prediction, T target) {
    Tensor each = each(prediction, target);
    Require.that(each.shape().elements() > 0, "loss", "a mean over nothing, shape " + each.shape());
    return each.sum().divide(weights(each, target).sum());
  }

  /// The mean over what the mask keeps, shape `[]`; NaN where it keeps nothing.
  default Tensor mean(Tensor prediction, T target, Tensor mask) {
    T safe = shielded(target, prediction, mask);
    Tensor each = each(prediction, safe);
    return Masks.keep(each, mask).sum().divide(Masks.keep(weights(each, safe), mask).sum());
  }
}
