package org.orrery.examples.trees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orrery.examples.trees.TreeModel.Target;
import org.orrery.inference.Posterior;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.SavedModel;

/// The networks of merger trees.
class TreeNetworkTest {
  private static final int WIDTH = 6;

  /// A tree of random masses: each node has one of the earlier ones as its descendant.
  static MergerHistory random(int nodes, long seed) {
    double[] draws = Key.of(seed).uniformDouble(2 * nodes);
    int[] descendants = new int[nodes];
    double[] masses = new double[nodes];
    double[] redshifts = new double[nodes];
    descendants[0] = -1;
    masses[0] = 3;
    redshifts[0] = 0.1;
    for (int i = 1; i < nodes; i++) {
      descendants[i] = (int) (draws[2 * i] * i);
      masses[i] = masses[descendants[i]] - 0.1 - draws[2 * i + 1];
      redshifts[i] = redshifts[descendants[i]] + 0.2;
    }
    return new MergerHistory(descendants, masses, redshifts);
  }

  /// The same tree with its nodes in another order, the root first and descendants before progenitors.
  private static MergerHistory reordered(MergerHistory tree, int[] order) {
    int[] place = new int[order.length];
    for (int k = 0; k < order.length; k++) {
      place[order[k]] = k;
    }
    return new MergerHistory(
        IntStream.of(order).map(i -> tree.descendant(i) < 0 ? -1 : place[tree.descendant(i)]).toArray(),
        IntStream.of(order).mapToDouble(tree::logMass).toArray(),
        IntStream.of(order).mapToDouble(tree::redshift).toArray());
  }

  /// Generation by generation, siblings turned round.
  private static int[] siblingsReversed(MergerHistory tree) {
    int[] depth = new int[tree.size()];
    for (int i = 1; i < tree.size(); i++) {
      depth[i] = depth[tree.descendant(i)] + 1;
    }
    return IntStream.range(0, tree.size()).boxed()
        .sorted((a, b) -> depth[a] != depth[b] ? Integer.compare(depth[a], depth[b]) : Integer.compare(b, a))
        .mapToInt(i -> i).toArray();
  }

  private static TreeNetwork network(TreeNetwork.Kind kind) {
    return TreeNetwork.create(kind, WIDTH, Key.of(3));
  }

  private static TreeBatch batch(MergerHistory... trees) {
    return TreeBatch.of(Arrays.stream(trees).map(tree -> new TreeExample(List.of(tree), 0)).toList(), 2.5);
  }

  private static double[] tree(TreeNetwork network, MergerHistory... trees) {
    return network.encode(batch(trees), Mode.inference()).trees().toDoubles();
  }

  @ParameterizedTest
  @EnumSource(TreeNetwork.Kind.class)
  void theOrderOfProgenitorsChangesNothing(TreeNetwork.Kind kind) {
    MergerHistory tree = random(60, 1);
    MergerHistory other = reordered(tree, siblingsReversed(tree));
    assertFalse(IntStream.range(0, 60).allMatch(i -> tree.logMass(i) == other.logMass(i)));
    assertArrayEquals(tree(network(kind), tree), tree(network(kind), other), 1e-5);
  }

  @ParameterizedTest
  @EnumSource(TreeNetwork.Kind.class)
  void treesSideBySideAreWhatEachIsAlone(TreeNetwork.Kind kind) {
    MergerHistory[] trees = {random(30, 1), random(1, 2), random(17, 3)};
    double[] together = tree(network(kind), trees);
    int width = together.length / trees.length;
    for (int t = 0; t < trees.length; t++) {
      assertArrayEquals(tree(network(kind), trees[t]), Arrays.copyOfRange(together, t * width, (t + 1) * width), 1e-5);
    }
  }

  /// A state of a node is that of the tree that ends in it; the features of time and mass relative to the root are those of the whole tree,
  /// so the tree is its own root here.
  @ParameterizedTest
  @EnumSource(value = TreeNetwork.Kind.class, names = {"TREE_LSTM", "TREE_GRU", "MAIN_BRANCH_LSTM"})
  void theStateOfATreeIsThatOfItsRoot(TreeNetwork.Kind kind) {
    MergerHistory[] trees = {random(30, 1), random(17, 3)};
    double[] nodes = network(kind).nodes(batch(trees), Mode.inference()).toDoubles();
    double[] roots = tree(network(kind), trees);
    assertEquals(47 * WIDTH, nodes.length);
    assertArrayEquals(Arrays.copyOf(roots, WIDTH), Arrays.copyOf(nodes, WIDTH), 1e-5);
    assertArrayEquals(Arrays.copyOfRange(roots, WIDTH, 2 * WIDTH),
        Arrays.copyOfRange(nodes, 30 * WIDTH, 31 * WIDTH), 1e-5);
  }

  /// The progenitor of a branch that is not the main one becomes lighter: the main branch is as it was.
  @Test
  void theMainBranchAloneIsSeenByItsLstm() {
    MergerHistory tree = new MergerHistory(new int[] {-1, 0, 0, 1, 2}, new double[] {3, 2.9, 2, 2.8, 1.9},
        new double[] {0, 0.2, 0.2, 0.5, 0.5});
    MergerHistory changed = new MergerHistory(new int[] {-1, 0, 0, 1, 2}, new double[] {3, 2.9, 1.5, 2.8, 1.2},
        new double[] {0, 0.2, 0.2, 0.5, 0.5});
    assertArrayEquals(new int[] {0, 1, 3}, tree.mainBranch());
    TreeNetwork main = network(TreeNetwork.Kind.MAIN_BRANCH_LSTM);
    assertArrayEquals(tree(main, tree), tree(main, changed));
    TreeNetwork all = network(TreeNetwork.Kind.TREE_LSTM);
    assertFalse(Arrays.equals(tree(all, tree), tree(all, changed)));
  }

  /// The same nodes with other links; only a network without structure cannot tell.
  @ParameterizedTest
  @EnumSource(TreeNetwork.Kind.class)
  void whoMergedWithWhomIsSeenByAllButDeepSets(TreeNetwork.Kind kind) {
    double[] masses = {3, 2.8, 2.5, 2.7, 2.0};
    double[] redshifts = {0, 0.2, 0.2, 0.5, 0.5};
    MergerHistory one = new MergerHistory(new int[] {-1, 0, 0, 1, 2}, masses, redshifts);
    MergerHistory two = new MergerHistory(new int[] {-1, 0, 0, 2, 1}, masses, redshifts);
    boolean same = Arrays.equals(tree(network(kind), one), tree(network(kind), two));
    assertEquals(kind == TreeNetwork.Kind.DEEP_SETS, same);
  }

  @ParameterizedTest
  @EnumSource(TreeNetwork.Kind.class)
  void everyParameterLearnsFromEveryTarget(TreeNetwork.Kind kind) {
    TreeExample set = new TreeExample(List.of(random(25, 5), random(12, 6)), 0.3, 0.8);
    for (Target target : Target.values()) {
      TreeModel model = TreeModel.create(new TreeModel.Options(kind, target, WIDTH, 2.5), UniverseSet.PRIOR.scaler(), 2,
          Key.of(4));
      TreeBatch batch = model.batch(List.of(set));
      int rows = switch (target) {
        case TREE -> 2;
        case NODE -> 37;
        case SET -> 1;
      };
      assertEquals(rows, model.summaries(batch, Mode.inference()).rows());
      assertEquals(rows, model.posteriors(batch).size());
      Tensor truths = batch.truths().gatherRows(Indices.of(new int[rows]));
      model.network().parameters().forEach((name, parameter) -> {
        Tensor loss = model.loss(batch, truths, Mode.inference());
        Tensor gradient = Gradients.of(loss, parameter.value()).withRespectTo(parameter.value());
        assertTrue(Arrays.stream(gradient.toDoubles()).anyMatch(g -> g != 0), kind + " " + target + " " + name);
      });
    }
  }

  @ParameterizedTest
  @EnumSource(TreeNetwork.Kind.class)
  void aSavedModelSaysTheSame(TreeNetwork.Kind kind, @TempDir Path folder) throws IOException {
    TreeModel model = TreeModel.create(new TreeModel.Options(kind, Target.SET, WIDTH, 13), UniverseSet.PRIOR.scaler(),
        2,
        Key.of(8));
    Path file = folder.resolve("model.safetensors");
    SavedModel.write(file, new TreeModel.Format(), model);
    List<TreeExample> sets = List.of(new TreeExample(List.of(random(20, 1), random(9, 2)), 0.3, 0.8));
    Posterior expected = model.posteriors(sets).getFirst();
    Posterior read = SavedModel.read(file, new TreeModel.Format()).posteriors(sets).getFirst();
    assertArrayEquals(expected.mean(), read.mean());
    assertArrayEquals(expected.standardDeviation(), read.standardDeviation());
    assertTrue(Files.size(file) > 0);
  }

  @Test
  void historiesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class,
        () -> new MergerHistory(new int[] {-1, 2, 1}, new double[] {3, 2, 2}, new double[] {0, 1, 1}));
    assertThrows(IllegalArgumentException.class,
        () -> new MergerHistory(new int[] {-1, 0}, new double[] {3, 2}, new double[] {0.5, 0.2}));
    assertThrows(IllegalArgumentException.class, () -> new MergerHistory(new int[0], new double[0], new double[0]));
    assertThrows(IllegalArgumentException.class, () -> new TreeExample(List.of(), 1));
  }
}
