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
public record Linear(Parameter weight, @Nullable Parameter bias) implements Layer {
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
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return forward(Rows.of(x), Activation.IDENTITY, mode);
  }

  @Override
  public Tensor forward(Rows x, Activation after, Mode mode) {
    return x.affine(weight.value(), bias == null ? null : bias.value(), after);
  }

  /// f(W x + b + V y + c), V and c another map of as many other rows: in one pass and one array where rows are dense and
  /// nobody wants to see each part.
  ///
  /// @param x `[rows, in]`
  /// @param other V and c, to the same width
  /// @param y `[rows, in of the other]`
  /// @param after f
  public Tensor applyAndAdd(Rows x, Linear other, Rows y, Activation after, Mode mode) {
    if (Observed.wantsEveryPart() || (bias != null && other.bias != null) || !(x instanceof Rows.Dense(Tensor first))
        || !(y instanceof Rows.Dense(Tensor second)) || first.rank() != 2) {
      return after.of(apply(x, mode).add(other.apply(y, mode)));
    }
    Parameter either = bias == null ? other.bias : bias;
    List<Tensor> weights = List.of(weight.value(), other.weight.value());
    Tensor added = either == null ? null : either.value();
    return after.function() == null
        ? Tensor.affine(List.of(first, second), weights, added)
        : Tensor.affine(List.of(first, second), weights, added, after.function(), after.alpha());
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
