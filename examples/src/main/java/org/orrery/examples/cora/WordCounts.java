package org.orrery.examples.cora;

import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// Sparse features as a graph: each word sends to the papers that contain it, with a weight. W x of all papers is then a
/// weighted sum over neighbors, and costs what is not zero: a 79th of the dense product for Cora.
///
/// @param words from words to papers
/// @param weights `[edges]`
record WordCounts(Sparse words, Tensor weights) {
  /// Each paper's weights divided by their sum; papers without words stay so.
  static WordCounts rowNormalized(Sparse words) {
    return new WordCounts(words, Normalization.MEAN.of(words, null));
  }

  /// Some of the words forgotten, the others made heavier: dropout of the entries that are not zero. The zeros would stay
  /// zero anyway.
  WordCounts dropped(Dropout dropout, Mode mode) {
    return new WordCounts(words, dropout.apply(weights, mode));
  }

  /// W x for each paper, `[papers, out]`, without the bias.
  Tensor times(Linear map) {
    return NeighborSum.of(words, map.weight().value().transpose(), weights);
  }

  /// x itself, `[papers, words]`.
  Tensor dense() {
    return words.toDense(weights);
  }
}
