package org.orrery.tensor;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Storage;

/// c = f(a, b), element by element, with repetition along axes of size 1 and missing leading axes.
record Combined(Binary kind, Tensor a, Tensor b, Shape shape) implements Op {
  Combined(Binary kind, Tensor a, Tensor b) {
    this(kind, a, b, a.shape().broadcast(b.shape(), kind.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Tensor> operands() {
    return List.of(a, b);
  }

  @Override
  public Storage forward(Backend backend) {
    return backend.binary(kind, a.data(), a.shape(), b.data(), b.shape(), shape);
  }

  @Override
  public void backward(Tensor c, Tensor upstream, Gradients sink) {
    switch (kind) {
      case ADD -> shares(sink, () -> upstream, () -> upstream);
      case SUBTRACT -> shares(sink, () -> upstream, upstream::negate);
      case MULTIPLY -> shares(sink, () -> upstream.multiply(b), () -> upstream.multiply(a));
      case DIVIDE ->
        shares(sink, () -> upstream.divide(b), () -> upstream.multiply(c).divide(b).negate());
      case MAXIMUM -> shares(sink, () -> upstream.multiply(wins(a, b)), () -> upstream.multiply(wins(b, a)));
      case MINIMUM -> shares(sink, () -> upstream.multiply(wins(b, a)), () -> upstream.multiply(wins(a, b)));
      case POWER -> shares(sink, () -> upstream.multiply(b).multiply(a.pow(lowered())),
          () -> upstream.multiply(c).multiply(logOfBase()));
      case GREATER, GREATER_EQUAL, EQUAL -> {
        // constant almost everywhere: no share
      }
    }
  }

  private void shares(Gradients sink, Supplier<Tensor> toA,
      Supplier<Tensor> toB) {
    sink.add(a, () -> Expanded.sumTo(toA.get(), a.shape()));
    sink.add(b, () -> Expanded.sumTo(toB.get(), b.shape()));
  }

  /// 1 where `first` is larger, 1/2 where both are equal.
  private static Tensor wins(Tensor first, Tensor second) {
    return first.greater(second).add(first.greaterOrEqual(second)).multiply(0.5);
  }

  /// b - 1, and 0 where b is 0: there the factor b makes the derivative 0, whatever a is.
  private Tensor lowered() {
    return b.subtract(b.detach().equalTo(0).negate().add(1));
  }

  /// log a, and 0 where a is 0: there a^b is 0, and so is its derivative by b.
  private Tensor logOfBase() {
    Tensor zero = a.detach().equalTo(0);
    return Tensor.where(zero, Tensor.full(Shape.of(), 1, a.backend()), a).log();
  }
}
