package org.orrery.tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.DerivativeKernels;
import org.orrery.tensor.backend.Expression;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// upstream f'(x; alpha), given y = f(x; alpha).
record MappedGradient(Unary kind, double alpha, Tensor x, Tensor y, Tensor upstream) implements Op {
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
    return upstream.multiply(tensor(kind.slope(alpha), new HashMap<>()));
  }

  /// The expression made of tensors, equal parts of it once.
  private Tensor tensor(Expression expression, Map<Expression, Tensor> known) {
    Tensor before = known.get(expression);
    if (before != null) {
      return before;
    }
    Tensor made = switch (expression) {
      case Expression.Argument _ -> x;
      case Expression.Result _ -> y;
      case Expression.Literal(double value) -> Tensor.full(Shape.of(), value, x.backend());
      case Expression.Applied(Unary function, double number, Expression a) -> tensor(a, known).map(function, number);
      case Expression.Joined(Binary function, Expression a, Expression b) ->
        tensor(a, known).binary(function, tensor(b, known));
      case Expression.Chosen(Expression condition, Expression whenTrue, Expression whenFalse) ->
        Tensor.where(tensor(condition, known), tensor(whenTrue, known), tensor(whenFalse, known));
    };
    known.put(expression, made);
    return made;
  }
}
