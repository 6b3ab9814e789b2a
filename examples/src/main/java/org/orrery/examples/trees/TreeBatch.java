package org.orrery.examples.trees;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.graph.Forest;
import org.orrery.graph.Sequences;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// Trees of several examples side by side, the nodes of each tree in its own order, trees in the order of their examples.
public final class TreeBatch {
  private final List<MergerHistory> trees;
  private final int[] starts;
  private final Forest forest;
  private final Tensor nodes;
  private final Segments treeOfNode;
  private final Segments exampleOfTree;
  private final Tensor truths;

  /// Branches that end in a node: paths that an LSTM runs along, earliest halos first.
  ///
  /// @param sequences a path for each branch
  /// @param nodes the nodes of the batch along them
  public record Branches(Sequences sequences, Indices nodes) {
    /// Where each path ends among [#nodes].
    Indices ends() {
      Indices offsets = sequences.sequences().offsets();
      return Indices.of(IntStream.range(0, sequences.sequences().count()).map(s -> offsets.at(s + 1) - 1).toArray());
    }
  }

  private TreeBatch(List<MergerHistory> trees, int[] exampleOfTree, int examples, double massUnit, Tensor truths) {
    this.trees = trees;
    this.truths = truths;
    starts = new int[trees.size() + 1];
    for (int t = 0; t < trees.size(); t++) {
      starts[t + 1] = Math.addExact(starts[t], trees.get(t).size());
    }
    int[] parents = new int[starts[trees.size()]];
    int[] owners = new int[parents.length];
    float[] x = new float[MergerHistory.FEATURES * parents.length];
    for (int t = 0; t < trees.size(); t++) {
      MergerHistory tree = trees.get(t);
      for (int i = 0; i < tree.size(); i++) {
        int at = starts[t] + i;
        parents[at] = tree.descendant(i) < 0 ? -1 : starts[t] + tree.descendant(i);
        owners[at] = t;
        x[MergerHistory.FEATURES * at] = (float) (tree.logMass(i) - tree.logMass(0));
        x[MergerHistory.FEATURES * at + 1] = (float) (tree.logMass(i) - massUnit);
        x[MergerHistory.FEATURES * at + 2] = (float) tree.time(i);
      }
    }
    forest = Forest.of(Indices.of(parents));
    nodes = Tensor.of(x, parents.length, MergerHistory.FEATURES);
    treeOfNode = Segments.of(Indices.of(owners), trees.size());
    this.exampleOfTree = Segments.of(Indices.of(exampleOfTree), examples);
  }

  /// A batch.
  ///
  /// @param massUnit log10 of the mass at which the second feature is 0
  /// @throws IllegalArgumentException where examples have truths of different lengths
  public static TreeBatch of(List<TreeExample> examples, double massUnit) {
    List<MergerHistory> trees = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    int width = examples.isEmpty() ? 1 : examples.getFirst().truth().length;
    double[] truths = new double[examples.size() * width];
    for (int e = 0; e < examples.size(); e++) {
      double[] truth = examples.get(e).truth();
      if (truth.length != width) {
        throw new IllegalArgumentException("tree batch: example " + e + " has " + truth.length + " truths; " + width
            + " are required");
      }
      System.arraycopy(truth, 0, truths, e * width, width);
      trees.addAll(examples.get(e).trees());
      for (int t = 0; t < examples.get(e).trees().size(); t++) {
        owners.add(e);
      }
    }
    return new TreeBatch(List.copyOf(trees), owners.stream().mapToInt(o -> o).toArray(), examples.size(), massUnit,
        Tensor.of(truths, examples.size(), width));
  }

  /// All trees, from progenitors to descendants.
  public Forest forest() {
    return forest;
  }

  /// `[nodes, 3]`: log10 M / M_0, log10 M less the unit, ln (1 + z) / (1 + z_0).
  public Tensor nodes() {
    return nodes;
  }

  /// The tree of each node.
  public Segments treeOfNode() {
    return treeOfNode;
  }

  /// The example of each tree.
  public Segments exampleOfTree() {
    return exampleOfTree;
  }

  /// The numbers to infer, `[examples, numbers]`.
  public Tensor truths() {
    return truths;
  }

  /// The main branch of each tree, in the order of the trees.
  public Branches mainBranches() {
    List<int[]> paths = new ArrayList<>();
    for (int t = 0; t < trees.size(); t++) {
      paths.add(shifted(trees.get(t).mainBranch(), starts[t]));
    }
    return branches(paths);
  }

  /// Every node on one path: the longest ones along heaviest progenitors. Up to a node its path is the main branch of that node.
  public Branches allBranches() {
    List<int[]> paths = new ArrayList<>();
    for (int t = 0; t < trees.size(); t++) {
      MergerHistory tree = trees.get(t);
      int[] heaviest = tree.heaviestProgenitors();
      for (int top = 0; top < tree.size(); top++) {
        if (top == 0 || heaviest[tree.descendant(top)] != top) {
          paths.add(shifted(IntStream.iterate(top, node -> node >= 0, node -> heaviest[node]).toArray(), starts[t]));
        }
      }
    }
    return branches(paths);
  }

  private static int[] shifted(int[] path, int by) {
    int[] shifted = new int[path.length];
    for (int k = 0; k < path.length; k++) {
      shifted[k] = path[k] + by;
    }
    return shifted;
  }

  /// Paths from the end back in time, turned around and side by side.
  private static Branches branches(List<int[]> paths) {
    int[] lengths = paths.stream().mapToInt(path -> path.length).toArray();
    int[] all = new int[IntStream.of(lengths).sum()];
    int at = 0;
    for (int[] path : paths) {
      for (int k = path.length - 1; k >= 0; k--) {
        all[at++] = path[k];
      }
    }
    return new Branches(Sequences.of(lengths), Indices.of(all));
  }

  @Override
  public String toString() {
    return "TreeBatch[" + exampleOfTree.count() + " examples, " + forest + "]";
  }
}
