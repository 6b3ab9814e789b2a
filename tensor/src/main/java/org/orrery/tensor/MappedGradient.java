package org.orrery.tensor;

import java.util.List;
import java.util.Locale;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.DerivativeKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// upstream f'(x; alpha), given y = f(x; alpha).
record MappedGradient(Unary kind, double alpha, Tensor x, Tensor y, Tensor upstream) implements Op {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT) + " gradient";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x, y, upstream);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    DerivativeKernels kernels = backend.kernels(DerivativeKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.unaryGradient(kind, alpha, x.data(), y.data(), upstream.data());
  }

  @Override
  public Tensor definition() {
    return switch (kind) {
      case RELU -> upstream.multiply(step());
      case LEAKY_RELU -> upstream.multiply(step().multiply(1 - alpha).add(alpha));
      case AT_LEAST -> upstream.multiply(x.binary(Binary.GREATER_EQUAL, limit()));
      case AT_MOST -> upstream.multiply(limit().binary(Binary.GREATER_EQUAL, x));
      default -> upstream.multiply(derivative());
    };
  }

  /// f'(x), from y where that is cheaper.
  private Tensor derivative() {
    return switch (kind) {
      case ABS -> x.sign();
      case EXP -> y;
      case EXPM1 -> y.add(1);
      case LOG -> x.reciprocal();
      case LOG1P -> x.add(1).reciprocal();
      case SQRT -> y.reciprocal().multiply(0.5);
      case RECIPROCAL -> y.square().negate();
      case SQUARE -> x.multiply(2);
      case POWER -> x.pow(alpha - 1).multiply(alpha);
      case SIN -> x.cos();
      case COS -> x.sin().negate();
      case TANH -> y.square().negate().add(1);
      case ERF -> x.square().negate().exp().multiply(TWO_OVER_ROOT_PI);
      case SIGMOID -> y.multiply(y.negate().add(1));
      case ELU -> negativeSide(x.map(Unary.AT_MOST, 0).exp().multiply(alpha), 1);
      case SELU -> negativeSide(x.map(Unary.AT_MOST, 0).exp().multiply(Unary.SELU_SCALE * Unary.SELU_ALPHA),
          Unary.SELU_SCALE);
      case SILU -> {
        Tensor s = x.sigmoid();
        yield s.multiply(x.multiply(s.negate().add(1)).add(1));
      }
      case GELU -> {
        Tensor density = x.square().multiply(-0.5).exp().multiply(1 / Math.sqrt(2 * Math.PI));
        yield x.multiply(Math.sqrt(0.5)).erf().add(1).multiply(0.5).add(x.multiply(density));
      }
      case SOFTPLUS -> x.sigmoid();
      case MISH -> {
        Tensor t = x.softplus().tanh();
        yield t.add(x.multiply(x.sigmoid()).multiply(t.square().negate().add(1)));
      }
      case SCALE, SHIFT, SIGN, STEP, FLOOR, RELU, LEAKY_RELU, AT_LEAST, AT_MOST ->
        throw new IllegalStateException(name() + " needs no derivative");
    };
  }

  private Tensor negativeSide(Tensor below, double above) {
    return Tensor.where(step(), Tensor.full(Shape.of(), above, x.backend()), below);
  }

  /// 1 where x > 0: a constant, whatever x is.
  private Tensor step() {
    return x.detach().map(Unary.STEP, 0);
  }

  private Tensor limit() {
    return Tensor.full(Shape.of(), alpha, x.backend());
  }
}
