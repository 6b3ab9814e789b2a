package org.orrery.nn;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// y = W x + b for each row x.
///
/// Shape: `[..., in]` to `[..., out]`.
///
/// @param weight W, `[out, in]`
/// @param bias b, `[out]`; null for none
public record Linear(Parameter weight, @Nullable Parameter bias) implements ActivatedLayer {
  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where W is not a matrix, or b has not one value for each of its rows
  public Linear {
    Shape matrix = weight.shape();
    if (matrix.rank() != 2 || (bias != null && !bias.shape().equals(Shape.of(matrix.size(0))))) {
      throw new IllegalArgumentException("Linear: weight " + matrix + (bias == null ? "" : " and bias " + bias.shape())
          + "; [out, in] and [out] are required");
    }
  }

  /// Both uniform on +-1/sqrt(in), as PyTorch starts them.
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static Linear create(int in, int out, Key key) {
    Initializer uniform = start(in, out);
    return new Linear(Parameter.of(uniform.values(Shape.of(out, in), key.fold("weight"))),
        Parameter.of(uniform.values(Shape.of(out), key.fold("bias"))));
  }

  /// y = W x, W uniform on +-1/sqrt(in).
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static Linear withoutBias(int in, int out, Key key) {
    return withoutBias(in, out, start(in, out), key);
  }

  /// y = W x + b, W from an initializer and b = 0.
  public static Linear create(int in, int out, Initializer weight, Key key) {
    requirePositive(in, out);
    return new Linear(Parameter.of(weight.values(Shape.of(out, in), key)), Parameter.of(Tensor.zeros(out)));
  }

  /// y = W x, W from an initializer.
  public static Linear withoutBias(int in, int out, Initializer weight, Key key) {
    requirePositive(in, out);
    return new Linear(Parameter.of(weight.values(Shape.of(out, in), key)), null);
  }

  /// y = W x + b. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return Observed.call(this, () -> x.affine(weight.value(), bias == null ? null : bias.value()), x);
  }

  /// f(W x + b), in one pass where f allows it and nobody observes.
  @Override
  public Tensor apply(Tensor x, Activation activation) {
    return activation.function() == null || Observed.wantsEveryPart()
        ? activation.apply(apply(x))
        : activation.ofAffine(x, weight, bias);
  }

  @Override
  public Tensor apply(Tensor x, Mode mode) {
    return apply(x);
  }

  /// W x + b plus another map of another array of as many rows, added up in one array where nobody observes.
  ///
  /// @param x `[rows, in]`
  /// @param other to the same width
  /// @param y `[rows, in of the other]`
  public Tensor applyAndAdd(Tensor x, Linear other, Tensor y) {
    return applyAndAdd(x, other, y, Activation.IDENTITY);
  }

  /// f of [#applyAndAdd(Tensor, Linear, Tensor)], in the same pass where f allows it.
  public Tensor applyAndAdd(Tensor x, Linear other, Tensor y, Activation activation) {
    if (Observed.wantsEveryPart() || x.rank() != 2 || (bias != null && other.bias != null)) {
      return activation.apply(apply(x).add(other.apply(y)));
    }
    Parameter either = bias == null ? other.bias : bias;
    List<Tensor> weights = List.of(weight.value(), other.weight.value());
    Tensor added = either == null ? null : either.value();
    return activation.function() == null
        ? Tensor.affine(List.of(x, y), weights, added)
        : Tensor.affine(List.of(x, y), weights, added, activation.function(), activation.alpha());
  }

  @Override
  public Tensor apply(ConcatenatedRows x, Mode mode) {
    return Observed.call(this, () -> x.affine(weight.value(), bias == null ? null : bias.value()), x);
  }

  /// The width of x.
  public int in() {
    return weight.shape().size(1);
  }

  /// The width of y.
  public int out() {
    return weight.shape().size(0);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(out());
  }

  private static Initializer start(int in, int out) {
    requirePositive(in, out);
    double bound = 1 / Math.sqrt(in);
    return Initializer.uniform(-bound, bound);
  }

  private static void requirePositive(int in, int out) {
    if (in <= 0 || out <= 0) {
      throw new IllegalArgumentException("Linear: from " + in + " to " + out + "; positive widths are required");
    }
  }
}
