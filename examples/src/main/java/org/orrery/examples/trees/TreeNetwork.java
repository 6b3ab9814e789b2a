package org.orrery.examples.trees;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.orrery.compat.Recurrent;
import org.orrery.compat.TreeGru;
import org.orrery.compat.TreeLstm;
import org.orrery.graph.Graph;
import org.orrery.layers.GraphSage;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// What turns merger trees into states of their nodes and of whole trees. Children have no order for any of them.
public sealed interface TreeNetwork extends Block {
  /// The networks that there are.
  enum Kind {
    /// Child-sum tree-LSTM over all branches, Tai et al. 2015.
    TREE_LSTM("tree-LSTM", 0),
    /// Child-sum tree-GRU over all branches.
    TREE_GRU("tree-GRU", 1),
    /// LSTM along the heaviest progenitors; it sees nothing else.
    MAIN_BRANCH_LSTM("main-branch LSTM", 2),
    /// Rounds of GraphSAGE from progenitors to descendants, pooled over the tree, after Jespersen et al. 2022 (Mangrove).
    SAGE("SAGE", 3),
    /// One network for every node, pooled over the tree: the tree's structure is not seen. Zaheer et al. 2017.
    DEEP_SETS("DeepSets", 4);

    private final String title;
    private final int stream;

    Kind(String title, int stream) {
      this.title = title;
      this.stream = stream;
    }

    /// The random numbers of this kind in a study: each has its own, whichever others are trained.
    int stream() {
      return stream;
    }

    /// As people write it.
    public String title() {
      return title;
    }

    /// As in `tree-lstm`.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The kind of a name.
    ///
    /// @throws IllegalArgumentException listing the names, where it is none
    public static Kind parse(String name) {
      for (Kind kind : values()) {
        if (kind.toString().equals(name)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("tree network: " + name + "; one of " + List.of(values()) + " is required");
    }
  }

  /// What a network makes of a batch.
  ///
  /// @param trees a state for each tree, `[trees, treeWidth]`
  /// @param nodes the states of the nodes that the network looks at, `[nodes seen, width]`
  /// @param treeOfNode the tree of each of these nodes
  record Encoding(Tensor trees, Tensor nodes, Segments treeOfNode) {
  }

  /// Which network it is.
  Kind kind();

  /// Numbers in the state of a node.
  int width();

  /// Numbers in the state of a tree.
  int treeWidth();

  /// The states of trees.
  Encoding encode(TreeBatch trees, Mode mode);

  /// The state of every node, `[nodes, width]`: for a recurrence, that of its own subtree's history.
  Tensor nodes(TreeBatch trees, Mode mode);

  /// A network that knows nothing yet.
  ///
  /// @param width numbers in the state of a node
  /// @throws IllegalArgumentException where the width is not positive
  static TreeNetwork create(Kind kind, int width, Key key) {
    int in = MergerHistory.FEATURES;
    return switch (kind) {
      case TREE_LSTM -> new WithLstm(TreeLstm.create(in, width, key));
      case TREE_GRU -> new WithGru(TreeGru.create(in, width, key));
      case MAIN_BRANCH_LSTM -> new MainBranch(Recurrent.lstm(in, width, Recurrent.Options.plain(), key));
      case SAGE -> Sage.create(width, key);
      case DEEP_SETS -> new DeepSets(Mlp.create(key, in, width, width).withActivation(Activation.SILU));
    };
  }

  /// A recurrence from the leaves of a tree up; its state is that of its root.
  sealed interface Climbing extends TreeNetwork {
    @Override
    default int treeWidth() {
      return width();
    }

    @Override
    default Encoding encode(TreeBatch trees, Mode mode) {
      Tensor nodes = nodes(trees, mode);
      return new Encoding(nodes.gatherRows(trees.forest().roots()), nodes, trees.treeOfNode());
    }
  }

  /// A tree-LSTM.
  record WithLstm(TreeLstm cell) implements Climbing {
    @Override
    public Kind kind() { return Kind.TREE_LSTM; }

    @Override
    public int width() { return cell.width(); }

    @Override
    public Tensor nodes(TreeBatch trees, Mode mode) {
      return cell.apply(trees.forest(), trees.nodes()).h();
    }
  }

  /// A tree-GRU.
  record WithGru(TreeGru cell) implements Climbing {
    @Override
    public Kind kind() { return Kind.TREE_GRU; }

    @Override
    public int width() { return cell.width(); }

    @Override
    public Tensor nodes(TreeBatch trees, Mode mode) {
      return cell.apply(trees.forest(), trees.nodes());
    }
  }

  /// An LSTM from the earliest progenitor of the main branch to its end; the state of a tree is the last one.
  record MainBranch(Recurrent cell) implements TreeNetwork {
    @Override
    public Kind kind() { return Kind.MAIN_BRANCH_LSTM; }

    @Override
    public int width() { return cell.width(); }

    @Override
    public int treeWidth() { return cell.width(); }

    @Override
    public Encoding encode(TreeBatch trees, Mode mode) {
      TreeBatch.Branches branches = trees.mainBranches();
      Tensor states = along(branches, trees, mode);
      return new Encoding(states.gatherRows(branches.ends()), states, branches.sequences().sequences());
    }

    @Override
    public Tensor nodes(TreeBatch trees, Mode mode) {
      TreeBatch.Branches branches = trees.allBranches();
      int[] places = new int[branches.nodes().size()];
      for (int k = 0; k < places.length; k++) {
        places[branches.nodes().at(k)] = k;
      }
      return along(branches, trees, mode).gatherRows(Indices.of(places));
    }

    private Tensor along(TreeBatch.Branches branches, TreeBatch trees, Mode mode) {
      return cell.apply(branches.sequences(), trees.nodes().gatherRows(branches.nodes()), mode).states();
    }
  }

  /// Rounds of `h_i = max(0, W_1 mean_j h_j + b + W_2 h_i)`, j the progenitors of i; the state of a tree is the mean and the sum over its
  /// nodes.
  record Sage(Linear encoder, List<GraphSage> rounds) implements TreeNetwork {
    private static final int ROUNDS = 4;
    private static final double SUM_SCALE = 0.01;

    /// Copies the list.
    public Sage {
      rounds = List.copyOf(rounds);
    }

    static Sage create(int width, Key key) {
      List<GraphSage> rounds = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        rounds.add(GraphSage.create(width, width, key.fold(round)));
      }
      return new Sage(Linear.create(MergerHistory.FEATURES, width, key.fold("encoder")), rounds);
    }

    @Override
    public Kind kind() { return Kind.SAGE; }

    @Override
    public int width() { return encoder.outputWidth(encoder.inputWidth()).orElseThrow(); }

    @Override
    public int treeWidth() { return 2 * width(); }

    @Override
    public Encoding encode(TreeBatch trees, Mode mode) {
      Tensor nodes = nodes(trees, mode);
      return new Encoding(pooled(nodes, trees.treeOfNode(), SUM_SCALE), nodes, trees.treeOfNode());
    }

    @Override
    public Tensor nodes(TreeBatch trees, Mode mode) {
      Graph graph = Graph.of(trees.forest(), encoder.apply(trees.nodes(), mode).relu());
      for (GraphSage round : rounds) {
        graph = round.apply(graph, Activation.RELU, mode);
      }
      return graph.nodes();
    }
  }

  /// A network for every node alone; the state of a tree is the mean and the sum over its nodes.
  record DeepSets(Mlp network) implements TreeNetwork {
    private static final double SUM_SCALE = 1e-3;

    @Override
    public Kind kind() { return Kind.DEEP_SETS; }

    @Override
    public int width() { return network.outputWidth(network.inputWidth()).orElseThrow(); }

    @Override
    public int treeWidth() { return 2 * width(); }

    @Override
    public Encoding encode(TreeBatch trees, Mode mode) {
      Tensor nodes = nodes(trees, mode);
      return new Encoding(pooled(nodes, trees.treeOfNode(), SUM_SCALE), nodes, trees.treeOfNode());
    }

    @Override
    public Tensor nodes(TreeBatch trees, Mode mode) {
      return network.apply(trees.nodes(), mode);
    }
  }

  private static Tensor pooled(Tensor nodes, Segments trees, double sumScale) {
    return Tensor.concat(1, nodes.segmentMean(trees), nodes.segmentSum(trees).multiply(sumScale));
  }
}
