package org.orrery.messagepassing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.nn.Activation;
import org.orrery.nn.Rows;
import org.orrery.tensor.Tensor;

/// Rows of which only the values that are not zero are held: each column sends to the rows in which it has a value, with
/// the value as the weight. W x of all rows is then a weighted sum over neighbors, and costs what is not zero.
///
/// @param entries from columns to rows
/// @param values `[entries]`
public record SparseRows(Sparse entries, Tensor values) implements Rows {
  /// The rows, `[rows, columns]`.
  @Override
  public Tensor dense() {
    return entries.toDense(values);
  }

  @Override
  public Tensor affine(Tensor weight, @Nullable Tensor bias, Activation after) {
    if (weight.columns() != entries.senders()) {
      throw new IllegalArgumentException("sparse rows: " + entries.senders() + " columns, weight " + weight.shape()
          + "; their widths must agree");
    }
    Tensor product = NeighborSum.of(entries, weight.transpose(), values);
    return after.of(bias == null ? product : product.add(bias));
  }

  @Override
  public List<Tensor> tensors() {
    return List.of(values);
  }

  @Override
  public int count() {
    return entries.receivers();
  }

  @Override
  public int width() {
    return entries.senders();
  }
}
