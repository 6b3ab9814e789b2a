package org.orrery.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Buffer;
import org.orrery.tensor.backend.Product;

/// y = x W^T + b for x `[rows, in]`, W `[out, in]`, b `[out]`, the bias added while the product is in registers.
record Affine(Tensor x, Tensor weight, Tensor bias) implements Op {
  Affine {
    Require.that(bias.rank() == 1 && bias.size(0) == weight.size(0), "affine", weight.shape(), bias.shape(),
        "the bias has one value for each row of the weight");
  }

  static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Require.that(weight.rank() == 2 && x.rank() >= 1 && x.columns() == weight.columns(), "affine", x.shape(),
        weight.shape(), "the last sizes must agree (x [..., in], weight [out, in])");
    Tensor rows = x.rank() == 2 ? x : x.reshape(x.shape().extent(0, x.rank() - 1), x.columns());
    Tensor y = bias == null ? rows.matmulTransposed(weight) : Tensor.of(new Affine(rows, weight, bias));
    return y.reshape(x.shape().with(-1, weight.size(0)));
  }

  @Override
  public String name() {
    return "affine";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x, weight, bias);
  }

  @Override
  public Shape shape() {
    return Shape.of(x.rows(), weight.rows());
  }

  @Override
  public Buffer forward(Backend backend) {
    return backend.matmul(sizes(), x.data(), weight.data(), bias.data());
  }

  private Product sizes() {
    return new Product(1, false, false, x.rows(), x.columns(), weight.rows(), false, true);
  }

  @Override
  public Tensor definition() {
    return x.matmulTransposed(weight).add(bias);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> upstream.matmul(weight));
    sink.add(weight, () -> upstream.transposedMatmul(x));
    sink.add(bias, () -> upstream.sum(0));
  }

  @Override
  public Cost cost() {
    long results = shape().elements();
    long read = (long) x.shape().elements() + weight.shape().elements() + bias.shape().elements();
    return Cost.ofNumbers(read, results, 2 * results * x.columns() + results, sizes().scratch());
  }
}
