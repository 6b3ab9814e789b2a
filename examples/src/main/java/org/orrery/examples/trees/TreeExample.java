package org.orrery.examples.trees;

import java.util.List;

/// What a model learns from: a tree, or several of one universe, and the numbers to infer from them.
public final class TreeExample {
  private final List<MergerHistory> trees;
  private final double[] truth;

  /// An example.
  ///
  /// @throws IllegalArgumentException where there is no tree
  public TreeExample(List<MergerHistory> trees, double... truth) {
    if (trees.isEmpty()) {
      throw new IllegalArgumentException("tree example: no trees; at least one is required");
    }
    this.trees = List.copyOf(trees);
    this.truth = truth.clone();
  }

  /// The trees.
  public List<MergerHistory> trees() {
    return trees;
  }

  /// The numbers to infer.
  public double[] truth() {
    return truth.clone();
  }
}
