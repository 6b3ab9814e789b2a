package org.orrery.tensor.backend;

/// An expression in the argument x of a function and its result y, made of what every backend computes. The slopes of [Unary] are
/// written in it once: evaluated in double precision they say what a kernel has to give, and made of tensors they can be differentiated
/// again.
public sealed interface Expression {
  /// x.
  record Argument() implements Expression {
  }

  /// y.
  record Result() implements Expression {
  }

  /// A number that depends on neither.
  record Literal(double value) implements Expression {
  }

  /// f(a; alpha).
  record Applied(Unary kind, double alpha, Expression a) implements Expression {
  }

  /// f(a, b).
  record Joined(Binary kind, Expression a, Expression b) implements Expression {
  }

  /// One where the condition is not 0, else the other.
  record Chosen(Expression condition, Expression whenTrue, Expression whenFalse) implements Expression {
  }

  /// f of this, for a function without alpha.
  default Expression map(Unary kind) {
    return new Applied(kind, 0, this);
  }

  /// Its sign.
  default Expression sign() {
    return map(Unary.SIGN);
  }

  /// 1 over this.
  default Expression reciprocal() {
    return map(Unary.RECIPROCAL);
  }

  /// Its square.
  default Expression square() {
    return map(Unary.SQUARE);
  }

  /// Its cosine.
  default Expression cos() {
    return map(Unary.COS);
  }

  /// Plus a number.
  default Expression plus(double value) {
    return new Applied(Unary.SHIFT, value, this);
  }

  /// Plus another.
  default Expression plus(Expression other) {
    return new Joined(Binary.ADD, this, other);
  }

  /// Times a number.
  default Expression times(double value) {
    return new Applied(Unary.SCALE, value, this);
  }

  /// Times another.
  default Expression times(Expression other) {
    return new Joined(Binary.MULTIPLY, this, other);
  }

  /// A number minus this.
  default Expression from(double value) {
    return times(-1).plus(value);
  }

  /// 1 where this is at least a number, else 0.
  default Expression isAtLeast(double least) {
    return new Joined(Binary.GREATER_EQUAL, this, new Literal(least));
  }

  /// 1 where this is at most a number, else 0.
  default Expression isAtMost(double most) {
    return new Joined(Binary.GREATER_EQUAL, new Literal(most), this);
  }

  /// One where this is not 0, else the other.
  default Expression choose(Expression whenTrue, Expression whenFalse) {
    return new Chosen(this, whenTrue, whenFalse);
  }

  /// Its value in double precision.
  default double evaluate(double x, double y) {
    return switch (this) {
      case Argument _ -> x;
      case Result _ -> y;
      case Literal(double value) -> value;
      case Applied(Unary kind, double alpha, Expression a) -> kind.apply(a.evaluate(x, y), alpha);
      case Joined(Binary kind, Expression a, Expression b) -> kind.apply(a.evaluate(x, y), b.evaluate(x, y));
      case Chosen(Expression condition, Expression whenTrue, Expression whenFalse) ->
        (condition.evaluate(x, y) != 0 ? whenTrue : whenFalse).evaluate(x, y);
    };
  }
}
