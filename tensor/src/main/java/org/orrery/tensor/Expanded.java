package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// x repeated along axes of size 1 and new leading axes.
record Expanded(Tensor x, Shape shape) implements Op {
  Expanded {
    Require.that(x.shape().broadcast(shape, "expand").equals(shape), "expand", x.shape(), shape,
        "only axes of size 1 and new leading axes can be repeated");
  }

  @Override
  public String name() {
    return "expand";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Storage forward(Backend backend) {
    int[] own = x.shape().strides();
    int[] strides = new int[shape.rank()];
    int lead = shape.rank() - own.length;
    for (int d = 0; d < own.length; d++) {
      strides[lead + d] = x.size(d) == 1 ? 0 : own[d];
    }
    return backend.copyStrided(x.data(), 0, strides, shape.toArray());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> sumTo(upstream, x.shape()));
  }

  /// The reverse of a repetition: sums over the repeated axes.
  static Tensor sumTo(Tensor x, Shape target) {
    if (x.shape().equals(target)) {
      return x;
    }
    Tensor sum = x;
    while (sum.rank() > target.rank()) {
      sum = sum.sum(0);
    }
    for (int d = 0; d < target.rank(); d++) {
      if (target.size(d) == 1 && sum.size(d) != 1) {
        sum = sum.sum(d).unsqueeze(d);
      }
    }
    return sum;
  }

  @Override
  public Cost cost() {
    return Cost.ofNumbers(x.shape().elements(), shape.elements(), 0, 0);
  }
}
