package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.SoftmaxKernels;
import org.orrery.tensor.backend.Storage;

/// e^x / sum e^x along the last axis.
record Softmax(Tensor x) implements Op {
  @Override
  public String name() {
    return "softmax";
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
    SoftmaxKernels kernels = backend.kernels(SoftmaxKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.softmax(x.data(), x.shape().extent(0, x.rank() - 1), x.columns());
  }

  @Override
  public Tensor definition() {
    Tensor e = x.subtract(x.detach().max(-1).unsqueeze(-1)).exp();
    return e.divide(e.sum(-1).unsqueeze(-1));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers, numbers, 5 * numbers, 0);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Gradient(y, upstream)));
  }

  /// y (upstream - sum y upstream).
  record Gradient(Tensor y, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "softmax gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(y, upstream);
    }

    @Override
    public Shape shape() {
      return y.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      SoftmaxKernels kernels = backend.kernels(SoftmaxKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.softmaxGradient(y.data(), upstream.data(), y.shape().extent(0, y.rank() - 1), y.columns());
    }

    @Override
    public Tensor definition() {
      return y.multiply(upstream.subtract(y.multiply(upstream).sum(-1).unsqueeze(-1)));
    }

    @Override
    public Cost cost() {
      long numbers = y.shape().elements();
      return Cost.ofNumbers(2 * numbers, numbers, 4 * numbers, 0);
    }
  }
}
