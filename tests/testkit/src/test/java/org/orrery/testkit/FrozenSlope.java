package org.orrery.testkit;

import java.util.List;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// x^2 with a derivative that is right but forgets that it depends on x.
record FrozenSlope(Tensor x) implements Op {
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
    return backend.unary(Unary.SQUARE, 0, x.data());
  }

  @Override
  public void backward(Tensor result, Tensor upstream, Gradients sink) {
    sink.add(x, () -> upstream.multiply(x.detach()).multiply(2));
  }
}
