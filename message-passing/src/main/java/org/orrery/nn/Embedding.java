package org.orrery.nn;

import java.util.OptionalInt;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// A row of a table for each label: y_i = row `label_i` of W.
///
/// Shape: `n` labels to `[n, width]`.
///
/// @param weight W, `[labels, width]`
/// @param padding the label whose row gets no gradient, if any
public record Embedding(Parameter weight, OptionalInt padding) implements Block {
  /// Checks that the padding is a label.
  ///
  /// @throws IllegalArgumentException where it is none, or W is not a matrix
  public Embedding {
    Shape table = weight.shape();
    if (table.rank() != 2) {
      throw new IllegalArgumentException("Embedding: weight " + table + "; [labels, width] is required");
    }
    if (padding.isPresent() && (padding.getAsInt() < 0 || padding.getAsInt() >= table.size(0))) {
      throw new IllegalArgumentException(
          "Embedding: padding label " + padding.getAsInt() + "; 0 to " + (table.size(0) - 1) + " are allowed");
    }
  }

  /// Standard normal rows, as PyTorch starts them.
  ///
  /// @throws IllegalArgumentException where a size is not positive
  public static Embedding create(int labels, int width, Key key) {
    if (labels <= 0 || width <= 0) {
      throw new IllegalArgumentException(
          "Embedding: " + labels + " labels of width " + width + "; positive sizes are required");
    }
    return new Embedding(Parameter.of(Initializer.normal(0, 1).values(Shape.of(labels, width), key)),
        OptionalInt.empty());
  }

  /// The rows of these labels.
  ///
  /// @throws IndexOutOfBoundsException where there is no such label
  public Tensor apply(Indices labels) {
    return Observed.call(this, () -> rows(labels));
  }

  private Tensor rows(Indices labels) {
    Tensor rows = weight.value().gatherRows(labels);
    if (padding.isEmpty()) {
      return rows;
    }
    Tensor isPadding = Tensor.of(labels).equalTo(padding.getAsInt()).unsqueeze(1);
    return Tensor.where(isPadding, rows.detach(), rows);
  }
}
