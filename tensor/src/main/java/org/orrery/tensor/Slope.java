package org.orrery.tensor;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Unary;

/// upstream f', made when it is first asked for, where f' follows from the result y.
final class Slope implements Supplier<Tensor> {
  private final Unary function;
  private final double alpha;
  private final Tensor y;
  private final Tensor upstream;
  private final Gradients sink;
  private @Nullable Tensor value;

  Slope(Unary function, double alpha, Tensor y, Tensor upstream, Gradients sink) {
    this.function = function;
    this.alpha = alpha;
    this.y = y;
    this.upstream = upstream;
    this.sink = sink;
  }

  @Override
  public Tensor get() {
    Tensor made = value;
    if (made == null) {
      made = sink.slope(function, alpha, y, y, upstream);
      value = made;
    }
    return made;
  }
}
