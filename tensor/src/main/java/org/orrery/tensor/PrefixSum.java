package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// The running sum along one axis, from the front or from the back.
record PrefixSum(Tensor x, int axis, boolean reversed) implements Op {
  @Override
  public String name() {
    return "cumulative sum";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    Shape shape = x.shape();
    return backend.prefixSum(x.data(), shape.extent(0, axis), shape.size(axis),
        shape.extent(axis + 1, shape.rank()), reversed);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new PrefixSum(upstream, axis, !reversed)));
  }
}
