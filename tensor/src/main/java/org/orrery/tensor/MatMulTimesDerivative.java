package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ProductKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// `c[i, j] f'(y[i, j]; alpha)` for the product c of two matrices, where f' follows from the result y of f: in the memory of y,
/// which nobody reads any more. The buffer of y is given up.
record MatMulTimesDerivative(MatMul product, Unary function, double alpha, Tensor y) implements Op {
  MatMulTimesDerivative {
    Require.that(product.shape().equals(y.shape()), "sloped matmul", product.shape(), y.shape(),
        "shapes must be equal");
  }

  @Override
  public String name() {
    return "sloped matmul";
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
    if (backend instanceof ProductKernels kernels) {
      return kernels.matmulTimesDerivative(product.sizes(), product.a().data(), product.b().data(), function, alpha,
          y.data());
    }
    Storage share = Op.super.forward(backend);
    backend.release(y.data());
    return share;
  }

  @Override
  public Tensor definition() {
    return Tensor.of(new MappedGradient(function, alpha, y, y, Tensor.of(product)));
  }

  @Override
  public Cost cost() {
    Cost plain = product.cost();
    long results = shape().elements();
    long aside = y.columns() <= 2 ? results : Cost.pieces(results, 96L * y.columns());
    return new Cost(plain.bytes() + Float.BYTES * results, plain.flops() + results,
        plain.scratch() + Float.BYTES * aside);
  }
}
