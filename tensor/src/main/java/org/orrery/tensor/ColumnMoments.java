package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ColumnMomentsKernels;
import org.orrery.tensor.backend.Storage;

/// The mean of each column of x `[rows, width]` and, in the second row, its population variance: `[2, width]`.
record ColumnMoments(Tensor x) implements Op {
  ColumnMoments {
    Require.that(x.rank() == 2 && x.rows() > 0, "column moments", x.shape(), "[rows, width] with a row is required");
  }

  @Override
  public String name() {
    return "column moments";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return Shape.of(2, x.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    ColumnMomentsKernels kernels = backend.kernels(ColumnMomentsKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.columnMoments(x.data(), x.rows(), x.columns());
  }

  @Override
  public Tensor definition() {
    Tensor mean = x.mean(0);
    return Tensor.stack(0, List.of(mean.add(x.subtract(mean).mean(0)), x.variance(0)));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers, 2L * x.columns(), 4 * numbers, 0);
  }
}
