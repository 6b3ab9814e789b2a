package org.orrery.examples.cora;

import org.orrery.graph.Graph;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.SparseRows;
import org.orrery.tensor.Indices;

/// Papers, who cites whom, and the words in them.
///
/// @param graph citations in both directions, labels [#SUBJECT], masks [#TRAIN], [#VALIDATION] and [#TEST]; no node
/// features
/// @param words from words to papers: the words that a paper contains
/// @param subjects how many kinds of paper there are
public record CitationNetwork(Graph graph, Sparse words, int subjects) {
  /// The name of the labels.
  public static final String SUBJECT = "subject";
  /// The name of the mask of the papers that are learned from.
  public static final String TRAIN = "train";
  /// The name of the mask of the papers that choose when to stop.
  public static final String VALIDATION = "val";
  /// The name of the mask of the papers that judge.
  public static final String TEST = "test";

  /// How many different words there are.
  public int vocabulary() {
    return words.senders();
  }

  /// How large a share of each paper's words each word is, `[papers, words]`; 0 for papers without words.
  SparseRows wordFrequencies() {
    return new SparseRows(words, Normalization.MEAN.of(words, null));
  }

  /// The subjects of the papers in a mask.
  Indices subjectsOf(String mask) {
    return graph.labels(SUBJECT).at(graph.mask(mask));
  }

  @Override
  public String toString() {
    return graph.nodeCount() + " papers, " + graph.edgeCount() / 2 + " citations, " + vocabulary() + " words, "
        + subjects + " subjects; " + graph.mask(TRAIN).size() + " to learn from, " + graph.mask(VALIDATION).size()
        + " to validate, " + graph.mask(TEST).size() + " to test";
  }
}
