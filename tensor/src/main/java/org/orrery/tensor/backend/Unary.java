package org.orrery.tensor.backend;

/// The elementwise functions of one argument, y = f(x; alpha). Kinds that need no alpha ignore it.
public enum Unary {
  /// alpha x
  SCALE,
  /// x + alpha
  SHIFT,
  /// |x|
  ABS,
  /// -1, 0 or 1
  SIGN,
  /// 1 where x > 0, else 0
  STEP,
  /// the largest integer that is not above x
  FLOOR,
  /// e^x
  EXP,
  /// e^x - 1
  EXPM1,
  /// natural logarithm
  LOG,
  /// log(1 + x)
  LOG1P,
  /// square root
  SQRT,
  /// 1 / x
  RECIPROCAL,
  /// x^2
  SQUARE,
  /// x^alpha
  POWER,
  /// sine of x radians
  SIN,
  /// cosine of x radians
  COS,
  /// hyperbolic tangent
  TANH,
  /// error function
  ERF,
  /// 1 / (1 + e^-x)
  SIGMOID,
  /// max(x, 0)
  RELU,
  /// x where x > 0, else alpha x
  LEAKY_RELU,
  /// x where x > 0, else alpha (e^x - 1)
  ELU,
  /// [#SELU_SCALE] (x where x > 0, else [#SELU_ALPHA] (e^x - 1)); Klambauer et al. 2017
  SELU,
  /// x / (1 + e^-x)
  SILU,
  /// x (1 + erf(x / sqrt 2)) / 2, the exact form
  GELU,
  /// log(1 + e^x)
  SOFTPLUS,
  /// x tanh(log(1 + e^x))
  MISH,
  /// max(x, alpha)
  AT_LEAST,
  /// min(x, alpha)
  AT_MOST;

  /// The scale of [#SELU].
  public static final double SELU_SCALE = 1.0507009873554804934193349852946;
  /// The alpha of [#SELU].
  public static final double SELU_ALPHA = 1.6732632423543772848170429916717;
}
