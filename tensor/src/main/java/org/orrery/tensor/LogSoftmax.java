package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.LogSoftmaxKernels;
import org.orrery.tensor.backend.Storage;

/// x - log sum e^x along the last axis.
record LogSoftmax(Tensor x) implements Op {
  @Override
  public String name() {
    return "log softmax";
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
    LogSoftmaxKernels kernels = backend.kernels(LogSoftmaxKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.logSoftmax(x.data(), x.shape().extent(0, x.rank() - 1), x.columns());
  }

  @Override
  public Tensor definition() {
    Tensor shifted = x.subtract(x.detach().max(-1).unsqueeze(-1));
    return shifted.subtract(shifted.exp().sum(-1).log().unsqueeze(-1));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers, numbers, 5 * numbers, Cost.pieces(numbers, x.columns()));
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Gradient(y, upstream)));
  }

  /// upstream - e^y sum upstream.
  record Gradient(Tensor y, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "log softmax gradient";
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
      LogSoftmaxKernels kernels = backend.kernels(LogSoftmaxKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.logSoftmaxGradient(y.data(), upstream.data(), y.shape().extent(0, y.rank() - 1), y.columns());
    }

    @Override
    public Tensor definition() {
      return upstream.subtract(y.exp().multiply(upstream.sum(-1).unsqueeze(-1)));
    }

    @Override
    public Cost cost() {
      long numbers = y.shape().elements();
      return Cost.ofNumbers(2 * numbers, numbers, 4 * numbers, 0);
    }
  }
}
