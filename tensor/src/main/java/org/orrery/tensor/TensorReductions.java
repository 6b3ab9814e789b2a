package org.orrery.tensor;

import java.util.Arrays;
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

  /// The mean of all values, shape `[]`; 0 over nothing.
  default Tensor mean() {
    return sum().divide(Math.max(1, self().shape().elements()));
  }

  /// The mean along one axis, which goes away; 0 over nothing.
  default Tensor mean(int axis) {
    return sum(axis).divide(Math.max(1, self().size(axis)));
  }

  /// The length sqrt(sum x^2) along one axis, which goes away. Where it is 0 so are its derivatives; squares neither overflow nor vanish.
  default Tensor norm(int axis) {
    return Tensor.of(new EuclideanNorm(self(), self().shape().axis(axis)));
  }

  /// The largest along one axis, which goes away; equal entries share the gradient equally.
  ///
  /// @throws IllegalArgumentException where it would be that of nothing
  default Tensor max(int axis) {
    return reduce(Reduction.MAXIMUM, axis);
  }

  /// The largest of all values, shape `[]`.
  ///
  /// @throws IllegalArgumentException where there are none
  default Tensor max() {
    return reduce(Reduction.MAXIMUM);
  }

  /// The smallest along one axis, which goes away; equal entries share the gradient equally.
  ///
  /// @throws IllegalArgumentException where it would be that of nothing
  default Tensor min(int axis) {
    return reduce(Reduction.MINIMUM, axis);
  }

  /// The smallest of all values, shape `[]`.
  ///
  /// @throws IllegalArgumentException where there are none
  default Tensor min() {
    return reduce(Reduction.MINIMUM);
  }

  /// The product along one axis, which goes away.
  default Tensor product(int axis) {
    return reduce(Reduction.PRODUCT, axis);
  }

  /// The population variance along one axis, mean (x - mean x)^2; 0 over nothing.
  default Tensor variance(int axis) {
    int front = self().shape().axis(axis);
    return Centered.along(self(), front).square().mean(front);
  }

  /// The square root of [#variance(int)]; where that is 0, no gradient flows.
  default Tensor standardDeviation(int axis) {
    Tensor variance = variance(axis);
    Tensor none = variance.detach().equalTo(0);
    return variance.add(none).sqrt().multiply(none.negate().add(1));
  }

  /// log sum e^x along one axis, without overflow; -infinity, and no gradient, where all x are -infinity or there are none.
  default Tensor logSumExp(int axis) {
    int front = self().shape().axis(axis);
    if (self().size(front) == 0) {
      return sum(front).add(Double.NEGATIVE_INFINITY);
    }
    Tensor top = self().detach().max(front).clamp(-Float.MAX_VALUE, Float.MAX_VALUE);
    Tensor sum = self().subtract(top.unsqueeze(front)).exp().sum(front);
    Tensor nothing = sum.detach().equalTo(0);
    Tensor least = Tensor.full(Shape.of(), Double.NEGATIVE_INFINITY, self().backend());
    return Tensor.where(nothing, least, sum.add(nothing).log().add(top));
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

  /// The sum along several axes, which go away; 0 over nothing.
  ///
  /// @throws IllegalArgumentException where an axis is named twice
  default Tensor sum(int... axes) {
    return without(sumKeeping(axes), axes);
  }

  /// The sum along several axes, which stay with size 1; 0 over nothing.
  ///
  /// @throws IllegalArgumentException where an axis is named twice
  default Tensor sumKeeping(int... axes) {
    Tensor sum = self();
    for (int axis : distinct(axes)) {
      sum = sum.sum(axis).unsqueeze(axis);
    }
    return sum;
  }

  /// The mean along several axes, which go away; 0 over nothing.
  ///
  /// @throws IllegalArgumentException where an axis is named twice
  default Tensor mean(int... axes) {
    return without(meanKeeping(axes), axes);
  }

  /// The mean along several axes, which stay with size 1; 0 over nothing.
  ///
  /// @throws IllegalArgumentException where an axis is named twice
  default Tensor meanKeeping(int... axes) {
    int count = 1;
    for (int axis : distinct(axes)) {
      count *= self().size(axis);
    }
    return sumKeeping(axes).divide(Math.max(1, count));
  }

  /// 1 where any entry along an axis is not 0, NaN included, else 0; 0 over nothing. The axis goes away.
  default Tensor any(int axis) {
    return self().notEqualTo(0).sum(axis).greater(0);
  }

  /// 1 where no entry along an axis is 0, else 0; 1 over nothing. The axis goes away.
  default Tensor all(int axis) {
    return self().equalTo(0).sum(axis).equalTo(0);
  }

  /// The variance along one axis of n entries, sum (x - mean x)^2 / (n - correction); a correction of 1 makes it unbiased.
  ///
  /// @throws IllegalArgumentException where n is not above the correction
  default Tensor variance(int axis, int correction) {
    int front = self().shape().axis(axis);
    int size = self().size(front);
    if (correction < 0 || size <= correction) {
      throw new IllegalArgumentException("variance: " + size + " entries along axis " + axis + " and a correction of "
          + correction + "; it must be at least 0 and below the number of entries");
    }
    return Centered.along(self(), front).square().sum(front).divide((double) size - correction);
  }

  private int[] distinct(int... axes) {
    int[] front = Arrays.stream(axes).map(self().shape()::axis).sorted().distinct().toArray();
    if (front.length != axes.length) {
      throw new IllegalArgumentException(
          "reduction: axes " + Arrays.toString(axes) + " of " + self().shape() + "; each may be named once");
    }
    return front;
  }

  private Tensor without(Tensor kept, int... axes) {
    Shape shape = kept.shape();
    int[] front = distinct(axes);
    for (int i = front.length - 1; i >= 0; i--) {
      shape = shape.without(front[i]);
    }
    return kept.reshape(shape);
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
