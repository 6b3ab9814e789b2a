package org.orrery.tensor;

import java.util.List;
import java.util.Locale;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Expression;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// y = f(x; alpha), element by element.
record Mapped(Unary kind, double alpha, Tensor x) implements Op {
  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
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
    return backend.unary(kind, alpha, x.data());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    if (!(kind.slope(alpha) instanceof Expression.Literal(double slope))) {
      sink.add(x, () -> sink.timesDerivative(kind, alpha, x, y, upstream));
    } else if (kind == Unary.SCALE) { // by 0 too: y depends on x whatever alpha is
      sink.add(x, () -> upstream.multiply(slope));
    } else if (slope != 0) {
      sink.add(x, () -> slope == 1 ? upstream : upstream.multiply(slope));
    }
  }
}
