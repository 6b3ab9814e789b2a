package org.orrery.losses;

import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Unary;

/// Products and means at the ends of what numbers can be, with their gradients.
final class Limits {
  private Limits() {
  }

  /// share x, in which nothing of an infinite x is nothing, as in q log q at q = 0. No gradient flows through such an entry.
  static Tensor share(Tensor share, Tensor x) {
    Tensor lost = share.detach().equalTo(0).multiply(x.detach().abs().equalTo(Double.POSITIVE_INFINITY));
    return share.multiply(Tensor.where(lost, Masks.zerosLike(x), x));
  }

  /// d e^-logScale in two steps, so that a scale whose inverse float32 does not hold divides a small d all the same, and 0 stays 0.
  /// Below e^-170 every scale makes each d but 0 larger than float32 holds; no gradient flows to such a scale.
  static Tensor over(Tensor d, Tensor logScale) {
    Tensor half = logScale.map(Unary.AT_LEAST, -170).multiply(-0.5).exp();
    return d.multiply(half).multiply(half);
  }

  /// log mean over rows of the sum of squares along the last axis, whatever the size of the entries; minus infinity where all
  /// are 0. Entries are divided by the largest before they are squared.
  static Tensor logMeanSquare(Tensor x) {
    Tensor top = x.detach().abs().max().clamp(Float.MIN_NORMAL, Float.MAX_VALUE);
    return x.divide(top).square().sum(-1).mean().log().add(top.log().multiply(2));
  }
}
