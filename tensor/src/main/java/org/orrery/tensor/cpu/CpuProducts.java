package org.orrery.tensor.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.ActivatedProductKernels;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.InPlaceKernels;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.ProductSumKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// Matrix products that end in a function or are added up, and what works in the memory of an operand.
final class CpuProducts extends CpuKernels
    implements
      ActivatedProductKernels,
      ProductSumKernels,
      InPlaceKernels {
  CpuProducts(Machine machine) {
    super(machine);
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias, Unary function, double alpha) {
    return matmul(sizes, a, b, Epilogue.of(bias == null ? null : values(bias), function, alpha));
  }

  @Override
  public Storage matmulSum(List<Product> sizes, List<Storage> a, List<Storage> b, @Nullable Storage bias,
      @Nullable Unary function, double alpha) {
    Epilogue activated = Epilogue.of(null, function, alpha);
    int last = sizes.size() - 1;
    Epilogue first = Epilogue.of(bias == null ? null : values(bias), last == 0 ? function : null, alpha);
    Storage c = matmul(sizes.getFirst(), a.getFirst(), b.getFirst(), first);
    for (int i = 1; i <= last; i++) {
      MatrixProduct.add(machine, sizes.get(i), values(a.get(i)), values(b.get(i)),
          i == last ? activated : Epilogue.NONE,
          values(c));
    }
    return c;
  }

  @Override
  public Storage matmulTimesDerivative(Product sizes, Storage a, Storage b, Unary function, double alpha, Storage y) {
    float[] left = values(a);
    float[] right = values(b);
    float[] results = values(y);
    ((CpuStorage) y).release();
    MatrixProduct.timesSlope(machine, sizes, left, right, function, (float) alpha, results);
    return new CpuStorage(results, y.size());
  }

  private Storage matmul(Product sizes, Storage a, Storage b, Epilogue ending) {
    CpuStorage c = fresh(sizes.batch() * sizes.rows() * sizes.columns());
    MatrixProduct.run(machine, sizes, values(a), values(b), ending, values(c));
    return c;
  }

  @Override
  public void timesDerivative(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    float[] in = values(x);
    float[] results = values(y);
    float[] gradient = values(upstream);
    machine.parallel().forChunks(x.size(), CHUNK,
        (from, to) -> machine.kernels().elementwise().unaryGradient(kind, (float) alpha, in,
            results, gradient, gradient, from, to));
  }

  @Override
  public void accumulate(Storage sum, Storage share) {
    float[] out = values(sum);
    float[] added = values(share);
    machine.parallel().forChunks(sum.size(), CHUNK,
        (from, to) -> machine.kernels().elementwise().binary(Binary.ADD, out, from, added, from, out, from, to - from));
  }
}
