package org.orrery.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.DropoutKernels;
import org.orrery.tensor.backend.Storage;

/// `y[i]` is `x[i] / (1 - rate)` where the key's uniform number at i is at least the rate, else `0 x[i]`, plus the residual.
/// Which numbers stay is drawn again backward: no mask is kept.
///
/// @param residual of x's shape; null for 0
record Dropped(Tensor x, Key key, double rate, @Nullable Tensor residual) implements Op {
  Dropped {
    Require.that(rate >= 0 && rate < 1, "dropout", x.shape(), "the rate is 0 up to, not including, 1");
    Require.that(residual == null || residual.shape().equals(x.shape()), "dropout", x.shape(),
        "a residual has the same shape");
  }

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  public List<Tensor> operands() {
    return residual == null ? List.of(x) : List.of(x, residual);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    DropoutKernels kernels = backend.kernels(DropoutKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.dropout(x.data(), key, rate, residual == null ? null : residual.data());
  }

  @Override
  public Tensor definition() {
    Supplier<Tensor> kept = () -> Tensor.uniform(key, x.shape().toArray()).greaterOrEqual(Tensor.of(rate));
    Tensor y = x.multiply(Backends.with(x.backend(), kept).multiply(1 / (1 - rate)));
    return residual == null ? y : residual.add(y);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Dropped(upstream, key, rate, null)));
    if (residual != null) {
      sink.add(residual, () -> upstream);
    }
  }

  @Override
  public Cost cost() {
    long size = x.shape().elements();
    return Cost.ofNumbers(operands().size() * size, size, 12 * size, Cost.pieces(size, 1));
  }
}
