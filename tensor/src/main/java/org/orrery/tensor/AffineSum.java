package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.ProductSumKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// y = f(x_0 W_0^T + x_1 W_1^T + ... + b) for x_i `[rows, in_i]`, W_i `[out, in_i]`, b `[out]`: the affine map of a
/// concatenation that is not made, added up in one array.
///
/// @param bias null for none
/// @param function f; null for none
/// @param alpha the number of f
record AffineSum(List<Tensor> xs, List<Tensor> weights, @Nullable Tensor bias, @Nullable Unary function, double alpha)
    implements
      Activated {
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

  /// f of it, fused where the slope of f is known from its result, or nobody will ask for it.
  static Tensor of(List<Tensor> xs, List<Tensor> weights, @Nullable Tensor bias, @Nullable Unary function,
      double alpha) {
    AffineSum plain = new AffineSum(xs, weights, bias, null, 0);
    if (function == null) {
      return Tensor.of(plain);
    }
    return !Tensor.tracks(plain) || Affine.slopeFollowsFromResult(function, alpha)
        ? Tensor.of(new AffineSum(xs, weights, bias, function, alpha))
        : Tensor.of(plain).map(function, alpha);
  }

  @Override
  public String name() {
    return function == null ? "sum of affine maps" : "activated sum of affine maps";
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
  public Storage forward(Backend backend) {
    ProductSumKernels kernels = backend.kernels(ProductSumKernels.class);
    if (kernels == null) {
      return Activated.super.forward(backend);
    }
    List<Product> sizes = new ArrayList<>();
    for (int i = 0; i < xs.size(); i++) {
      sizes.add(sizes(i));
    }
    return kernels.matmulSum(sizes, xs.stream().map(Tensor::data).toList(), weights.stream().map(Tensor::data).toList(),
        bias == null ? null : bias.data(), function, alpha);
  }

  @Override
  public Tensor definition() {
    Tensor sum = xs.getFirst().affine(weights.getFirst(), bias);
    for (int i = 1; i < xs.size(); i++) {
      sum = sum.add(xs.get(i).affine(weights.get(i), null));
    }
    return function == null ? sum : sum.map(function, alpha);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    Tensor inside = function == null ? upstream : sink.timesDerivative(function, alpha, y, y, upstream);
    for (int i = 0; i < xs.size(); i++) {
      Tensor x = xs.get(i);
      Tensor weight = weights.get(i);
      sink.add(weight, () -> inside.transposedMatmul(x));
    }
    if (bias != null) {
      sink.add(bias, () -> inside.sum(0));
    }
    for (int i = 0; i < xs.size(); i++) {
      Tensor weight = weights.get(i);
      sink.addLastProduct(xs.get(i), () -> new MatMul(inside, weight, false, false));
    }
  }

  @Override
  public Cost cost() {
    long results = shape().elements();
    long read = 0;
    long flops = (bias == null ? 0 : results) + (function == null ? 0 : results);
    long scratch = 0;
    for (int i = 0; i < xs.size(); i++) {
      read += xs.get(i).shape().elements() + (long) weights.get(i).shape().elements();
      flops += 2 * results * xs.get(i).columns();
      scratch = Math.max(scratch, sizes(i).scratch());
    }
    return Cost.ofNumbers(read, results, flops, scratch);
  }
}
