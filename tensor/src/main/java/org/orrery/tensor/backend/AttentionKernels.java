package org.orrery.tensor.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

/// Attention of all rows of a sequence to all of another (or to those before), without an array of all pairs. SequenceGraphs of any
/// lengths stand one after the other; heads stand side by side in the columns.
public interface AttentionKernels {
  /// Who attends to whom.
  enum Reach {
    /// each query to all keys of its sequence
    ALL,
    /// query i to the keys up to i + keys - queries: the last query to all
    CAUSAL;

    /// How many keys, from the first on, a query attends to.
    public int keys(int query, int queries, int keys) {
      return this == ALL ? keys : Math.clamp((long) query + 1 + keys - queries, 0, keys);
    }
  }

  /// What attention is besides its operands.
  ///
  /// @param queryOffsets where the queries of each sequence start, and where the last end
  /// @param keyOffsets likewise for keys and values
  /// @param reach who attends to whom
  /// @param heads how many attentions side by side
  /// @param scale of the inner products
  /// @param rate the probability that a weight is dropped
  /// @param noise where that is decided: weight j of query i (counted within its sequence) of head h of sequence s by number j of
  /// `noise.fold(s heads + h).fold(i)`; null where the rate is 0
  record Pairing(Indices queryOffsets, Indices keyOffsets, Reach reach, int heads, double scale, double rate,
      @Nullable Key noise) {
    /// How many sequences.
    public int sequences() {
      return queryOffsets.size() - 1;
    }
  }

  /// `y_i = sum_j f_ij a_ij v_j`, a the softmax over j of scale `<q_i, k_j>` + bias_ij, f the factor of dropout; 0 for a query that
  /// attends to nothing.
  ///
  /// @param bias `[1 or heads, most queries, most keys]` for every sequence; null for 0
  /// @param width columns of queries and keys
  /// @param channels columns of values and of the result
  Storage attention(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias, int width,
      int channels);

  /// The gradients by queries, keys and values.
  List<Storage> attentionGradient(Pairing pairing, Storage queries, Storage keys, Storage values,
      @Nullable Storage bias,
      Storage upstream, int width, int channels);
}
