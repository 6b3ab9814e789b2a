package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// y = sqrt(sum x^2) along one axis, which goes away. Where y is 0 so are all its derivatives. Squares of large numbers do not overflow
/// and those of small ones do not vanish: such results are computed again from x times a power of 2, which changes no other bits.
record EuclideanNorm(Tensor x, int axis) implements Op {
  /// Between these the squares of what counts are normal numbers in float32.
  private static final double SMALL = 1e-17;
  private static final double LARGE = 1e18;
  private static final double POWER = 0x1p100;

  @Override
  public String name() {
    return "norm";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape().without(axis);
  }

  /// Without the cases of the definition where none is needed.
  @Override
  public Storage forward(Backend backend) {
    return Tensor.unrecorded(() -> {
      Tensor plain = x.square().sum(axis).sqrt();
      boolean isPlain = plain.shape().elements() == 0 || (plain.min().item() >= SMALL && plain.max().item() <= LARGE);
      return isPlain ? plain : rescaled(plain);
    }).data();
  }

  private Tensor rescaled(Tensor plain) {
    Tensor large = x.multiply(1 / POWER).square().sum(axis).sqrt().multiply(POWER);
    Tensor small = x.multiply(POWER).square().sum(axis).sqrt().multiply(1 / POWER);
    return Tensor.where(plain.greater(LARGE), large, Tensor.where(plain.less(SMALL), small, plain));
  }

  @Override
  public Tensor definition() {
    return rescaled(x.square().sum(axis).sqrt());
  }

  /// upstream x / y.
  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> {
      Tensor isZero = y.detach().equalTo(0);
      Tensor length = Tensor.where(isZero, Tensor.full(Shape.of(), 1, y.backend()), y);
      Tensor above = upstream.multiply(isZero.negate().add(1));
      return x.divide(length.unsqueeze(axis)).multiply(above.unsqueeze(axis));
    });
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers, shape().elements(), 2 * numbers, numbers + shape().elements());
  }
}
