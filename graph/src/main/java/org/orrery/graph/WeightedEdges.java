package org.orrery.graph;

import org.orrery.tensor.Tensor;

/// Edges with a weight each: a sparse matrix A with A[t, s] = sum of w_st over the edges s -> t.
///
/// @param edges who sends to whom
/// @param weights one an edge, `[edges]` or `[edges, ...]`
public record WeightedEdges(Sparse edges, Tensor weights) {
  /// Checks that there is a weight for each edge.
  ///
  /// @throws IllegalArgumentException where there is not
  public WeightedEdges {
    requireWeights(edges, weights);
  }

  /// The matrix A, `[receivers, senders, ...]`; see [Sparse#toDense(Tensor)].
  public Tensor toDense() {
    return edges.toDense(weights);
  }

  static void requireWeights(Sparse edges, Tensor weights) {
    if (weights.rank() == 0 || weights.rows() != edges.edges()) {
      throw new IllegalArgumentException(
          "edge weights: " + weights.shape() + " for " + edges.edges() + " edges; one row an edge is required");
    }
  }

  /// 1 / sqrt(d), and 0 where d is 0, with a gradient of 0 there. A negative d has no root: NaN.
  static Tensor inverseRoot(Tensor degrees) {
    Tensor zero = degrees.detach().equalTo(0);
    return degrees.add(zero).sqrt().reciprocal().multiply(zero.negate().add(1));
  }

  /// 1 / d, and 0 where d is 0, with a gradient of 0 there.
  static Tensor inverse(Tensor degrees) {
    Tensor zero = degrees.detach().equalTo(0);
    return degrees.add(zero).reciprocal().multiply(zero.negate().add(1));
  }
}
