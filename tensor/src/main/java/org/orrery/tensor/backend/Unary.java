package org.orrery.tensor.backend;

import java.util.function.DoubleBinaryOperator;

/// The elementwise functions of one argument, y = f(x; alpha). Kinds that need no alpha ignore it.
///
/// A constant holds all that is known of its function: its value in double precision and its slope f'(x) as an [Expression]. The
/// reference backend, the laws that every backend keeps and gradients of any order follow from there. At a corner the slope is that of
/// the branch which the formula of f takes there; for |x|, 0. Slopes keep their relative accuracy where they vanish: none is the
/// difference of 1 and a result that has come close to it.
@SuppressWarnings("ImmutableEnumChecker") // functions without state
public enum Unary {
  /// alpha x
  SCALE((x, alpha) -> alpha * x, (x, y, alpha) -> new Expression.Literal(alpha)),
  /// x + alpha
  SHIFT((x, alpha) -> x + alpha, (x, y, alpha) -> new Expression.Literal(1)),
  /// |x|
  ABS((x, alpha) -> Math.abs(x), (x, y, alpha) -> x.sign()),
  /// -1, 0 or 1
  SIGN((x, alpha) -> Math.signum(x), (x, y, alpha) -> new Expression.Literal(0)),
  /// 1 where x > 0, else 0
  STEP((x, alpha) -> x > 0 ? 1 : 0, (x, y, alpha) -> new Expression.Literal(0)),
  /// the largest integer that is not above x
  FLOOR((x, alpha) -> Math.floor(x), (x, y, alpha) -> new Expression.Literal(0)),
  /// e^x
  EXP((x, alpha) -> StrictMath.exp(x), (x, y, alpha) -> y),
  /// e^x - 1
  EXPM1((x, alpha) -> StrictMath.expm1(x), (x, y, alpha) -> x.map(EXP)),
  /// natural logarithm
  LOG(0, (x, alpha) -> StrictMath.log(x), (x, y, alpha) -> x.reciprocal()),
  /// log(1 + x)
  LOG1P(-1, (x, alpha) -> StrictMath.log1p(x), (x, y, alpha) -> x.plus(1).reciprocal()),
  /// square root
  SQRT(0, (x, alpha) -> Math.sqrt(x), (x, y, alpha) -> y.reciprocal().times(0.5)),
  /// 1 / x
  RECIPROCAL(0, (x, alpha) -> 1 / x, (x, y, alpha) -> y.square().times(-1)),
  /// x^2
  SQUARE((x, alpha) -> x * x, (x, y, alpha) -> x.times(2)),
  /// x^alpha
  POWER(0, StrictMath::pow, (x, y, alpha) -> powerSlope(x, alpha)),
  /// sine of x radians
  SIN((x, alpha) -> StrictMath.sin(x), (x, y, alpha) -> x.cos()),
  /// cosine of x radians
  COS((x, alpha) -> StrictMath.cos(x), (x, y, alpha) -> x.map(SIN).times(-1)),
  /// hyperbolic tangent
  TANH((x, alpha) -> StrictMath.tanh(x), (x, y, alpha) -> sigmoidSlope(x.times(2)).times(4)),
  /// error function
  ERF((x, alpha) -> ErrorFunction.erf(x), (x, y, alpha) -> bell(x, -1).times(2 / Math.sqrt(Math.PI))),
  /// 1 / (1 + e^-x)
  SIGMOID((x, alpha) -> sigmoid(x), (x, y, alpha) -> sigmoidSlope(x)),
  /// max(x, 0)
  RELU((x, alpha) -> Math.max(x, 0), (x, y, alpha) -> x.map(STEP)),
  /// x where x > 0, else alpha x
  LEAKY_RELU((x, alpha) -> x > 0 ? x : alpha * x, (x, y, alpha) -> x.map(STEP).times(1 - alpha).plus(alpha)),
  /// x where x > 0, else alpha (e^x - 1)
  ELU((x, alpha) -> x > 0 ? x : alpha * StrictMath.expm1(x), (x, y, alpha) -> bent(x, 1, alpha)),
  /// [#SELU_SCALE] (x where x > 0, else [#SELU_ALPHA] (e^x - 1)); Klambauer et al. 2017
  SELU((x, alpha) -> Unary.SELU_SCALE * (x > 0 ? x : Unary.SELU_ALPHA * StrictMath.expm1(x)),
      (x, y, alpha) -> bent(x, Unary.SELU_SCALE, Unary.SELU_SCALE * Unary.SELU_ALPHA)),
  /// x / (1 + e^-x)
  SILU((x, alpha) -> finite(x) * sigmoid(x), (x, y, alpha) -> siluSlope(x, x.map(SIGMOID))),
  /// x (1 + erf(x / sqrt 2)) / 2, the exact form
  GELU((x, alpha) -> finite(x) * ErrorFunction.erfc(-x * Math.sqrt(0.5)) / 2, (x, y, alpha) -> geluSlope(x, y)),
  /// log(1 + e^x)
  SOFTPLUS((x, alpha) -> softplus(x), (x, y, alpha) -> x.map(SIGMOID)),
  /// x tanh(log(1 + e^x))
  MISH((x, alpha) -> finite(x) * StrictMath.tanh(softplus(x)),
      (x, y, alpha) -> mishSlope(x, x.map(SOFTPLUS).map(TANH))),
  /// x min(max(x + 3, 0), 6) / 6; Howard et al. 2019
  HARDSWISH((x, alpha) -> Math.max(x, -3) * Math.min(Math.max(x, -3) + 3, 6) / 6, (x, y, alpha) -> hardswishSlope(x)),
  /// max(x, alpha)
  AT_LEAST(Math::max, (x, y, alpha) -> x.isAtLeast(alpha)),
  /// min(x, alpha)
  AT_MOST(Math::min, (x, y, alpha) -> x.isAtMost(alpha));

  /// The scale of [#SELU].
  public static final double SELU_SCALE = 1.0507009873554804934193349852946;
  /// The alpha of [#SELU].
  public static final double SELU_ALPHA = 1.6732632423543772848170429916717;

  private static final Expression ARGUMENT = new Expression.Argument();
  private static final Expression RESULT = new Expression.Result();

  private interface Slope {
    Expression of(Expression x, Expression y, double alpha);
  }

  private final double least;
  private final DoubleBinaryOperator value;
  private final Slope slope;

  Unary(DoubleBinaryOperator value, Slope slope) {
    this(Double.NEGATIVE_INFINITY, value, slope);
  }

  Unary(double least, DoubleBinaryOperator value, Slope slope) {
    this.least = least;
    this.value = value;
    this.slope = slope;
  }

  /// f and its slopes are finite for all x above this and, up to overflow, for no smaller number that is.
  public double least() {
    return least;
  }

  /// f(x; alpha) in double precision, the definition. At an infinite x it is the limit.
  public double apply(double x, double alpha) {
    return value.applyAsDouble(x, alpha);
  }

  /// f'(x; alpha): a [Expression.Literal] where it depends on alpha alone.
  public Expression slope(double alpha) {
    return slope.of(ARGUMENT, RESULT, alpha);
  }

  /// Negative infinity times 0 would be NaN.
  private static double finite(double x) {
    return Math.max(x, -Double.MAX_VALUE);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static double softplus(double x) { // log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), which cannot overflow
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /// alpha x^(alpha - 1), without the 0 / 0 at x = 0 where alpha is 0 or 1.
  private static Expression powerSlope(Expression x, double alpha) {
    return alpha == 0 || alpha == 1
        ? new Expression.Literal(alpha)
        : new Expression.Applied(POWER, alpha - 1, x).times(alpha);
  }

  /// e^(scale x^2).
  private static Expression bell(Expression x, double scale) {
    return x.square().times(scale).map(EXP);
  }

  /// The one where x > 0, else the other times e^x.
  private static Expression bent(Expression x, double above, double below) {
    return x.map(STEP).choose(new Expression.Literal(above),
        new Expression.Applied(AT_MOST, 0, x).map(EXP).times(below));
  }

  /// sigmoid(x) sigmoid(-x).
  private static Expression sigmoidSlope(Expression x) {
    return x.map(SIGMOID).times(x.times(-1).map(SIGMOID));
  }

  private static Expression siluSlope(Expression x, Expression sigmoid) {
    return sigmoid.times(x.times(sigmoid.from(1)).plus(1));
  }

  /// P(x) + x p(x), P the distribution and p the density of a standard normal number. In the lower tail P is y / x.
  private static Expression geluSlope(Expression x, Expression y) {
    Expression tail = new Expression.Joined(Binary.DIVIDE, y, new Expression.Applied(AT_MOST, -1, x));
    Expression below = x.isAtMost(-1).choose(tail, x.times(Math.sqrt(0.5)).map(ERF).plus(1).times(0.5));
    return x.times(bell(x, -0.5).times(1 / Math.sqrt(2 * Math.PI))).plus(below);
  }

  /// 0 up to -3, 1 from 3 on, x / 3 + 1/2 between.
  private static Expression hardswishSlope(Expression x) {
    Expression one = new Expression.Literal(1);
    return x.isAtMost(-3).choose(new Expression.Literal(0), x.isAtLeast(3).choose(one, x.times(1.0 / 3).plus(0.5)));
  }

  private static Expression mishSlope(Expression x, Expression tanh) {
    return tanh.plus(x.times(x.map(SIGMOID)).times(tanh.square().from(1)));
  }
}
