package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// The reverse of a slice: zeros of another size along one axis, with y[.., start + i step, ..] = x[.., i, ..].
record Placed(Tensor x, int axis, int start, int step, int size) implements Op {
  static Tensor padding(Tensor x, int axis, int before, int after) {
    if (before < 0 || after < 0) {
      throw new IllegalArgumentException("pad: " + before + " and " + after + "; neither may be negative");
    }
    int front = x.shape().axis(axis);
    return before == 0 && after == 0
        ? x
        : Tensor.of(new Placed(x, front, before, 1, before + x.size(front) + after));
  }

  @Override
  public String name() {
    return "pad";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape().with(axis, size);
  }

  @Override
  public Storage forward(Backend backend) {
    int[] strides = shape().strides();
    int offset = start * strides[axis];
    strides[axis] *= step;
    boolean nothing = x.shape().elements() == 0;
    return backend.placeStrided(x.data(), x.shape().toArray(), shape().elements(), nothing ? 0 : offset, strides);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Sliced(upstream, axis, start, step, x.size(axis))));
  }

  @Override
  public Cost cost() {
    return Cost.ofNumbers(x.shape().elements(), shape().elements(), 0, 0);
  }
}
