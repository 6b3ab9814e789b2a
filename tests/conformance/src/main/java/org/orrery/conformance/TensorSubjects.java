package org.orrery.conformance;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.orrery.tensor.Tensor;

/// The area `tensor`, losses aside.
final class TensorSubjects {
  private TensorSubjects() {
  }

  static void register(Map<String, Subject> all) {
    unary(all);
    reductions(all);
    all.put("softmax", in -> Answer.of(in.tensor("x").softmax(in.config().integer("dim", -1))));
    all.put("log_softmax", in -> Answer.of(in.tensor("x").logSoftmax(in.config().integer("dim", -1))));
    all.put("logsumexp", in -> Answer.of(in.tensor("x").logSumExp(in.config().integer("dim", -1))));
    all.put("matmul", in -> Answer.of(in.tensor("a").matmul(in.tensor("b"))));
    all.put("index_select", in -> {
      int axis = in.config().integer("dim", 0);
      Tensor x = in.tensor("x");
      Tensor rows = axis == 0 ? x : x.transpose(0, axis);
      Tensor taken = rows.gatherRows(in.indices("index"));
      return Answer.of(axis == 0 ? taken : taken.transpose(0, axis));
    });
    all.put("broadcast_arithmetic", in -> { // (a + b) * a / (b * b + 1) - b
      requireExpression(in, "(a + b) * a / (b * b + 1) - b");
      Tensor a = in.tensor("a");
      Tensor b = in.tensor("b");
      return Answer.of(a.add(b).multiply(a).divide(b.multiply(b).add(1)).subtract(b));
    });
    all.put("concat_slice_transpose", in -> { // cat([a, b], 1)[:, 1:5].T
      requireExpression(in, "cat([a, b], 1)[:, 1:5].T");
      return Answer.of(Tensor.concat(1, in.tensor("a"), in.tensor("b")).slice(1, 1, 5).transpose());
    });
  }

  private static void requireExpression(Case in, String expression) {
    in.config().require("expression", expression);
  }

  private static void unary(Map<String, Subject> all) {
    put(all, "abs", Tensor::abs);
    put(all, "exp", Tensor::exp);
    put(all, "sin", Tensor::sin);
    put(all, "cos", Tensor::cos);
    put(all, "tanh", Tensor::tanh);
    put(all, "sigmoid", Tensor::sigmoid);
    put(all, "square", Tensor::square);
    put(all, "relu", Tensor::relu);
    put(all, "selu", Tensor::selu);
    put(all, "silu", Tensor::silu);
    put(all, "mish", Tensor::mish);
    put(all, "log", x -> x.abs().add(0.5).log());
    put(all, "sqrt", x -> x.abs().add(0.5).sqrt());
    all.put("elu", in -> Answer.of(in.tensor("x").elu(in.config().number("alpha", 1))));
    all.put("leaky_relu", in -> Answer.of(in.tensor("x").leakyRelu(in.config().number("negative_slope", 0.2))));
    all.put("softplus", in -> {
      double beta = in.config().number("beta", 1);
      return Answer.of(in.tensor("x").multiply(beta).softplus().divide(beta));
    });
    all.put("gelu", in -> {
      in.config().require("approximate", "none");
      return Answer.of(in.tensor("x").gelu());
    });
  }

  private static void put(Map<String, Subject> all, String op, UnaryOperator<Tensor> function) {
    all.put(op, in -> Answer.of(function.apply(in.tensor("x"))));
  }

  private interface AxisFunction {
    Tensor apply(Tensor x, int axis);
  }

  private static void reductions(Map<String, Subject> all) {
    reduction(all, "reduce_sum", Tensor::sum);
    reduction(all, "reduce_mean", Tensor::mean);
    reduction(all, "reduce_amax", Tensor::max);
    reduction(all, "reduce_amin", Tensor::min);
    reduction(all, "reduce_prod", Tensor::product);
    spread(all, "reduce_var", false);
    spread(all, "reduce_std", true);
  }

  private static void reduction(Map<String, Subject> all, String op, AxisFunction function) {
    all.put(op, in -> {
      in.config().ignore("unbiased");
      int axis = in.config().integer("dim", 0);
      Tensor y = function.apply(in.tensor("x"), axis);
      return Answer.of(kept(in, y, axis));
    });
  }

  private static void spread(Map<String, Subject> all, String op, boolean root) {
    all.put(op, in -> {
      int axis = in.config().integer("dim", 0);
      Tensor x = in.tensor("x");
      Tensor y = x.variance(axis);
      if (in.config().flag("unbiased", false)) {
        y = y.multiply((double) x.size(axis) / (x.size(axis) - 1));
      }
      return Answer.of(kept(in, root ? y.sqrt() : y, axis));
    });
  }

  private static Tensor kept(Case in, Tensor y, int axis) {
    if (!in.config().flag("keepdim", false)) {
      return y;
    }
    return y.unsqueeze(axis < 0 ? axis + y.rank() + 1 : axis);
  }
}
