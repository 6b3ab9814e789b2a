package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.orrery.compat.NaryTreeLstm;
import org.orrery.compat.Recurrent;
import org.orrery.compat.Recurrent.Options;
import org.orrery.compat.TreeGru;
import org.orrery.compat.TreeLstm;
import org.orrery.graph.DisjointUnion;
import org.orrery.graph.Forest;
import org.orrery.graph.JGraphT;
import org.orrery.graph.Sequences;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.State;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.testkit.GradientCheck;
import org.orrery.testkit.GradientCheck.Subject;
import org.orrery.testkit.ImageLaws;

/// One recurrence: along sequences of any lengths, and up trees.
class RecurrenceAlongPathsAndTreesTest {
  private static final int TRIALS = 20;
  private static final Mode USE = Mode.inference();

  private static final List<RecurrentCell> CELLS = List.of(RecurrentCell.values());

  @TestFactory
  Stream<DynamicTest> recurrentLayersKeepTheLaws() {
    return CELLS.stream().filter(cell -> cell != RecurrentCell.RELU).flatMap(cell -> Stream.concat(
        ImageLaws.of(key -> Recurrent.create(cell, 3, 2, Options.plain(), key), 4, 3).tests(),
        ImageLaws.of(key -> Recurrent.create(cell, 2, 3, Options.plain().withLayers(2).inBothDirections(), key), 3, 2)
            .tests()));
  }

  /// Packed sequences give what each gives alone, final states included; an empty one keeps its start.
  @TestFactory
  Stream<DynamicTest> sequencesDoNotSeeEachOther() {
    return CELLS.stream().map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> {
      Key key = Key.of(11);
      Recurrent layer = Recurrent.create(cell, 3, 4, Options.plain().withLayers(2).inBothDirections(), key);
      int[] lengths = {3, 7, 0, 1, 7};
      Sequences path = Sequences.of(lengths);
      Tensor x = Tensor.normal(key, path.nodes(), 3);
      Tensor h = Tensor.normal(key.fold("h"), 4, 5, 4);
      Recurrent.State start = new Recurrent.State(h, cell.planes() == 2 ? h.multiply(0.5) : null);
      Recurrent.Output together = layer.apply(path, x, start, USE);
      int from = 0;
      for (int s = 0; s < lengths.length; s++) {
        Tensor own = x.slice(0, from, from + lengths[s]);
        Tensor c = start.c();
        Recurrent.Output alone = layer.apply(Sequences.of(lengths[s]), own,
            new Recurrent.State(h.slice(1, s, s + 1), c == null ? null : c.slice(1, s, s + 1)), USE);
        requireClose(List.of(alone.states().toArray(), alone.last().h().toArray()),
            List.of(together.states().slice(0, from, from + lengths[s]).toArray(),
                together.last().h().slice(1, s, s + 1).toArray()));
        from += lengths[s];
      }
      assertArrayEquals(h.slice(1, 2, 3).toArray(), together.last().h().slice(1, 2, 3).toArray());
    }));
  }

  /// Two halves with the state carried between are the whole; a detached state lets no gradient through.
  @Test
  void aCarriedStateJoinsTheHalves() {
    Key key = Key.of(12);
    Recurrent layer = Recurrent.lstm(2, 3, Options.plain(), key);
    Tensor x = Tensor.normal(key, 2, 6, 2);
    Sequences half = Sequences.ofEqualLengths(2, 3);
    Recurrent.Output whole = layer.apply(Sequences.ofEqualLengths(2, 6), x.reshape(12, 2), USE);
    Tensor early = x.slice(1, 0, 3).reshape(6, 2).tracked();
    Recurrent.Output first = layer.apply(half, early, USE);
    Recurrent.Output second = layer.apply(half, x.slice(1, 3, 6).reshape(6, 2), first.last(), USE);
    requireClose(List.of(whole.last().h().toArray()), List.of(second.last().h().toArray()));
    Tensor carried = second.states().sum();
    Tensor cut = layer.apply(half, x.slice(1, 3, 6).reshape(6, 2), first.last().detached(), USE).states().sum();
    assertEquals(carried.item(), cut.item());
    double through = Arrays.stream(doubles(Gradients.of(carried, List.of(early)).withRespectTo(early))).map(Math::abs)
        .sum();
    assertTrue(through > 1e-3, "through the state " + through);
    assertTrue(!first.last().detached().h().isTracked());
  }

  private static double[] doubles(Tensor x) {
    return x.toDoubles();
  }

  /// A path is a tree with one child: the same numbers give the same states and gradients.
  @TestFactory
  Stream<DynamicTest> aPathIsATreeWithOneChild() {
    return IntStream.range(0, TRIALS).mapToObj(trial -> DynamicTest.dynamicTest("trial " + trial, () -> {
      Key key = Key.of(trial);
      int in = 1 + key.fold("in").integers(1, 6)[0];
      int width = 1 + key.fold("width").integers(1, 20)[0];
      int[] lengths = key.fold("lengths").integers(1 + trial % 4, 9);
      Sequences path = Sequences.of(lengths);
      Forest forest = Forest.of(parents(lengths));
      Recurrent lstm = Recurrent.lstm(in, width, Options.plain(), key);
      TreeLstm tree = TreeLstm.create(in, width, key.fold("tree"));
      State.copy(lstm, tree);
      Tensor x = Tensor.normal(key, path.nodes(), in).tracked();
      requireClose(results(lstm, y -> lstm.apply(path, y, USE).states(), x, key),
          results(tree, y -> tree.apply(forest, y).h(), x, key));
      Recurrent gru = Recurrent.gru(in, width, Options.plain(), key);
      TreeGru treeGru = TreeGru.create(in, width, key.fold("tree"));
      State.copy(gru, treeGru);
      requireClose(results(gru, y -> gru.apply(path, y, USE).states(), x, key),
          results(treeGru, y -> treeGru.apply(forest, y), x, key));
      NaryTreeLstm nary = nary(lstm);
      requireClose(List.of(lstm.apply(path, x, USE).states().toArray()), List.of(nary.apply(forest, x).h().toArray()));
    }));
  }

  /// The LSTM's numbers as those of a tree of one place; its two biases are one.
  private static NaryTreeLstm nary(Recurrent lstm) {
    Recurrent.Run run = lstm.runs().getFirst();
    int width = lstm.width();
    Tensor state = run.fromState().value().detach();
    Tensor gates = Tensor.concat(0, state.slice(0, 0, width), state.slice(0, 2 * width, 4 * width));
    Tensor bias = Objects.requireNonNull(run.inputBias()).value().detach()
        .add(Objects.requireNonNull(run.stateBias()).value().detach());
    return new NaryTreeLstm(run.fromInput(), Parameter.of(gates), Parameter.of(state.slice(0, width, 2 * width)),
        Parameter.of(bias));
  }

  /// The next node is the parent.
  private static Indices parents(int[] lengths) {
    List<Integer> parents = new ArrayList<>();
    for (int length : lengths) {
      for (int i = 0; i < length; i++) {
        parents.add(i + 1 < length ? parents.size() + 1 : -1);
      }
    }
    return Indices.of(parents.stream().mapToInt(Integer::intValue).toArray());
  }

  private static List<float[]> results(Block module, Function<Tensor, Tensor> function, Tensor x, Key key) {
    Tensor y = function.apply(x);
    List<Tensor> wanted = new ArrayList<>(List.of(x));
    module.trainable().forEach(parameter -> wanted.add(parameter.value()));
    Tensor loss = y.multiply(Tensor.normal(key.fold("probe"), y.shape().toArray())).sum();
    Gradients gradients = Gradients.of(loss, wanted);
    List<float[]> all = new ArrayList<>(List.of(y.toArray()));
    wanted.forEach(tensor -> all.add(gradients.withRespectTo(tensor).toArray()));
    return all;
  }

  /// |a - b| <= 1e-5 |b| in the Euclidean norm, and 1e-6 where b is 0 but for rounding.
  private static void requireClose(List<float[]> expected, List<float[]> actual) {
    for (int r = 0; r < expected.size(); r++) {
      double difference = 0;
      double norm = 0;
      assertEquals(expected.get(r).length, actual.get(r).length);
      for (int i = 0; i < expected.get(r).length; i++) {
        difference += Math.pow(expected.get(r)[i] - actual.get(r)[i], 2);
        norm += Math.pow(expected.get(r)[i], 2);
      }
      assertTrue(Math.sqrt(difference) <= Math.max(1e-6, 1e-5 * Math.sqrt(norm)),
          "result or gradient " + r + " differs by " + Math.sqrt(difference) + " of " + Math.sqrt(norm));
    }
  }

  /// Node 5 over 3 and 4, 3 over 0, 1 and 2; node 6 alone; node 8 over 7.
  private static final Indices TREES = Indices.of(3, 3, 3, 5, 5, -1, -1, 8, -1);

  /// By hand, node after node: eqs. 2 to 8 of Tai et al.
  @Test
  void treesAreWhatTheirEquationsSay() {
    Key key = Key.of(21);
    TreeLstm layer = TreeLstm.create(2, 3, key);
    Tensor x = Tensor.normal(key, 9, 2);
    TreeLstm.Output out = layer.apply(Forest.of(TREES), x);
    Tensor[] h = new Tensor[9];
    Tensor[] c = new Tensor[9];
    Tensor u = layer.fromState().value();
    Tensor b = Objects.requireNonNull(layer.inputBias()).value().add(Objects.requireNonNull(layer.stateBias()).value());
    for (int i = 0; i < 9; i++) {
      Tensor own = x.slice(0, i, i + 1).affine(layer.fromInput().value(), b);
      Tensor sum = Tensor.zeros(1, 3);
      Tensor kept = Tensor.zeros(1, 3);
      for (int k = 0; k < i; k++) {
        if (TREES.at(k) == i) {
          sum = sum.add(h[k]);
          Tensor f = own.slice(1, 3, 6).add(h[k].matmulTransposed(u.slice(0, 3, 6))).sigmoid();
          kept = kept.add(f.multiply(c[k]));
        }
      }
      Tensor gates = own.add(sum.matmulTransposed(u));
      c[i] = gates.slice(1, 0, 3).sigmoid().multiply(gates.slice(1, 6, 9).tanh()).add(kept);
      h[i] = gates.slice(1, 9, 12).sigmoid().multiply(c[i].tanh());
    }
    requireClose(List.of(Tensor.concat(0, h).toArray(), Tensor.concat(0, c).toArray()),
        List.of(out.h().toArray(), out.c().toArray()));
  }

  @TestFactory
  Stream<DynamicTest> derivativesAlongTrees() {
    Forest forest = Forest.of(TREES);
    return Stream.of(
        tree("child-sum", key -> TreeLstm.create(2, 3, key), (layer, x) -> layer.apply(forest, x).h()),
        tree("n-ary", key -> NaryTreeLstm.create(2, 3, 3, key), (layer, x) -> layer.apply(forest, x).c()),
        tree("gru", key -> TreeGru.create(2, 3, key), (layer, x) -> layer.apply(forest, x)));
  }

  private interface Run<M> {
    Tensor of(M layer, Tensor x);
  }

  private static <M extends Block> DynamicTest tree(String name, Function<Key, M> factory, Run<M> run) {
    return DynamicTest.dynamicTest(name, () -> {
      GradientCheck.of(() -> {
        M layer = factory.apply(Key.of(3));
        return Subject.of(x -> run.of(layer, x.getFirst()), Tensor.normal(Key.of(4), 9, 2)).with(layer);
      }).check();
      M layer = factory.apply(Key.of(3));
      Tensor x = Tensor.normal(Key.of(4), 9, 2);
      assertArrayEquals(run.of(layer, x).toArray(), run.of(layer, x).toArray());
      for (int threads = 1; threads <= 3; threads++) {
        float[] bits = Backends.with(CpuBackend.withThreads(threads),
            () -> run.of(factory.apply(Key.of(3)), Tensor.normal(Key.of(4), 9, 2)).toArray());
        assertArrayEquals(run.of(layer, x).toArray(), bits, threads + " threads");
      }
    });
  }

  /// Other numbers for the nodes, siblings in another order: the same states in that order.
  @Test
  void childSumsDoNotKnowAnOrder() {
    Key key = Key.of(23);
    TreeLstm lstm = TreeLstm.create(2, 3, key);
    TreeGru gru = TreeGru.create(2, 3, key);
    Tensor x = Tensor.normal(key, 9, 2);
    int[] place = key.fold("places").permutation(9);
    int[] parents = new int[9];
    int[] from = new int[9];
    for (int i = 0; i < 9; i++) {
      parents[place[i]] = TREES.at(i) < 0 ? -1 : place[TREES.at(i)];
      from[place[i]] = i;
    }
    Forest moved = Forest.of(Indices.of(parents));
    Tensor y = x.gatherRows(Indices.of(from));
    Indices back = Indices.of(place);
    requireClose(
        List.of(lstm.apply(Forest.of(TREES), x).h().toArray(), gru.apply(Forest.of(TREES), x).toArray()),
        List.of(lstm.apply(moved, y).h().gatherRows(back).toArray(), gru.apply(moved, y).gatherRows(back).toArray()));
  }

  /// Paths and trees that a batch joined are paths and trees.
  @Test
  void unionsArePathsAndForests() {
    DisjointUnion union = DisjointUnion.of(List.of(Sequences.of(3), Sequences.of(1, 0, 2)));
    Sequences one = Sequences.in(union).orElseThrow();
    assertEquals(Sequences.of(3, 1, 0, 2).sparse().senderOf(), one.sparse().senderOf());
    assertEquals(one.edges(), JGraphT.toJGraphT(union).edgeSet().size());
    assertTrue(Sequences.in(union.reversed()).orElseThrow().isReversed());
    assertTrue(Sequences.in(DisjointUnion.of(List.of(one, one.reversed()))).isEmpty());
    Forest trees = Forest.in(DisjointUnion.of(List.of(Forest.of(TREES), Sequences.of(2)))).orElseThrow();
    assertEquals(Indices.of(3, 3, 3, 5, 5, -1, -1, 8, -1, 10, -1), trees.parents());
    assertTrue(Forest.in(one.sparse()).isEmpty());
  }

  @Test
  void noTreesGiveNoStates() {
    Forest none = Forest.of(Indices.of());
    Key key = Key.of(1);
    assertEquals(0, TreeLstm.create(2, 3, key).apply(none, Tensor.zeros(0, 2)).h().rows());
    assertEquals(0, TreeGru.create(2, 3, key).apply(none, Tensor.zeros(0, 2)).rows());
    assertEquals(0, NaryTreeLstm.create(2, 3, 2, key).apply(none, Tensor.zeros(0, 2)).c().rows());
    assertEquals(0,
        Recurrent.gru(2, 3, Options.plain(), key).apply(Sequences.of(), Tensor.zeros(0, 2), USE).states().rows());
  }

  @Test
  void errorsSayWhatCameAndWhatIsRequired() {
    Key key = Key.of(1);
    message("the nodes 0 -> 2 -> 1 -> 0 are a cycle", () -> Forest.of(Indices.of(2, 0, 1)));
    message("node 3 has 3 children; at most 2 are allowed",
        () -> NaryTreeLstm.create(2, 3, 2, key).apply(Forest.of(TREES), Tensor.zeros(9, 2)));
    Recurrent layer = Recurrent.lstm(2, 3, Options.plain(), key);
    message("[6, 2] is required", () -> layer.apply(Sequences.of(2, 4), Tensor.zeros(5, 2), USE));
    message("it does not fit into 3", () -> Sequences.of(2, 4).padded(3));
    message("[1, 2, 3] twice is required", () -> layer.apply(Sequences.of(2, 4), Tensor.zeros(6, 2),
        new Recurrent.State(Tensor.zeros(1, 1, 3), Tensor.zeros(1, 1, 3)), USE));
    message("positive numbers are required", () -> Recurrent.gru(0, 3, Options.plain(), key));
    assertEquals(Collections.nCopies(3, 0f), floats(layer.zeros(1).h()));
  }

  private static List<Float> floats(Tensor x) {
    List<Float> all = new ArrayList<>();
    for (float value : x.toArray()) {
      all.add(value);
    }
    return all;
  }

  private static void message(String part, Executable body) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, body).getMessage());
    assertTrue(message.contains(part), message);
  }
}
