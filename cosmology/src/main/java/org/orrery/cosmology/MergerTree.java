package org.orrery.cosmology;

import java.util.Arrays;
import org.orrery.graph.Forest;
import org.orrery.tensor.Indices;

/// The history of one halo: who merged into whom, and when.
///
/// Node 0 is the halo as it is last seen; the descendant of a node has a lower number.
public final class MergerTree {
  private final int[] descendants;
  private final double[] masses;
  private final int[] snapshots;

  private MergerTree(int[] descendants, double[] masses, int[] snapshots) {
    this.descendants = descendants;
    this.masses = masses;
    this.snapshots = snapshots;
  }

  /// How many nodes there are.
  public int size() {
    return masses.length;
  }

  /// The node that each one became by the next snapshot, -1 for node 0.
  public int[] descendants() {
    return descendants.clone();
  }

  /// `[nodes]`, M_sun/h.
  public double[] masses() {
    return masses.clone();
  }

  /// Which of the redshifts a node is seen at, 0 for the last one.
  public int[] snapshots() {
    return snapshots.clone();
  }

  /// The nodes from the root back in time, each time the heaviest progenitor, the first of equal ones.
  public int[] mainBranch() {
    int[] heaviest = new int[size()];
    Arrays.fill(heaviest, -1);
    for (int node = size() - 1; node > 0; node--) {
      int into = descendants[node];
      if (heaviest[into] < 0 || masses[node] >= masses[heaviest[into]]) {
        heaviest[into] = node;
      }
    }
    int[] branch = new int[size()];
    int length = 0;
    for (int node = 0; node >= 0; node = heaviest[node]) {
      branch[length++] = node;
    }
    return Arrays.copyOf(branch, length);
  }

  /// The tree as a structure to pass messages along, from progenitors to descendants.
  public Forest forest() {
    return Forest.of(Indices.of(descendants));
  }

  /// A tree that grows.
  static final class Growing {
    private int[] descendants = new int[64];
    private double[] masses = new double[64];
    private int[] snapshots = new int[64];
    private int size;

    void add(int descendant, double mass, int snapshot) {
      if (size == masses.length) {
        descendants = Arrays.copyOf(descendants, 2 * size);
        masses = Arrays.copyOf(masses, 2 * size);
        snapshots = Arrays.copyOf(snapshots, 2 * size);
      }
      descendants[size] = descendant;
      masses[size] = mass;
      snapshots[size++] = snapshot;
    }

    int size() {
      return size;
    }

    double mass(int node) {
      return masses[node];
    }

    int snapshot(int node) {
      return snapshots[node];
    }

    MergerTree grown() {
      return new MergerTree(Arrays.copyOf(descendants, size), Arrays.copyOf(masses, size),
          Arrays.copyOf(snapshots, size));
    }
  }
}
