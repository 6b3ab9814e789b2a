package org.orrery.examples.trees;

import java.util.Arrays;

/// The history of one halo as a network sees it: who merged into whom, how heavy, and when.
///
/// Node 0 is the halo itself; every other node has a descendant of a lower number.
public final class MergerHistory {
  /// What is known of a node: log10 M / M_0, log10 M and ln (1 + z) / (1 + z_0), 0 the root.
  public static final int FEATURES = 3;

  private final int[] descendants;
  private final double[] logMasses;
  private final double[] redshifts;

  /// A history.
  ///
  /// @param descendants -1 of node 0, else a lower number
  /// @param logMasses log10, in any unit that all histories share
  /// @param redshifts above that of the descendant
  /// @throws IllegalArgumentException where there is no node, lengths differ, or a node breaks these rules
  public MergerHistory(int[] descendants, double[] logMasses, double[] redshifts) {
    int nodes = descendants.length;
    if (nodes == 0 || logMasses.length != nodes || redshifts.length != nodes) {
      throw new IllegalArgumentException("merger history: " + nodes + " descendants, " + logMasses.length
          + " masses and " + redshifts.length + " redshifts; as many of each, at least one, are required");
    }
    for (int i = 0; i < nodes; i++) {
      int next = descendants[i];
      if (i == 0 ? next != -1 : next < 0 || next >= i || !(redshifts[i] > redshifts[next])) {
        throw new IllegalArgumentException("merger history: node " + i + " -> " + next
            + "; -1 for node 0, else a lower number and a later time are required");
      }
      if (!Double.isFinite(logMasses[i]) || !(redshifts[i] > -1)) {
        throw new IllegalArgumentException("merger history: node " + i + " of log mass " + logMasses[i]
            + " at redshift " + redshifts[i] + "; finite masses and redshifts above -1 are required");
      }
    }
    this.descendants = descendants.clone();
    this.logMasses = logMasses.clone();
    this.redshifts = redshifts.clone();
  }

  /// How many nodes there are, at least one.
  public int size() {
    return descendants.length;
  }

  /// The node that a node became; -1 for node 0.
  public int descendant(int node) {
    return descendants[node];
  }

  /// log10 of the mass of a node.
  public double logMass(int node) {
    return logMasses[node];
  }

  /// The redshift at which a node is seen.
  public double redshift(int node) {
    return redshifts[node];
  }

  /// The time of a node, ln (1 + z) / (1 + z_0): 0 for the root.
  public double time(int node) {
    return Math.log((1 + redshifts[node]) / (1 + redshifts[0]));
  }

  /// The heaviest progenitor of each node, the first of equal ones; -1 for a leaf.
  public int[] heaviestProgenitors() {
    int[] heaviest = new int[size()];
    Arrays.fill(heaviest, -1);
    for (int node = 1; node < size(); node++) {
      int into = descendants[node];
      if (heaviest[into] < 0 || logMasses[node] > logMasses[heaviest[into]]) {
        heaviest[into] = node;
      }
    }
    return heaviest;
  }

  /// The nodes from the root back in time, each time the heaviest progenitor.
  public int[] mainBranch() {
    int[] heaviest = heaviestProgenitors();
    int[] branch = new int[size()];
    int length = 0;
    for (int node = 0; node >= 0; node = heaviest[node]) {
      branch[length++] = node;
    }
    return Arrays.copyOf(branch, length);
  }

  @Override
  public String toString() {
    return "MergerHistory[" + size() + " nodes]";
  }
}
