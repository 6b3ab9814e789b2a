package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Attention over a compressed sparse row structure in one pass: scores, their softmax over a row and the weighted sum
/// are at hand together, row by row, and nothing of the size of the edges is kept. Slots, columns and edges are those of
/// [WeightedSumKernels].
public interface EdgeAttentionKernels {
  /// The result of [#edgeAttention], and what makes its weights again.
  ///
  /// @param y `[rows, width]`
  /// @param softmax `[rows, 2, heads]`: the maximum m of the scores of a row and one over the sum of e^(score - m), together the
  ///   logarithm of the sum of e^score; of a row without slots both are 0
  record Attended(Storage y, Storage softmax) {
  }

  /// The gradients of [#edgeAttention].
  ///
  /// @param values `[columns, width]`, by the values
  /// @param column by the table of the columns in the score: `[columns, heads]` for [EdgeScore.Sum], `[columns, width of the
  ///   score]` for the others; for [EdgeScore.RectifiedSum] before it is multiplied by the vector
  /// @param edges `[edges, heads]`, by what the score adds up: for [EdgeScore.Sum] by the sum under the rectifier, for
  ///   [EdgeScore.RectifiedSum] by the score, for [EdgeScore.Product] by the inner product before it is scaled
  record Shares(Storage values, Storage column, Storage edges) {
  }

  /// `y[r, h c + k]` is the sum over the slots s of row r of `w[s, h] values[columns[s], h c + k]`, where w[s, h] =
  /// `factors[edge(s), h]` times the softmax of the score over the slots of the row.
  ///
  /// @param factors `[edges, heads]`, as dropout makes them; null for 1
  Attended edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, int width);

  /// The gradients of [#edgeAttention] where upstream is that by its result, made column by column: the structure is the
  /// transposed one, whose rows are the columns of the score and of the values. With D the inner product of upstream and the result,
  /// head by head, the gradient by a score is w (upstream values - D), so that no sum over the slots of a row comes first.
  ///
  /// @param offsets where the slots of each column begin
  /// @param rows of each slot
  /// @param edges of each slot; null where they are in this order
  /// @param attended what [#edgeAttention] gave
  Shares edgeAttentionGradient(Indices offsets, Indices rows, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, Attended attended, Storage upstream, int width);
}
