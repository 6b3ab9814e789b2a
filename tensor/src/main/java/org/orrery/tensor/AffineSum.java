package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Buffer;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.ProductKernels;

/// y = x_0 W_0^T + x_1 W_1^T + ... + b for x_i `[rows, in_i]`, W_i `[out, in_i]`, b `[out]`: the linear map of a concatenation
/// that is not made, added up in one array.
///
/// @param bias null for none
record AffineSum(List<Tensor> xs, List<Tensor> weights, @Nullable Tensor bias) implements Op {
  AffineSum {
    xs = List.copyOf(xs);
    weights = List.copyOf(weights);
    Require.that(!xs.isEmpty() && xs.size() == weights.size(), "sum of affine maps", Shape.of(xs.size()),
        Shape.of(weights.size()), "one matrix for each x, at least one, is required");
    for (int i = 0; i < xs.size(); i++) {
      Tensor x = xs.get(i);
      Tensor weight = weights.get(i);
      Require.that(
          x.rank() == 2 && weight.rank() == 2 && x.columns() == weight.columns() && x.rows() == xs.getFirst().rows()
              && weight.rows() == weights.getFirst().rows(),
          "sum of affine maps", x.shape(), weight.shape(),
          "x [rows, in], W [out, in], with equal rows and out, are required");
    }
    Require.that(bias == null || bias.shape().equals(Shape.of(weights.getFirst().rows())), "sum of affine maps",
        weights.getFirst().shape(), "the bias has one value for each row of the weights");
  }

  @Override
  public String name() {
    return "sum of affine maps";
  }

  @Override
  public List<Tensor> operands() {
    List<Tensor> operands = new ArrayList<>(xs);
    operands.addAll(weights);
    if (bias != null) {
      operands.add(bias);
    }
    return operands;
  }

  @Override
  public Shape shape() {
    return Shape.of(xs.getFirst().rows(), weights.getFirst().rows());
  }

  private Product sizes(int i) {
    return new Product(1, false, false, xs.get(i).rows(), xs.get(i).columns(), weights.get(i).rows(), false, true);
  }

  @Override
  public Buffer forward(Backend backend) {
    if (!(backend instanceof ProductKernels kernels)) {
      return Op.super.forward(backend);
    }
    List<Product> sizes = new ArrayList<>();
    for (int i = 0; i < xs.size(); i++) {
      sizes.add(sizes(i));
    }
    return kernels.matmulSum(sizes, xs.stream().map(Tensor::data).toList(), weights.stream().map(Tensor::data).toList(),
        bias == null ? null : bias.data());
  }

  @Override
  public Tensor definition() {
    Tensor sum = xs.getFirst().affine(weights.getFirst(), bias);
    for (int i = 1; i < xs.size(); i++) {
      sum = sum.add(xs.get(i).affine(weights.get(i), null));
    }
    return sum;
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    for (int i = 0; i < xs.size(); i++) {
      Tensor x = xs.get(i);
      Tensor weight = weights.get(i);
      sink.addProduct(x, () -> new MatMul(upstream, weight, false, false));
      sink.add(weight, () -> upstream.transposedMatmul(x));
    }
    if (bias != null) {
      sink.add(bias, () -> upstream.sum(0));
    }
  }

  @Override
  public Cost cost() {
    long results = shape().elements();
    long read = 0;
    long flops = bias == null ? 0 : results;
    long scratch = 0;
    for (int i = 0; i < xs.size(); i++) {
      read += xs.get(i).shape().elements() + (long) weights.get(i).shape().elements();
      flops += 2 * results * xs.get(i).columns();
      scratch = Math.max(scratch, sizes(i).scratch());
    }
    return Cost.ofNumbers(read, results, flops, scratch);
  }
}
