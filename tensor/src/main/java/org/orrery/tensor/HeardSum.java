package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// `y_i = sum_k w_ik v_k` over the k that i hears, or transposed `y_k = sum_i w_ik v_i`: what is not heard has weight 0 and does not touch
/// the sum, whatever it is. A matrix product where all values are finite, else row by row.
///
/// @param weights w `[batch, rows, columns]`, 0 where nothing is heard
/// @param values v `[batch, columns, width]`, or `[batch, rows, width]` transposed
/// @param heard 1 where i hears k, else 0, in the shape of the weights
/// @param transposed whether w is read so
record HeardSum(Tensor weights, Tensor values, Tensor heard, boolean transposed) implements Op {
  HeardSum {
    Require.that(heard.shape().equals(weights.shape()), "heard sum", weights.shape(), heard.shape(),
        "shapes must be equal");
  }

  private MatMul product() {
    return new MatMul(weights, values, transposed, false);
  }

  @Override
  public String name() {
    return "heard sum";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(weights, values, heard);
  }

  @Override
  public Shape shape() {
    return product().shape();
  }

  @Override
  public Storage forward(Backend backend) {
    return backend.firstNonFinite(values.data()) < 0 ? product().forward(backend) : Op.super.forward(backend);
  }

  @Override
  public Tensor definition() {
    Tensor w = transposed ? weights.transpose(1, 2) : weights;
    Tensor where = transposed ? heard.transpose(1, 2) : heard;
    Tensor nothing = Tensor.full(Shape.of(), 0, values.backend());
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < w.size(1); i++) {
      Tensor products = w.select(1, i).unsqueeze(2).multiply(values);
      rows.add(Tensor.where(where.select(1, i).unsqueeze(2), products, nothing).sum(1));
    }
    return rows.isEmpty() ? Tensor.zeros(shape(), values.backend()) : Tensor.stack(1, rows);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(weights,
        () -> Tensor.of(transposed ? new Dots(values, upstream, heard) : new Dots(upstream, values, heard)));
    sink.add(values, () -> Tensor.of(new HeardSum(weights, upstream, heard, !transposed)));
  }

  @Override
  public Cost cost() {
    return product().cost();
  }

  /// `s_ik = <a_i, b_k>` where i hears k, else 0.
  record Dots(Tensor a, Tensor b, Tensor heard) implements Op {
    @Override
    public String name() {
      return "heard products";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(a, b, heard);
    }

    @Override
    public Shape shape() {
      return heard.shape();
    }

    @Override
    public Tensor definition() {
      return Tensor.where(heard, a.matmulTransposed(b), Tensor.full(Shape.of(), 0, a.backend()));
    }

    @Override
    public void backward(Tensor y, Tensor upstream, Gradients sink) {
      Tensor slopes = Tensor.where(heard, upstream, Tensor.full(Shape.of(), 0, a.backend()));
      sink.add(a, () -> Tensor.of(new HeardSum(slopes, b, heard, false)));
      sink.add(b, () -> Tensor.of(new HeardSum(slopes, a, heard, true)));
    }

    @Override
    public Cost cost() {
      return new MatMul(a, b, false, true).cost();
    }
  }
}
