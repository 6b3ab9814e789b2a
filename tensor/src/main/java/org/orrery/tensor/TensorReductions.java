package org.orrery.tensor;

import java.util.function.UnaryOperator;
import org.orrery.tensor.backend.Reduction;

/// Sums, extremes and statistics along one axis or over all values, and what runs along an axis.
sealed interface TensorReductions permits Tensor {
  /// A reduction along one axis, which goes away.
  default Tensor reduce(Reduction kind, int axis) {
    int front = self().shape().axis(axis);
    return Tensor.of(new Reduced(kind, self(), front, front + 1));
  }

  /// A reduction over all axes, shape `[]`.
  default Tensor reduce(Reduction kind) {
    return Tensor.of(new Reduced(kind, self(), 0, self().rank()));
  }

  /// The sum of all values, shape `[]`.
  default Tensor sum() {
    return reduce(Reduction.SUM);
  }

  /// The sum along one axis, which goes away.
  default Tensor sum(int axis) {
    return reduce(Reduction.SUM, axis);
  }

  /// The mean of all values, shape `[]`.
  default Tensor mean() {
    return sum().divide(self().shape().elements());
  }

  /// The mean along one axis, which goes away.
  default Tensor mean(int axis) {
    return sum(axis).divide(self().size(axis));
  }

  /// The largest along one axis, which goes away; equal entries share the gradient equally.
  default Tensor max(int axis) {
    return reduce(Reduction.MAXIMUM, axis);
  }

  /// The largest of all values, shape `[]`.
  default Tensor max() {
    return reduce(Reduction.MAXIMUM);
  }

  /// The smallest along one axis, which goes away; equal entries share the gradient equally.
  default Tensor min(int axis) {
    return reduce(Reduction.MINIMUM, axis);
  }

  /// The smallest of all values, shape `[]`.
  default Tensor min() {
    return reduce(Reduction.MINIMUM);
  }

  /// The product along one axis, which goes away.
  default Tensor product(int axis) {
    return reduce(Reduction.PRODUCT, axis);
  }

  /// The population variance along one axis, mean (x - mean x)^2.
  default Tensor variance(int axis) {
    return self().subtract(mean(axis).unsqueeze(self().shape().axis(axis))).square().mean(axis);
  }

  /// The square root of [#variance(int)]; where that is 0, no gradient flows.
  default Tensor standardDeviation(int axis) {
    Tensor variance = variance(axis);
    Tensor none = variance.detach().equalTo(0);
    return variance.add(none).sqrt().multiply(none.negate().add(1));
  }

  /// log sum e^x along one axis, without overflow.
  default Tensor logSumExp(int axis) {
    int front = self().shape().axis(axis);
    Tensor top = self().detach().max(front).clamp(-Float.MAX_VALUE, Float.MAX_VALUE);
    return self().subtract(top.unsqueeze(front)).exp().sum(front).log().add(top);
  }

  /// e^x / sum e^x along one axis.
  default Tensor softmax(int axis) {
    return alongLast(axis, x -> Tensor.of(new Softmax(x)));
  }

  /// x - log sum e^x along one axis.
  default Tensor logSoftmax(int axis) {
    return alongLast(axis, x -> Tensor.of(new LogSoftmax(x)));
  }

  /// The running sum along one axis.
  default Tensor cumulativeSum(int axis) {
    return Tensor.of(new PrefixSum(self(), self().shape().axis(axis), false));
  }

  private Tensor alongLast(int axis, UnaryOperator<Tensor> body) {
    int front = self().shape().axis(axis);
    int last = self().rank() - 1;
    return front == last ? body.apply(self()) : body.apply(self().transpose(front, last)).transpose(front, last);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
