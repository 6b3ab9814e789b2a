package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.CrossEntropyKernels;
import org.orrery.tensor.backend.Storage;

/// y[r] = log sum_j e^x[r, j] - x[r, c], the surprise -log softmax(x)_c at the label c of each row of x `[rows, classes]`.
record CrossEntropy(Tensor x, Indices labels) implements Op {
  CrossEntropy {
    Require.that(x.rank() == 2 && x.rows() == labels.size(), "cross entropy", x.shape(), Shape.of(labels.size()),
        "one label for each row is required");
    labels.requireBelow(x.columns(), "cross entropy: labels");
  }

  @Override
  public String name() {
    return "cross entropy";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return Shape.of(x.rows());
  }

  @Override
  public Storage forward(Backend backend) {
    CrossEntropyKernels kernels = backend.kernels(CrossEntropyKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.crossEntropy(x.data(), labels, x.rows(), x.columns());
  }

  @Override
  public Tensor definition() {
    return x.logSoftmax(-1).elementPerRow(labels).negate();
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Gradient(x, labels, y, upstream)));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + x.rows(), x.rows(), 4 * numbers, 2 * Cost.pieces(numbers, x.columns()));
  }

  /// upstream[r] (softmax(x)[r, j] - [j = c]). The kernel takes the sum of the exponentials from y.
  record Gradient(Tensor x, Indices labels, Tensor y, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "cross entropy gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x, y, upstream);
    }

    @Override
    public Shape shape() {
      return x.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      CrossEntropyKernels kernels = backend.kernels(CrossEntropyKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.crossEntropyGradient(x.data(), labels, y.data(), upstream.data(), x.rows(), x.columns());
    }

    @Override
    public Tensor definition() {
      float[] chosen = new float[x.shape().elements()];
      for (int r = 0; r < labels.size(); r++) {
        chosen[r * x.columns() + labels.at(r)] = 1;
      }
      Tensor table = Backends.with(x.backend(), () -> Tensor.of(x.shape(), chosen));
      return x.softmax(-1).subtract(table).multiply(upstream.unsqueeze(1));
    }

    @Override
    public Cost cost() {
      long size = x.shape().elements();
      return Cost.ofNumbers(size + 3L * x.rows(), size, 3 * size, 0);
    }
  }
}
