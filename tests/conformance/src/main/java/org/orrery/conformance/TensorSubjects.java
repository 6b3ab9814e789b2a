package org.orrery.conformance;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The area `tensor`, losses aside.
final class TensorSubjects {
  private static final Pattern OFFSET = Pattern.compile("\\|x\\| \\+ #");

  private TensorSubjects() {
  }

  static void register(Map<String, Subject> all) {
    unary(all);
    ReductionSubjects.register(all);
    all.put("softmax", in -> Answer.of(in.tensor("x").softmax(in.config().integer("dim", -1))));
    all.put("log_softmax", in -> Answer.of(in.tensor("x").logSoftmax(in.config().integer("dim", -1))));
    all.put("matmul", in -> Answer.of(product(in.tensor("a"), in.tensor("b"))));
    all.put("index_select", in -> {
      Tensor x = in.tensor("x");
      int axis = x.shape().axis(in.config().integer("dim", 0));
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

  /// The product as `torch.matmul` takes it: vectors are rows on the left and columns on the right, leading axes repeat.
  private static Tensor product(Tensor a, Tensor b) {
    Tensor left = a.rank() == 1 ? a.unsqueeze(0) : a;
    Tensor right = b.rank() == 1 ? b.unsqueeze(1) : b;
    if (left.rank() > 2 && right.rank() > 2) {
      Shape batch = batch(left).broadcast(batch(right), "matmul");
      left = left.expand(batch.inserting(-1, left.size(-2)).inserting(-1, left.size(-1)));
      right = right.expand(batch.inserting(-1, right.size(-2)).inserting(-1, right.size(-1)));
    }
    Tensor c = left.matmul(right);
    c = b.rank() == 1 ? c.squeeze(-1) : c;
    return a.rank() == 1 ? c.squeeze(b.rank() == 1 ? -1 : -2) : c;
  }

  private static Shape batch(Tensor x) {
    return x.shape().without(-1).without(-1);
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
    all.put("log", in -> Answer.of(positive(in).log()));
    all.put("sqrt", in -> Answer.of(positive(in).sqrt()));
    all.put("elu", in -> Answer.of(in.tensor("x").elu(in.config().noted("alpha", 1))));
    all.put("leaky_relu", in -> Answer.of(in.tensor("x").leakyRelu(in.config().noted("negative_slope", 0.01))));
    all.put("softplus", in -> {
      double beta = in.config().noted("beta", 1);
      double threshold = in.config().noted("threshold", 20);
      Tensor x = in.tensor("x");
      Tensor scaled = x.multiply(beta);
      return Answer.of(Tensor.where(scaled.detach().greater(threshold), x, scaled.softplus().divide(beta)));
    });
    all.put("gelu", in -> {
      in.config().require("approximate", "none", "tanh");
      boolean tanh = in.config().text("approximate", in.config().isNoted("tanh") ? "tanh" : "none").equals("tanh");
      return Answer.of(tanh ? geluByTanh(in.tensor("x")) : in.tensor("x").gelu());
    });
  }

  /// |x| + 0.5, or with another number that the note says: what logarithms and roots are taken of.
  private static Tensor positive(Case in) {
    return in.tensor("x").abs().add(in.config().noted(OFFSET, 0.5));
  }

  /// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Hendrycks & Gimpel 2016, sec. 2.
  private static Tensor geluByTanh(Tensor x) {
    Tensor inner = x.multiply(x.square().multiply(0.044715).add(1)).multiply(Math.sqrt(2 / Math.PI));
    return inner.tanh().add(1).multiply(x).multiply(0.5);
  }

  private static void put(Map<String, Subject> all, String op, UnaryOperator<Tensor> function) {
    all.put(op, in -> Answer.of(function.apply(in.tensor("x"))));
  }
}
