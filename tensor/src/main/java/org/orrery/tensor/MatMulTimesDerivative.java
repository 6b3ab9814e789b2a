package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.InPlaceKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// `c[i, j] f'(y[i, j]; alpha)` for the product c of two matrices, where f' follows from the result y of f: in the memory of y,
/// which nobody reads any more. The buffer of y is given up.
record MatMulTimesDerivative(MatMul product, Unary function, double alpha, Tensor y) implements Op {
  MatMulTimesDerivative {
    Require.that(product.shape().equals(y.shape()), "matmul times derivative", product.shape(), y.shape(),
        "shapes must be equal");
  }

  @Override
  public String name() {
    return "matmul times derivative";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(product.a(), product.b(), y);
  }

  @Override
  public Shape shape() {
    return y.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    InPlaceKernels kernels = backend.kernels(InPlaceKernels.class);
    if (kernels == null) {
      throw new IllegalStateException(name() + ": " + backend.name() + " has no kernels that work in place");
    }
    return kernels.matmulTimesDerivative(product.sizes(), product.a().data(), product.b().data(), function, alpha,
        y.data());
  }

  @Override
  public boolean ownsResults() { return false; }

  @Override
  public Cost cost() {
    Cost plain = product.cost();
    long results = shape().elements();
    long aside = y.columns() <= 2 ? results : Cost.pieces(results, 96L * y.columns());
    return new Cost(plain.bytes() + Float.BYTES * results, plain.flops() + results,
        plain.scratch() + Float.BYTES * aside);
  }
}
