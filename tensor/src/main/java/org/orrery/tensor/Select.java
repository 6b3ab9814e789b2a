package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// `whenTrue` where the condition is not 0, else `whenFalse`; all of one shape. No gradient flows to the condition.
record Select(Tensor condition, Tensor whenTrue, Tensor whenFalse) implements Op {
  Select {
    Require.that(condition.shape().equals(whenTrue.shape()), "where", condition.shape(), whenTrue.shape(),
        "shapes must be equal");
    Require.that(condition.shape().equals(whenFalse.shape()), "where", condition.shape(), whenFalse.shape(),
        "shapes must be equal");
  }

  @Override
  public String name() {
    return "where";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(condition, whenTrue, whenFalse);
  }

  @Override
  public Shape shape() {
    return condition.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    return backend.select(condition.data(), whenTrue.data(), whenFalse.data());
  }

  @Override
  public void backward(Tensor result, Tensor upstream, Gradients sink) {
    Tensor nothing = Tensor.full(Shape.of(), 0, upstream.backend());
    sink.add(whenTrue, () -> Tensor.where(condition, upstream, nothing));
    sink.add(whenFalse, () -> Tensor.where(condition, nothing, upstream));
  }

  @Override
  public Cost cost() {
    return Cost.ofNumbers(3L * shape().elements(), shape().elements(), 0, 0);
  }
}
