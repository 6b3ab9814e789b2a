package org.orrery.tensor;

import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;

/// Arithmetic and comparison of two tensors, or of a tensor and a number, element by element. The smaller one is repeated
/// along axes of size 1 and missing leading axes.
sealed interface TensorArithmetic permits Tensor {
  /// f(a, b) with the smaller repeated along axes of size 1 and missing leading axes.
  default Tensor binary(Binary kind, Tensor other) {
    return Tensor.of(new Combined(kind, self(), other));
  }

  /// a + b.
  default Tensor add(Tensor other) {
    return binary(Binary.ADD, other);
  }

  /// x + value.
  default Tensor add(double value) {
    return self().map(Unary.SHIFT, value);
  }

  /// a - b.
  default Tensor subtract(Tensor other) {
    return binary(Binary.SUBTRACT, other);
  }

  /// x - value.
  default Tensor subtract(double value) {
    return self().map(Unary.SHIFT, -value);
  }

  /// a b, element by element.
  default Tensor multiply(Tensor other) {
    return binary(Binary.MULTIPLY, other);
  }

  /// value x.
  default Tensor multiply(double value) {
    return self().map(Unary.SCALE, value);
  }

  /// a / b.
  default Tensor divide(Tensor other) {
    return binary(Binary.DIVIDE, other);
  }

  /// x / value.
  default Tensor divide(double value) {
    return binary(Binary.DIVIDE, Tensor.full(Shape.of(), value, self().backend()));
  }

  /// a^b.
  default Tensor pow(Tensor exponent) {
    return binary(Binary.POWER, exponent);
  }

  /// x^exponent.
  default Tensor pow(double exponent) {
    return self().map(Unary.POWER, exponent);
  }

  /// The larger of a and b; equal entries share the gradient equally.
  default Tensor maximum(Tensor other) {
    return binary(Binary.MAXIMUM, other);
  }

  /// The smaller of a and b; equal entries share the gradient equally.
  default Tensor minimum(Tensor other) {
    return binary(Binary.MINIMUM, other);
  }

  /// x limited to low <= x <= high; the gradient is 1 inside and on the limits, 0 outside.
  default Tensor clamp(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: low " + low + " is above high " + high);
    }
    return self().map(Unary.AT_LEAST, low).map(Unary.AT_MOST, high);
  }

  /// 1 where a > b, else 0.
  default Tensor greater(Tensor other) {
    return binary(Binary.GREATER, other);
  }

  /// 1 where x > value, else 0.
  default Tensor greater(double value) {
    return binary(Binary.GREATER, Tensor.full(Shape.of(), value, self().backend()));
  }

  /// 1 where a >= b, else 0.
  default Tensor greaterOrEqual(Tensor other) {
    return binary(Binary.GREATER_EQUAL, other);
  }

  /// 1 where a < b, else 0.
  default Tensor less(Tensor other) {
    return other.binary(Binary.GREATER, self());
  }

  /// 1 where x < value, else 0.
  default Tensor less(double value) {
    return Tensor.full(Shape.of(), value, self().backend()).binary(Binary.GREATER, self());
  }

  /// 1 where a = b, else 0.
  default Tensor equalTo(Tensor other) {
    return binary(Binary.EQUAL, other);
  }

  /// 1 where x = value, else 0.
  default Tensor equalTo(double value) {
    return binary(Binary.EQUAL, Tensor.full(Shape.of(), value, self().backend()));
  }

  /// -x.
  default Tensor negate() {
    return self().map(Unary.SCALE, -1);
  }

  /// 1 where a <= b, else 0; 0 where either is NaN.
  default Tensor lessOrEqual(Tensor other) {
    return other.binary(Binary.GREATER_EQUAL, self());
  }

  /// 1 where x <= value, else 0; 0 where x is NaN.
  default Tensor lessOrEqual(double value) {
    return Tensor.full(Shape.of(), value, self().backend()).binary(Binary.GREATER_EQUAL, self());
  }

  /// 1 where x >= value, else 0; 0 where x is NaN.
  default Tensor greaterOrEqual(double value) {
    return binary(Binary.GREATER_EQUAL, Tensor.full(Shape.of(), value, self().backend()));
  }

  /// 1 where a and b differ, else 0; NaN differs from everything.
  default Tensor notEqualTo(Tensor other) {
    return equalTo(other).negate().add(1);
  }

  /// 1 where x is not the value, else 0; NaN differs from everything.
  default Tensor notEqualTo(double value) {
    return equalTo(value).negate().add(1);
  }

  /// 1 where x is NaN, else 0.
  default Tensor isNaN() { return notEqualTo(self()); }

  /// 1 where x is neither NaN nor infinite, else 0.
  default Tensor isFinite() { return self().abs().lessOrEqual(Float.MAX_VALUE); }

  private Tensor self() {
    return (Tensor) this;
  }
}
