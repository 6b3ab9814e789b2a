package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.EdgeNetwork;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.CpuBackend;

class EdgeNetworkTest {
  private static final Key KEY = Key.of(707);
  private static final int IN = 3;

  /// A network over random edges, with some parts or without.
  record Trial(int senders, int receivers, int edges, int hidden, int width, Unary function, boolean own, boolean bias,
      List<Reduction> kinds) {
    Sparse graph() {
      int[] to = KEY.fold("to").integers(edges, receivers);
      Arrays.sort(to);
      return Sparse.of(senders, receivers, Indices.wrap(KEY.fold("from").integers(edges, senders)), Indices.wrap(to),
          null);
    }

    /// Tables by receiver and by sender, weight, then features, their matrix and bias where there are some.
    List<Tensor> inputs() {
      List<Tensor> all = new ArrayList<>(List.of(normal("p", receivers, hidden), normal("q", senders, hidden),
          normal("w", width, hidden)));
      if (own) {
        all.add(normal("r", edges, IN));
        all.add(normal("u", hidden, IN));
      }
      if (bias) {
        all.add(normal("b", 1, width).reshape(width));
      }
      return all;
    }

    EdgeNetwork network(Sparse graph, List<Tensor> x) {
      return new EdgeNetwork(graph.byReceiver(), own ? x.get(3) : null, own ? x.get(4) : null,
          List.of(x.get(0), x.get(1)),
          List.of(graph.byReceiver(), graph.bySender()), function, 0.2, x.get(2), bias ? x.getLast() : null, kinds);
    }
  }

  private static Tensor normal(String name, int rows, int columns) {
    return Tensor.normal(KEY.fold(name), rows, columns);
  }

  static Stream<Trial> trials() {
    List<Reduction> all = List.of(Reduction.SUM, Reduction.MAXIMUM, Reduction.MINIMUM);
    return Stream.of(new Trial(3, 2, 0, 4, 3, Unary.RELU, false, true, all),
        new Trial(1, 1, 1, 1, 1, Unary.TANH, true, false, List.of(Reduction.SUM)),
        new Trial(9, 13, 60, 16, 16, Unary.RELU, false, true, List.of(Reduction.MAXIMUM)),
        new Trial(50, 40, 700, 33, 20, Unary.SILU, true, true, all),
        new Trial(200, 300, 3000, 64, 64, Unary.LEAKY_RELU, false, false, all),
        new Trial(200, 3, 5000, 64, 8, Unary.RELU, true, true, all),
        new Trial(500, 3000, 40_000, 8, 4, Unary.RELU, true, true, all)); // several groups of pieces on one thread
  }

  @ParameterizedTest
  @MethodSource("trials")
  void agreesWithItsDefinitionForwardAndBackward(Trial trial) {
    Sparse graph = trial.graph();
    List<Tensor> fused = results(trial, x -> Tensor.of(trial.network(graph, x)));
    List<Tensor> plain = results(trial, x -> trial.network(graph, x).definition());
    for (int i = 0; i < fused.size(); i++) {
      close(plain.get(i), fused.get(i), "result " + i);
    }
  }

  /// The result and the gradients by all inputs.
  private static List<Tensor> results(Trial trial, Function<List<Tensor>, Tensor> run) {
    List<Tensor> tracked = trial.inputs().stream().map(Tensor::tracked).toList();
    Tensor y = run.apply(tracked);
    Tensor probe = normal("probe", y.rows(), y.columns());
    Gradients gradients = Gradients.of(y.multiply(probe).sum(), tracked);
    List<Tensor> all = new ArrayList<>(List.of(y));
    tracked.forEach(x -> all.add(gradients.withRespectTo(x)));
    return all;
  }

  private static void close(Tensor expected, Tensor actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    double[] a = expected.toDoubles();
    double[] b = actual.toDoubles();
    double scale = 1;
    for (double value : a) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < a.length; i++) {
      assertTrue(Math.abs(a[i] - b[i]) <= 2e-5 * scale, what + " at " + i + ": " + a[i] + " and " + b[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("trials")
  void hasTheSameBitsForAnyNumberOfThreads(Trial trial) {
    List<float[]> one = onThreads(1, trial);
    List<float[]> three = onThreads(3, trial);
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i), three.get(i));
    }
  }

  private static List<float[]> onThreads(int threads, Trial trial) {
    Supplier<List<float[]>> run = () -> {
      Sparse graph = trial.graph();
      return results(trial, x -> Tensor.of(trial.network(graph, x))).stream().map(Tensor::toArray).toList();
    };
    return Backends.with(CpuBackend.withThreads(threads), run);
  }

  @Test
  void itsGradientCanBeDifferentiated() { // sum of the squared gradient by the tables, fused and as its definition
    Trial trial = new Trial(9, 13, 60, 16, 5, Unary.SILU, false, true, List.of(Reduction.SUM));
    Sparse graph = trial.graph();
    List<Tensor> seconds = new ArrayList<>();
    for (boolean fused : new boolean[] {true, false}) {
      List<Tensor> x = trial.inputs().stream().map(Tensor::tracked).toList();
      EdgeNetwork network = trial.network(graph, x);
      Tensor y = fused ? Tensor.of(network) : network.definition();
      Tensor slope = Gradients.differentiable(y.square().sum(), x.get(0)).withRespectTo(x.get(0));
      seconds.add(Gradients.of(slope.square().sum(), x.get(2)).withRespectTo(x.get(2)));
    }
    close(seconds.get(1), seconds.get(0), "second derivative");
  }

  @Test
  void messagePassingTakesItForOneHiddenLayerAndGivesWhatTheMessagesSay() {
    int[] from = KEY.fold("from").integers(90, 12);
    int[] to = KEY.fold("to").integers(90, 12); // in no order
    Sparse edges = Sparse.of(12, Indices.wrap(from), Indices.wrap(to));
    Tensor x = normal("x", 12, 4);
    Tensor e = normal("e", 90, 3);
    Mlp network = Mlp.create(KEY, 11, 8, 6).withActivation(Activation.SILU);
    EdgeMlp message = EdgeMlp.of(network);
    Aggregation several = Aggregation.several(Aggregation.mean(), Aggregation.max(), Aggregation.min(),
        Aggregation.sum());
    Tensor fused = message.aggregated(edges, several, x, x, e, Mode.inference());
    Segments byReceiver = edges.byReceiver();
    assertTrue(fused != null);
    close(several.apply(message.along(edges, x, x, e, Mode.inference()), byReceiver), fused, "several aggregations");
    assertEquals(null, message.aggregated(edges, Aggregation.median(), x, x, e, Mode.inference()));
  }

  @Test
  void refusesOperandsThatDoNotFit() {
    Sparse edges = Sparse.of(3, Indices.of(0, 1), Indices.of(1, 2));
    Tensor table = Tensor.zeros(3, 4);
    List<Segments> owners = List.of(edges.byReceiver());
    assertThrows(IllegalArgumentException.class,
        () -> new EdgeNetwork(edges.byReceiver(), null, null, List.of(table), owners,
            Unary.RELU, 0, Tensor.zeros(2, 5), null, List.of(Reduction.SUM)));
    assertThrows(IllegalArgumentException.class,
        () -> new EdgeNetwork(edges.byReceiver(), null, null, List.of(table), owners,
            Unary.RELU, 0, Tensor.zeros(2, 4), Tensor.zeros(3), List.of(Reduction.SUM)));
    assertThrows(IllegalArgumentException.class,
        () -> new EdgeNetwork(edges.byReceiver(), null, null, List.of(table), owners,
            Unary.RELU, 0, Tensor.zeros(2, 4), null, List.of(Reduction.PRODUCT)));
  }
}
