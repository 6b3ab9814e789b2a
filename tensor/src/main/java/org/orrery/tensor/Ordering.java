package org.orrery.tensor;

import org.orrery.tensor.backend.Reduction;

/// What depends on the order of values: positions come back to the host, values are gathered so that gradients follow.
final class Ordering {
  private Ordering() {
  }

  static Indices argReduce(Reduction kind, Tensor x, int axis) {
    int front = x.shape().axis(axis);
    boolean isOfNothing = x.size(front) == 0 && x.shape().without(front).elements() > 0;
    Require.that(!isOfNothing, kind == Reduction.MAXIMUM ? "argmax" : "argmin", x.shape(),
        "along axis " + front + ", at least one value is required");
    return x.backend().argReduce(kind, x.data(), x.shape().extent(0, front), x.size(front),
        x.shape().extent(front + 1, x.rank()));
  }

  static TopK topK(Tensor x, int count) {
    Require.that(x.rank() >= 1 && count >= 0 && count <= x.columns(), "topK", x.shape(),
        "count " + count + " must be 0 to the size of the last axis");
    return sorted(x, true, count);
  }

  /// The first `count` along the last axis in order.
  static TopK sorted(Tensor x, boolean descending, int count) {
    int length = x.columns();
    int outer = x.shape().extent(0, x.rank() - 1);
    int[] order = x.backend().sort(x.data(), outer, length, descending).raw();
    int[] positions = new int[outer * count];
    int[] flat = new int[outer * count];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < count; i++) {
        positions[o * count + i] = order[o * length + i];
        flat[o * count + i] = o * length + order[o * length + i];
      }
    }
    Tensor values = x.flatten().gatherRows(Indices.wrap(flat)).reshape(x.shape().with(-1, count));
    return new TopK(values, Indices.wrap(positions));
  }

  static Tensor elementPerRow(Tensor x, Indices columns) {
    Require.that(x.rank() == 2 && x.rows() == columns.size(), "elementPerRow", x.shape(),
        "a matrix with one row for each of " + columns.size() + " columns is required");
    columns.requireBelow(x.columns(), "elementPerRow");
    int[] flat = new int[columns.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = i * x.columns() + columns.at(i);
    }
    return x.flatten().gatherRows(Indices.wrap(flat));
  }
}
