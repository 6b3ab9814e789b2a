package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ColumnDotKernels;
import org.orrery.tensor.backend.Storage;

/// `y[j] = sum over r of a[r, j] b[r, j]`: the gradient by a vector that multiplies rows.
record ColumnDot(Tensor a, Tensor b) implements Op {
  ColumnDot {
    Require.that(a.rank() == 2 && a.shape().equals(b.shape()), "column dot", a.shape(), b.shape(),
        "matrices of one shape are required");
  }

  @Override
  public String name() {
    return "column dot";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(a, b);
  }

  @Override
  public Shape shape() {
    return Shape.of(a.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    ColumnDotKernels kernels = backend.kernels(ColumnDotKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.columnDot(a.data(), b.data(), a.rows(), a.columns());
  }

  @Override
  public Tensor definition() {
    return a.multiply(b).sum(0);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(a, () -> b.multiply(upstream));
    sink.add(b, () -> a.multiply(upstream));
  }

  @Override
  public Cost cost() {
    long numbers = a.shape().elements();
    return Cost.ofNumbers(2 * numbers, a.columns(), 2 * numbers, 0);
  }
}
