package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Attention over a compressed sparse row structure in one pass: scores, their softmax over a row and the weighted sum
/// are at hand together, row by row, and nothing of the size of the edges is kept. Slots, columns and edges are those of
/// [SparseKernels].
public interface EdgeAttentionKernels {
  /// `y[r, h c + k]` is the sum over the slots s of row r of `w[s, h] values[columns[s], h c + k]`, where w[s, h] =
  /// `factors[edge(s), h]` times the softmax of the score over the slots of the row.
  ///
  /// @param factors `[edges, heads]`, as dropout makes them; null for 1
  Buffer edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Buffer factors, int heads, Buffer values, int width);

  /// What is needed of the edges to differentiate [#edgeAttention] where upstream is the gradient by its result:
  /// two planes `[2, edges, heads]`, the weights w and the gradient by what the score adds up (for [EdgeScore.Sum] by
  /// the sum under the rectifier, for [EdgeScore.RectifiedSum] by the score, for [EdgeScore.Product] by the inner product before
  /// it is scaled).
  Buffer edgeAttentionGradient(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Buffer factors, int heads, Buffer values, Buffer upstream, int width);

  /// `y[r, h c + k]` is the sum over the slots s of row r of `weights[edge(s), h]` f'(`own[r, h c + k]` + `other[columns[s], h c + k]`),
  /// f' the derivative of LeakyReLU: 1 above 0, `slope` elsewhere.
  Buffer slopedSum(Indices offsets, Indices columns, @Nullable Indices edges, Buffer weights, int heads, Buffer own,
      Buffer other, int width, double slope);
}
