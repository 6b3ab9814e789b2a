package org.orrery.examples.cora;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The citation networks that papers report figures for, in the split of Yang, Cohen & Salakhutdinov 2016: 20 papers of
/// each subject to learn from, 500 to validate, 1000 to test.
///
/// One is known by its sizes: papers, pairs of which one cites the other, words, subjects. Two papers that cite each other
/// are one pair, and no paper cites itself.
enum Benchmark {
  CORA(2708, 5278, 1433, 7), CITESEER(3327, 4552, 3703, 6), PUBMED(19717, 44324, 500, 3);

  private static final int LABELED = 20;
  private static final int VALIDATION = 500;
  private static final int TEST = 1000;

  private final int papers;
  private final int citations;
  private final int words;
  private final int subjects;

  Benchmark(int papers, int citations, int words, int subjects) {
    this.papers = papers;
    this.citations = citations;
    this.words = words;
    this.subjects = subjects;
  }

  /// The one that this network is, or null.
  static @Nullable Benchmark of(CitationNetwork network) {
    return Arrays.stream(values()).filter(known -> known.is(network)).findFirst().orElse(null);
  }

  private boolean is(CitationNetwork network) {
    return network.graph().nodeCount() == papers && network.graph().edgeCount() == 2 * citations
        && network.vocabulary() == words && network.subjects() == subjects
        && network.graph().mask(CitationNetwork.TRAIN).size() == LABELED * subjects
        && network.graph().mask(CitationNetwork.VALIDATION).size() == VALIDATION
        && network.graph().mask(CitationNetwork.TEST).size() == TEST;
  }
}
