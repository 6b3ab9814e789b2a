package org.orrery.tensor;

import org.orrery.tensor.backend.Unary;

/// Functions of one number, element by element.
sealed interface TensorFunctions permits Tensor {
  /// f(x; alpha).
  default Tensor map(Unary kind, double alpha) {
    return Tensor.of(new Mapped(kind, alpha, self()));
  }

  /// |x|.
  default Tensor abs() {
    return map(Unary.ABS, 0);
  }

  /// -1, 0 or 1.
  default Tensor sign() {
    return map(Unary.SIGN, 0);
  }

  /// The largest integer that is not above x.
  default Tensor floor() {
    return map(Unary.FLOOR, 0);
  }

  /// e^x.
  default Tensor exp() {
    return map(Unary.EXP, 0);
  }

  /// The natural logarithm.
  default Tensor log() {
    return map(Unary.LOG, 0);
  }

  /// log(1 + x).
  default Tensor log1p() {
    return map(Unary.LOG1P, 0);
  }

  /// The square root.
  default Tensor sqrt() {
    return map(Unary.SQRT, 0);
  }

  /// 1 / x.
  default Tensor reciprocal() {
    return map(Unary.RECIPROCAL, 0);
  }

  /// x^2.
  default Tensor square() {
    return map(Unary.SQUARE, 0);
  }

  /// sin x, x in radians.
  default Tensor sin() {
    return map(Unary.SIN, 0);
  }

  /// cos x, x in radians.
  default Tensor cos() {
    return map(Unary.COS, 0);
  }

  /// The hyperbolic tangent.
  default Tensor tanh() {
    return map(Unary.TANH, 0);
  }

  /// The error function.
  default Tensor erf() {
    return map(Unary.ERF, 0);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
