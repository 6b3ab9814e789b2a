package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// The axes in another order: axis d of the result is axis order_d of x.
record Permuted(Tensor x, Indices order) implements Op {
  Permuted {
    Require.that(isPermutation(order, x.rank()), "permute", x.shape(),
        "order " + order + " must name each axis from 0 to " + (x.rank() - 1) + " once");
  }

  private static boolean isPermutation(Indices order, int rank) {
    boolean[] seen = new boolean[rank];
    for (int d = 0; d < order.size(); d++) {
      int axis = order.at(d);
      if (axis < 0 || axis >= rank || seen[axis]) {
        return false;
      }
      seen[axis] = true;
    }
    return order.size() == rank;
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return Shape.of(Indices.wrap(x.shape().toArray()).at(order).raw());
  }

  @Override
  public Storage forward(Backend backend) {
    int[] strides = Indices.wrap(x.shape().strides()).at(order).raw();
    return backend.copyStrided(x.data(), 0, strides, shape().toArray());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    int[] back = new int[order.size()];
    for (int d = 0; d < back.length; d++) {
      back[order.at(d)] = d;
    }
    sink.add(x, () -> upstream.permute(back));
  }

  @Override
  public Cost cost() {
    return Cost.ofCopy(x.shape().elements());
  }
}
