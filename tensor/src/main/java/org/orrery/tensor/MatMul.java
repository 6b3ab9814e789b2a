package org.orrery.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Storage;

/// `c[n, i, j] = sum_k a[n, i, k] b[n, k, j]`, either operand stored transposed; a matrix serves every n.
record MatMul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) implements Op {
  MatMul {
    Require.that((a.rank() == 2 || a.rank() == 3) && (b.rank() == 2 || b.rank() == 3), "matmul", a.shape(), b.shape(),
        "matrices or batches of matrices are required");
    Require.that(inner(a, transposeA) == inner(b, !transposeB), "matmul", a.shape(), b.shape(),
        transposeA || transposeB
            ? "inner sizes must agree (" + (transposeA ? "a" : "b") + " is read transposed)"
            : "inner sizes must agree");
    Require.that(a.rank() == 2 || b.rank() == 2 || a.size(0) == b.size(0), "matmul", a.shape(), b.shape(),
        "batches must agree");
  }

  private static int inner(Tensor x, boolean first) {
    return first ? x.size(-2) : x.size(-1);
  }

  /// Folds leading axes into one batch, or into the rows where one matrix multiplies them all.
  static Tensor of(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    Require.that(a.rank() >= 2 && b.rank() >= 2, "matmul", a.shape(), b.shape(), "two axes at least are required");
    if (a.rank() <= 2 && b.rank() <= 2) {
      return Tensor.of(new MatMul(a, b, transposeA, transposeB));
    }
    if (b.rank() == 2 && !transposeA) {
      Shape shape = a.shape().with(-1, transposeB ? b.size(0) : b.size(1));
      Tensor rows = a.reshape(a.shape().extent(0, a.rank() - 1), a.columns());
      return Tensor.of(new MatMul(rows, b, false, transposeB)).reshape(shape);
    }
    Shape batch = leading(a).broadcast(leading(b), "matmul batches");
    Tensor c = Tensor.of(new MatMul(fold(a, batch), fold(b, batch), transposeA, transposeB));
    return c.reshape(batch.inserting(-1, c.size(1)).inserting(-1, c.size(2)));
  }

  private static Shape leading(Tensor x) {
    return x.shape().without(-1).without(-1);
  }

  /// A matrix as it is, anything else as one batch.
  private static Tensor fold(Tensor x, Shape batch) {
    if (x.rank() == 2) {
      return x;
    }
    Tensor wide = x.expand(batch.inserting(-1, x.size(-2)).inserting(-1, x.size(-1)));
    return wide.reshape(batch.elements(), x.size(-2), x.size(-1));
  }

  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(a, b);
  }

  @Override
  public Shape shape() {
    Product sizes = sizes();
    return a.rank() == 2 && b.rank() == 2
        ? Shape.of(sizes.rows(), sizes.columns())
        : Shape.of(sizes.batch(), sizes.rows(), sizes.columns());
  }

  Product sizes() {
    int batch = a.rank() == 3 ? a.size(0) : b.rank() == 3 ? b.size(0) : 1;
    return new Product(batch, a.rank() == 3, b.rank() == 3, inner(a, !transposeA), inner(a, transposeA),
        inner(b, transposeB), transposeA, transposeB);
  }

  @Override
  public Storage forward(Backend backend) {
    return backend.matmul(sizes(), a.data(), b.data(), null);
  }

  @Override
  public void backward(Tensor c, Tensor upstream, Gradients sink) {
    sink.add(b, () -> summed(b, transposeB
        ? new MatMul(upstream, a, true, transposeA)
        : new MatMul(a, upstream, !transposeA, false)));
    Supplier<MatMul> share = () -> transposeA
        ? new MatMul(b, upstream, transposeB, true)
        : new MatMul(upstream, b, false, !transposeB);
    if (a.rank() == rank()) {
      sink.addLastProduct(a, share);
    } else {
      sink.add(a, () -> summed(a, share.get()));
    }
  }

  /// A matrix that served a whole batch gets the sum over the batch.
  private static Tensor summed(Tensor operand, MatMul share) {
    Tensor product = Tensor.of(share);
    return product.rank() == operand.rank() ? product : product.sum(0);
  }

  /// Whether it is one product, of a matrix that is read as it is stored.
  boolean isOfRows() { return rank() == 2 && !transposeA; }

  int rank() {
    return Math.max(a.rank(), b.rank());
  }

  @Override
  public Cost cost() {
    Product sizes = sizes();
    return Cost.ofNumbers((long) a.shape().elements() + b.shape().elements(), shape().elements(),
        2L * sizes.batch() * sizes.rows() * sizes.inner() * sizes.columns(), sizes.scratch());
  }
}
