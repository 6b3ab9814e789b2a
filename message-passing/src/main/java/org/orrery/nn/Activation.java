package org.orrery.nn;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Unary;

/// y = f(x) for each value by itself; it has no parameters.
///
/// Shape: any to the same.
///
/// @param function f; null for y = x
/// @param alpha the number of f, where it has one
public record Activation(@Nullable Unary function, double alpha) implements Layer {
  /// max(x, 0).
  public static final Activation RELU = new Activation(Unary.RELU, 0);
  /// 1.0507 (x where x > 0, else 1.6733 (e^x - 1)). Klambauer et al. 2017.
  public static final Activation SELU = new Activation(Unary.SELU, 0);
  /// x / (1 + e^-x), also called swish. Elfwing et al. 2018.
  public static final Activation SILU = new Activation(Unary.SILU, 0);
  /// x (1 + erf(x / sqrt 2)) / 2, the exact form. Hendrycks & Gimpel 2016.
  public static final Activation GELU = new Activation(Unary.GELU, 0);
  /// log(1 + e^x).
  public static final Activation SOFTPLUS = new Activation(Unary.SOFTPLUS, 0);
  /// x tanh(log(1 + e^x)). Misra 2019.
  public static final Activation MISH = new Activation(Unary.MISH, 0);
  /// x min(max(x + 3, 0), 6) / 6. Howard et al. 2019.
  public static final Activation HARDSWISH = new Activation(Unary.HARDSWISH, 0);
  /// The hyperbolic tangent.
  public static final Activation TANH = new Activation(Unary.TANH, 0);
  /// 1 / (1 + e^-x).
  public static final Activation SIGMOID = new Activation(Unary.SIGMOID, 0);
  /// y = x.
  public static final Activation IDENTITY = new Activation(null, 0);

  /// x where x > 0, else slope x. Maas et al. 2013.
  public static Activation leakyRelu(double slope) {
    return new Activation(Unary.LEAKY_RELU, slope);
  }

  /// x where x > 0, else alpha (e^x - 1). Clevert et al. 2016.
  public static Activation elu(double alpha) {
    return new Activation(Unary.ELU, alpha);
  }

  /// f(x). There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return of(x);
  }

  /// f(x) as the last pass of a layer, which is observed as a whole.
  public Tensor of(Tensor x) {
    return function == null ? x : x.map(function, alpha);
  }

  /// The factor by which weights in front of it are made larger so that variances are kept, as PyTorch's
  /// `calculate_gain` has it; 1 where that says nothing.
  public double gain() {
    return switch (function) {
      case RELU -> Math.sqrt(2);
      case LEAKY_RELU -> Math.sqrt(2 / (1 + alpha * alpha));
      case TANH -> 5.0 / 3;
      case SELU -> 3.0 / 4;
      case null, default -> 1;
    };
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
