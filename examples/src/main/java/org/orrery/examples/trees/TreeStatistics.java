package org.orrery.examples.trees;

import java.util.Arrays;
import java.util.List;

/// What baselines see of trees, the mean over the trees of an example: at each of a few times the mass of the main branch, log10 M / M_0,
/// and log10 M_0; and the same with the number of nodes at each time.
public enum TreeStatistics {
  /// The main branch alone.
  MAIN_BRANCH("ridge on the main branch"),
  /// The main branch, and how many nodes a tree has at each time.
  NODE_COUNTS("ridge with node counts");

  /// (1 + z) / (1 + z_0) - 1 of the times: a node belongs to the last one that it has reached.
  private static final double[] TIMES = {0, 0.1, 0.25, 0.4, 0.6, 0.8, 1, 1.3, 1.6, 2, 2.5, 3, 4, 5};
  private static final double LOWEST = -2;
  private static final double ROUNDING = 1e-9;

  private final String title;

  TreeStatistics(String title) {
    this.title = title;
  }

  /// As people write it.
  public String title() {
    return title;
  }

  /// The statistics of an example; counts are log10 (1 + nodes a tree).
  public double[] of(TreeExample example) {
    int times = TIMES.length;
    double[] all = new double[1 + times + (this == NODE_COUNTS ? times : 0)];
    List<MergerHistory> trees = example.trees();
    for (MergerHistory tree : trees) {
      all[0] += tree.logMass(0) / trees.size();
      double[] branch = mainBranch(tree);
      for (int k = 0; k < times; k++) {
        all[1 + k] += branch[k] / trees.size();
      }
      for (int node = 0; this == NODE_COUNTS && node < tree.size(); node++) {
        all[1 + times + reached(tree, node)] += 1.0 / trees.size();
      }
    }
    for (int k = 1 + times; k < all.length; k++) {
      all[k] = Math.log10(1 + all[k]);
    }
    return all;
  }

  /// The latest main progenitor that is not later than each time; where there is none, the mass is 1 / 100.
  private static double[] mainBranch(MergerHistory tree) {
    double[] masses = new double[TIMES.length];
    Arrays.fill(masses, LOWEST);
    int[] branch = tree.mainBranch();
    for (int k = 0, at = 0; k < TIMES.length; k++) {
      while (at < branch.length && ago(tree, branch[at]) < TIMES[k] - ROUNDING) {
        at++;
      }
      if (at < branch.length) {
        masses[k] = Math.max(LOWEST, tree.logMass(branch[at]) - tree.logMass(0));
      }
    }
    return masses;
  }

  private static double ago(MergerHistory tree, int node) {
    return (1 + tree.redshift(node)) / (1 + tree.redshift(0)) - 1;
  }

  private static int reached(MergerHistory tree, int node) {
    int k = 0;
    while (k + 1 < TIMES.length && ago(tree, node) >= TIMES[k + 1] - ROUNDING) {
      k++;
    }
    return k;
  }
}
