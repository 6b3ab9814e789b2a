package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.RowNormKernels;
import org.orrery.tensor.backend.Storage;

/// (x - mean) / sqrt(variance + epsilon) along the last axis.
record NormalizedRows(Tensor x, double epsilon) implements Op {
  @Override
  public String name() {
    return "normalize";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    RowNormKernels kernels = backend.kernels(RowNormKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.normalizeRows(x.data(), x.shape().extent(0, x.rank() - 1), x.columns(), epsilon);
  }

  @Override
  public Tensor definition() {
    Tensor centered = Centered.along(x, -1);
    return centered.divide(centered.square().mean(-1).add(epsilon).sqrt().unsqueeze(-1));
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> {
      Tensor ones = Tensor.full(Shape.of(x.columns()), 1, x.backend());
      return Tensor.of(new LayerNormalized.Share(x, ones, upstream, epsilon));
    });
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers, numbers, 8 * numbers, 0);
  }
}
