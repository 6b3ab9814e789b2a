package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.ActivatedProductKernels;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// y = f(x W^T + b) for x `[rows, in]`, W `[out, in]`, b `[out]`: bias and f are applied while the product is at hand.
///
/// @param bias null for none
/// @param function f; null for none
/// @param alpha the number of f
record Affine(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Unary function, double alpha)
    implements
      Activated {
  Affine {
    if (bias != null) {
      Require.that(bias.rank() == 1 && bias.size(0) == weight.size(0), "affine", weight.shape(), bias.shape(),
          "the bias has one value for each row of the weight");
    }
  }

  static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return ofRows(x, weight, bias, null, 0);
  }

  /// f of it, fused where the slope of f is known from its result, or nobody will ask for it.
  static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias, Unary function, double alpha) {
    boolean constant = !Tensor.isRecording()
        || !(x.isTracked() || weight.isTracked() || (bias != null && bias.isTracked()));
    return constant || slopeFollowsFromResult(function, alpha)
        ? ofRows(x, weight, bias, function, alpha)
        : of(x, weight, bias).map(function, alpha);
  }

  private static Tensor ofRows(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Unary function,
      double alpha) {
    Require.that(weight.rank() == 2 && x.rank() >= 1 && x.columns() == weight.columns(), "affine", x.shape(),
        weight.shape(), "the last sizes must agree (x [..., in], weight [out, in])");
    Tensor rows = x.rank() == 2 ? x : x.reshape(x.shape().extent(0, x.rank() - 1), x.columns());
    Tensor y = bias == null && function == null
        ? rows.matmulTransposed(weight)
        : Tensor.of(new Affine(rows, weight, bias, function, alpha));
    return y.reshape(x.shape().with(-1, weight.size(0)));
  }

  /// Whether [MappedGradient] needs only the sign of x, which is that of y. Functions that come close to a bound, such as tanh, are not
  /// among them: where y has reached it in float32 the slope is still to be had from x.
  static boolean slopeFollowsFromResult(Unary function, double alpha) {
    return switch (function) {
      case RELU -> true;
      case LEAKY_RELU -> alpha > 0;
      default -> false;
    };
  }

  @Override
  public String name() {
    return function == null ? "affine" : "activated affine";
  }

  @Override
  public List<Tensor> operands() {
    List<Tensor> operands = new ArrayList<>(List.of(x, weight));
    if (bias != null) {
      operands.add(bias);
    }
    return operands;
  }

  @Override
  public Shape shape() {
    return Shape.of(x.rows(), weight.rows());
  }

  @Override
  public Storage forward(Backend backend) {
    Storage added = bias == null ? null : bias.data();
    if (function == null) {
      return backend.matmul(sizes(), x.data(), weight.data(), added);
    }
    ActivatedProductKernels kernels = backend.kernels(ActivatedProductKernels.class);
    return kernels == null
        ? Activated.super.forward(backend)
        : kernels.matmul(sizes(), x.data(), weight.data(), added, function, alpha);
  }

  private Product sizes() {
    return new Product(1, false, false, x.rows(), x.columns(), weight.rows(), false, true);
  }

  @Override
  public Tensor definition() {
    Tensor product = x.matmulTransposed(weight);
    Tensor sum = bias == null ? product : product.add(bias);
    return function == null ? sum : sum.map(function, alpha);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    Tensor inside = function == null ? upstream : sink.timesDerivative(function, alpha, y, y, upstream);
    sink.add(weight, () -> inside.transposedMatmul(x));
    if (bias != null) {
      sink.add(bias, () -> inside.sum(0));
    }
    sink.addLastProduct(x, () -> new MatMul(inside, weight, false, false));
  }

  @Override
  public Cost cost() {
    long results = shape().elements();
    long added = bias == null ? 0 : weight.rows();
    long applied = (added == 0 ? 0 : results) + (function == null ? 0 : results);
    return Cost.ofNumbers((long) x.shape().elements() + weight.shape().elements() + added, results,
        2 * results * x.columns() + applied, sizes().scratch());
  }
}
