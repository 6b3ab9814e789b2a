package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.compat.AttentionMask;
import org.orrery.compat.Recurrent;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.graph.Complete.Order;
import org.orrery.graph.Grid;
import org.orrery.graph.Sequences;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.GraphNorm;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.DotProductAttention;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.messagepassing.TypedLinear;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.PlainBackend;

/// NaN or an infinity in a row touches only what hears the row: no tile, no tail and no weight of 0 carries it further, forward or
/// backward.
class NothingTouchesWhatDoesNotHearItTest {
  private static final float[] POISONS = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
  private static final Mode USE = Mode.inference();

  private static List<Backend> backends() {
    return List.of(CpuBackend.withThreads(2), new Float64Backend(), new PlainBackend());
  }

  /// Some pairs of queries and keys that may not hear each other, by a bias or by a causal order.
  private record Attention(Order order, List<Integer> lengths, boolean masked, int heads, int width) {
    Complete complete() {
      return Complete.ofSizes(Indices.of(lengths.stream().mapToInt(Integer::intValue).toArray()), order);
    }

    int longest() {
      return lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /// Every third key is forbidden to all queries but its own.
    @Nullable
    Tensor bias() {
      boolean[][] forbidden = new boolean[longest()][longest()];
      for (int i = 0; i < longest(); i++) {
        for (int j = 0; j < longest(); j++) {
          forbidden[i][j] = j % 3 == 1 && i != j;
        }
      }
      return masked ? AttentionMask.forbidding(forbidden) : null;
    }

    boolean hears(int query, int key) {
      int first = 0;
      for (int length : lengths) {
        if (query >= first && query < first + length) {
          boolean allowed = !masked || (key - first) % 3 != 1 || query == key;
          return key >= first && key < first + length && (order == Order.ALL || key <= query) && allowed;
        }
        first += length;
      }
      throw new IllegalArgumentException("no query " + query);
    }
  }

  @TestFactory
  Stream<DynamicTest> attentionOnCompleteGraphs() {
    return backends().stream().flatMap(backend -> Stream.of(
        new Attention(Order.CAUSAL, List.of(100), false, 1, 8), new Attention(Order.CAUSAL, List.of(100), true, 2, 16),
        new Attention(Order.ALL, List.of(40), true, 2, 8), new Attention(Order.ALL, List.of(20, 13, 30), false, 1, 5),
        new Attention(Order.CAUSAL, List.of(20, 13, 30), false, 2, 6)).flatMap(
            trial -> Stream.of(0, 1, 2, 3).map(operand -> DynamicTest.dynamicTest(
                backend.name() + " " + trial + ", operand " + operand,
                () -> Backends.with(backend, () -> requireIsolation(trial, operand))))));
  }

  /// Poisons a row of the queries, the keys, the values or the upstream gradient.
  private static boolean requireIsolation(Attention trial, int operand) {
    Key key = Key.of(3);
    int rows = trial.complete().receivers();
    List<float[]> clean = IntStream.range(0, 4)
        .mapToObj(i -> Tensor.normal(key.fold(i), rows, trial.width()).toArray()).toList();
    List<float[]> expected = results(trial, clean);
    for (float poison : POISONS) {
      for (int row : new int[] {0, rows / 2, rows - 1}) {
        List<float[]> poisoned = new ArrayList<>(clean);
        float[] changed = clean.get(operand).clone();
        Arrays.fill(changed, row * trial.width(), (row + 1) * trial.width(), poison);
        poisoned.set(operand, changed);
        List<float[]> actual = results(trial, poisoned);
        boolean isOfKeys = operand == 1 || operand == 2;
        boolean[] queries = new boolean[rows];
        boolean[] keys = new boolean[rows];
        for (int i = 0; i < rows; i++) {
          queries[i] = isOfKeys ? trial.hears(i, row) : i == row;
        }
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < rows; j++) {
            keys[j] |= queries[i] && trial.hears(i, j);
          }
        }
        String where = poison + " in row " + row + ": ";
        for (int i = 0; i < rows; i++) {
          if (!queries[i]) {
            requireRow(where + "result ", expected.get(0), actual.get(0), i, trial.width());
            requireRow(where + "gradient by query ", expected.get(1), actual.get(1), i, trial.width());
          }
          if (!keys[i]) {
            requireRow(where + "gradient by key ", expected.get(2), actual.get(2), i, trial.width());
            requireRow(where + "gradient by value ", expected.get(3), actual.get(3), i, trial.width());
          }
          if (queries[i] && operand != 3 && Float.isNaN(poison)) {
            assertTrue(Float.isNaN(actual.get(0)[i * trial.width()]), where + "query " + i + " hears it");
          }
        }
      }
    }
    return true;
  }

  private static List<float[]> results(Attention trial, List<float[]> operands) {
    List<Tensor> x = operands.stream().map(v -> Tensor.of(v, v.length / trial.width(), trial.width()).tracked())
        .toList();
    Tensor y = new DotProductAttention(trial.heads(), 0.5, 0).apply(trial.complete(), x.get(0), x.get(1), x.get(2),
        trial.bias(), USE);
    Gradients gradients = Gradients.ofProduct(y, x.get(3).detach(), x.subList(0, 3));
    return List.of(y.toArray(), gradients.withRespectTo(x.get(0)).toArray(),
        gradients.withRespectTo(x.get(1)).toArray(), gradients.withRespectTo(x.get(2)).toArray());
  }

  /// The rows of two results are the same; on backends whose rows take other ways where something is not finite, but for rounding.
  private static void requireRow(String what, float[] expected, float[] actual, int row, int width) {
    for (int p = row * width; p < (row + 1) * width; p++) {
      assertEquals(expected[p], actual[p], 1e-5f * Math.max(1, Math.abs(expected[p])), what + row);
    }
  }

  /// A query that hears nothing, as along an edge list: 0, and finite gradients.
  @TestFactory
  Stream<DynamicTest> aQueryThatHearsNothingGets0() {
    return backends().stream()
        .map(backend -> DynamicTest.dynamicTest(backend.name(), () -> Backends.with(backend, () -> {
          for (Order order : List.of(Order.ALL, Order.CAUSAL)) {
            float[] mask = new float[25];
            Arrays.fill(mask, 10, 15, Float.NEGATIVE_INFINITY);
            Tensor bias = Tensor.of(mask, 1, 5, 5).tracked();
            List<Tensor> x = IntStream.range(0, 3).mapToObj(i -> Tensor.normal(Key.of(i), 5, 4).tracked()).toList();
            Tensor y = new DotProductAttention(2, 0.5, 0).apply(Complete.of(5, order), x.get(0), x.get(1), x.get(2),
                bias,
                USE);
            requireRow("result ", new float[20], y.toArray(), 2, 4);
            assertEquals(-1, y.backend().firstNonFinite(y.data()));
            for (List<Tensor> wanted : List.of(x, List.of(x.get(0), bias))) {
              Gradients gradients = Gradients.of(y.square().sum(), wanted);
              for (Tensor operand : wanted) {
                Tensor gradient = gradients.withRespectTo(operand);
                assertEquals(-1, gradient.backend().firstNonFinite(gradient.data()), "gradient " + gradient);
              }
              requireRow("gradient ", new float[20], gradients.withRespectTo(x.get(0)).toArray(), 2, 4);
            }
          }
          return true;
        })));
  }

  /// A function of rows, and which rows of the result hear which of the argument.
  private record Subject(String name, int rows, int width, Hearing hearing, Function<Tensor, Tensor> function) {
  }

  private interface Hearing {
    boolean hears(int result, int row);
  }

  /// Along the edges, and each node itself where that is asked for.
  private static Hearing along(Adjacency adjacency, boolean itself) {
    Sparse edges = adjacency.sparse();
    Set<List<Integer>> pairs = IntStream.range(0, edges.edges())
        .mapToObj(e -> List.of(edges.receiverOf().at(e), edges.senderOf().at(e))).collect(Collectors.toSet());
    return (result, row) -> (itself && result == row) || pairs.contains(List.of(result, row));
  }

  private static Tensor passed(MessagePassing layer, Adjacency adjacency, Tensor x) {
    return layer.apply(adjacency, x, Tensor.zeros(adjacency.receivers(), x.columns()), null, USE);
  }

  private static MessagePassing ofSenders(Aggregation aggregation) {
    return new MessagePassing(new SenderFeatures(), aggregation, Update.replace());
  }

  private static Stream<Subject> ofRows(int rows, int width, Key key) {
    Tensor w = Tensor.normal(key.fold(1), width, width);
    Tensor b = Tensor.normal(key.fold(2), width);
    int half = rows / 2;
    Segments halves = Segments.of(Indices.of(IntStream.range(0, rows).map(i -> i < half ? 0 : 1).toArray()), 2);
    GraphNorm norm = GraphNorm.create(width);
    Hearing itself = (result, row) -> result == row;
    Hearing ofHalf = (result, row) -> (result == 1) == (row >= half);
    Hearing inHalf = (result, row) -> (result >= half) == (row >= half);
    return Stream.of(new Subject("matmul", rows, width, itself, x -> x.matmul(w)),
        new Subject("affine", rows, width, itself, x -> x.affine(w, b)),
        new Subject("affine and a function", rows, width, itself, x -> x.affine(w, b, Unary.LEAKY_RELU, 0.1)),
        new Subject("softmax", rows, width, itself, x -> x.softmax(1)),
        new Subject("normalize", rows, width, itself, x -> x.normalizeLast(1e-3)),
        new Subject("segment sum", rows, width, ofHalf, x -> x.segmentSum(halves)),
        new Subject("segment maximum", rows, width, ofHalf, x -> x.segmentMax(halves)),
        new Subject("segment variance", rows, width, ofHalf, x -> x.segmentVariance(halves)),
        new Subject("segment product", rows, width, ofHalf, x -> x.segmentReduce(Reduction.PRODUCT, halves)),
        new Subject("segment softmax", rows, width, inHalf, x -> x.segmentSoftmax(halves)),
        new Subject("graph norm", rows, width, inHalf, x -> norm.apply(x, halves, USE)));
  }

  private static Stream<Subject> ofEdges(int rows, int width, Key key) {
    Sparse edges = Sparse.of(rows, Indices.of(key.fold("s").integers(3 * rows, rows)),
        Indices.of(key.fold("r").integers(3 * rows, rows)));
    EdgeMlp network = new EdgeMlp(Mlp.create(key.fold("mlp"), 2 * width, 12, 5),
        List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.SENDER));
    Gat gat = Gat.create(width, 3, AttentionOptions.heads(2), key.fold("gat"));
    GatV2 gatV2 = GatV2.create(width, 3, AttentionOptions.heads(4), key.fold("gat"));
    Hearing senders = along(edges, false);
    Hearing itselfToo = along(edges, true);
    return Stream.concat(
        Stream.of(Aggregation.sum(), Aggregation.mean(), Aggregation.max(), Aggregation.standardDeviation(),
            Aggregation.softmax(1)).map(
                aggregation -> new Subject("edges " + aggregation, rows, width, senders,
                    x -> passed(ofSenders(aggregation), edges, x))),
        Stream.of(
            new Subject("edge network", rows, width, itselfToo,
                x -> new MessagePassing(network, Aggregation.sum(), Update.replace()).apply(edges, x, x, null, USE)),
            new Subject("gat", rows, width, itselfToo, x -> gat.apply(edges, x, USE)),
            new Subject("gat v2", rows, width, itselfToo, x -> gatV2.apply(edges, x, USE)),
            new Subject("attention", rows, width, itselfToo,
                x -> new DotProductAttention(1, 1, 0).apply(edges, x, x, x, USE))));
  }

  private static Stream<Subject> ofSequences(int rows, int width, Key key) {
    int first = rows / 3;
    Sequences path = Sequences.of(first, rows - first);
    return Stream.of(RecurrentCell.values()).map(cell -> {
      Recurrent layer = Recurrent.create(cell, width, 5, Recurrent.Options.plain(), key.fold("cell"));
      return new Subject("recurrent " + cell, rows, width,
          (result, row) -> (result < first) == (row < first) && result >= row, x -> layer.apply(path, x, USE).states());
    });
  }

  private static Stream<Subject> ofGrids(int trial, Key key) {
    int[] n = key.fold(trial).integers(8, 12);
    Grid plain = Grid.of(new Window(List.of(new Axis(4 + n[0], 1 + n[1] % 3, 1 + n[2] % 2, 1 + n[3] % 2, n[4] % 2, 1),
        new Axis(5 + n[5], 1 + n[6] % 4, 1 + n[7] % 3, 1, 1, 0)))).times(2);
    Grid grid = trial % 2 == 0 ? plain : plain.reversed();
    int in = 1 + n[1] * 2;
    TypedLinear message = new TypedLinear(
        Parameter.of(Tensor.normal(key.fold("w"), grid.window().taps(), in, 1 + 3 * n[2])), 1);
    return Stream.of(
        new Subject("convolution along " + grid, grid.senders(), in, along(grid, false),
            x -> passed(new MessagePassing(message, Aggregation.sum(), Update.replace()), grid, x)),
        new Subject("pooling along " + plain, plain.senders(), in, along(plain, false),
            x -> passed(ofSenders(Aggregation.max()), plain, x)));
  }

  @TestFactory
  Stream<DynamicTest> aRowTouchesOnlyWhatHearsIt() {
    Key key = Key.of(7);
    Stream<Subject> matrices = Stream.of(1, 16, 21).flatMap(width -> Stream.of(3, 37, 130)
        .flatMap(rows -> Stream.of(ofRows(rows, width, key), ofEdges(rows, width, key), ofSequences(rows, width, key))
            .flatMap(all -> all)));
    return Stream.concat(matrices, IntStream.range(0, 12).boxed().flatMap(trial -> ofGrids(trial, key)))
        .map(subject -> DynamicTest.dynamicTest(
            subject.name() + " [" + subject.rows() + ", " + subject.width() + "]", () -> touchesNoMore(subject)));
  }

  private static void touchesNoMore(Subject subject) {
    Tensor x = Tensor.normal(Key.of(1), subject.rows(), subject.width()).tracked();
    Tensor y = subject.function().apply(x);
    Tensor upstream = Tensor.normal(Key.of(2), y.shape().toArray());
    for (float poison : POISONS) {
      for (int row : new int[] {0, subject.rows() / 2, subject.rows() - 1}) {
        float[] after = subject.function().apply(withRow(x, row, poison)).toArray();
        for (int i = 0; i < y.rows(); i++) {
          if (!subject.hearing().hears(i, row)) {
            requireRow(poison + " in row " + row + ": result ", y.toArray(), after, i, y.columns());
          }
        }
      }
      float[] before = Gradients.ofProduct(y, upstream, List.of(x)).withRespectTo(x).toArray();
      for (int i : new int[] {0, y.rows() / 2, y.rows() - 1}) {
        float[] after = Gradients.ofProduct(y, withRow(upstream, i, poison), List.of(x)).withRespectTo(x).toArray();
        for (int row = 0; row < subject.rows(); row++) {
          if (!subject.hearing().hears(i, row)) {
            requireRow(poison + " in upstream row " + i + ": gradient ", before, after, row, subject.width());
          }
        }
      }
    }
  }

  private static Tensor withRow(Tensor x, int row, float value) {
    float[] values = x.toArray();
    Arrays.fill(values, row * x.columns(), (row + 1) * x.columns(), value);
    return Tensor.of(x.shape(), values);
  }
}
