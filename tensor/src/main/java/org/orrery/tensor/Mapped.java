package org.orrery.tensor;

import java.util.List;
import java.util.Locale;
import org.orrery.tensor.backend.Backend;
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
    switch (kind) {
      case SIGN, STEP, FLOOR -> {
        // constant almost everywhere: no share
      }
      case SHIFT -> sink.add(x, () -> upstream);
      case SCALE -> sink.add(x, () -> upstream.multiply(alpha));
      case POWER -> power(y, upstream, sink);
      default -> sink.add(x, () -> sink.timesDerivative(kind, alpha, x, y, upstream));
    }
  }

  /// alpha x^(alpha - 1), without the 0 / 0 at x = 0 where alpha is 0 or 1.
  private void power(Tensor y, Tensor upstream, Gradients sink) {
    if (alpha == 1) {
      sink.add(x, () -> upstream);
    } else if (alpha != 0) {
      sink.add(x, () -> sink.timesDerivative(kind, alpha, x, y, upstream));
    }
  }
}
