package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.GraphSage;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.GraphNetwork;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

class PlanTest {
  private static final int NODES = 2000;
  private static final int EDGES = 16_000;
  private static final int WIDTH = 32;

  private static Graph graph() {
    Key key = Key.of(11);
    return Graph.builder(Sparse.of(NODES, Indices.wrap(key.fold(0).integers(EDGES, NODES)),
        Indices.wrap(key.fold(1).integers(EDGES, NODES)))).nodes(Tensor.normal(key.fold(2), NODES, WIDTH))
        .edges(Tensor.normal(key.fold(3), EDGES, 3)).globals(Tensor.normal(key.fold(4), 1, 2)).build();
  }

  /// A model and what it gives for a graph.
  record Trial(String name, Block model, Function<Graph, Tensor> apply) {
    Tensor loss(Graph graph) {
      return apply.apply(graph).square().mean();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Trial layers(String name, GraphLayer first, GraphLayer second) {
    record Two(GraphLayer first, GraphLayer second) implements Block {
    }
    Two model = new Two(first, second);
    return new Trial(name, model, g -> {
      Tensor h = first.apply(g.adjacency(), g.nodes(), Mode.inference()).relu();
      return second.apply(g.adjacency(), h, Mode.inference());
    });
  }

  static Stream<Trial> trials() {
    Key key = Key.of(3);
    GraphNetwork block = new GraphNetwork(Mlp.create(key.fold(0), 3 + 2 * WIDTH + 2, 64, 64),
        Mlp.create(key.fold(1), 3 * 64 + WIDTH + 2, 64, 8), null, GraphNetwork.Wiring.full(
            Aggregation.several(Aggregation.sum(), Aggregation.max(), Aggregation.mean())));
    return Stream.of(
        layers("gcn", Gcn.create(WIDTH, 64, key), Gcn.create(64, 8, key)),
        layers("gat", Gat.create(WIDTH, 16, AttentionOptions.heads(4), key),
            Gat.create(64, 8, AttentionOptions.heads(1), key)),
        layers("gatv2", GatV2.create(WIDTH, 16, AttentionOptions.heads(4), key),
            GatV2.create(64, 8, AttentionOptions.heads(1), key)),
        layers("edge conv", EdgeConv.create(Mlp.create(key.fold(2), 2 * WIDTH, 64, 64)),
            EdgeConv.create(Mlp.create(key.fold(3), 128, 64, 8))),
        new Trial("graph network", block, g -> block.apply(g, Mode.inference()).nodes()));
  }

  private static Plan training(Trial trial, Graph graph) {
    return Plan.training(trial.model(), () -> trial.loss(graph));
  }

  private static void step(Trial trial, Graph graph) {
    Gradients.releasingHistory(trial.loss(graph), trial.model().trainable().stream().map(p -> p.value()).toList());
  }

  @ParameterizedTest
  @MethodSource("trials")
  void thePeakOfATrainingStepIsThatWhichScopesMeasure(Trial trial) {
    Graph graph = graph();
    step(trial, graph); // what is kept with the graph is there
    long measured = Scope.within(scope -> {
      step(trial, graph);
      return scope.peakBytes();
    });
    double ratio = training(trial, graph).peakBytes() / (double) measured;
    assertEquals(1, ratio, 0.15, trial + ": planned over measured");
  }

  @ParameterizedTest
  @MethodSource("trials")
  void thePeakOfAForwardRunIsThatWhichScopesMeasure(Trial trial) {
    Graph graph = graph();
    Supplier<Tensor> run = () -> trial.apply().apply(graph);
    Tensor.unrecorded(run);
    long measured = Scope.within(scope -> {
      Tensor.unrecorded(run);
      return scope.peakBytes();
    });
    Plan plan = Plan.inference(trial.model(), run);
    assertEquals(1, plan.peakBytes() / (double) measured, 0.15, trial + ": planned over measured");
    assertEquals(plan.peakBytes(), plan.forwardPeakBytes());
  }

  @ParameterizedTest
  @MethodSource("trials")
  void aPlanLeavesNothingBehind(Trial trial) {
    Graph graph = graph();
    Plan first = training(trial, graph);
    float[] after = trial.apply().apply(graph).toArray();
    assertArrayEquals(after, trial.apply().apply(graph).toArray());
    assertEquals(first.toString(), training(trial, graph).toString());
    assertTrue(first.steps().stream().anyMatch(step -> step.phase() == Plan.Phase.BACKWARD));
  }

  static Stream<GraphLayer> withoutArraysOfEdges() {
    Key key = Key.of(1);
    return Stream.of(Gcn.create(WIDTH, WIDTH, key), GraphSage.create(WIDTH, WIDTH, key),
        Gin.create(Mlp.create(key, WIDTH, WIDTH, WIDTH), 0));
  }

  @ParameterizedTest
  @MethodSource("withoutArraysOfEdges")
  void noArrayOfEdgesTimesWidthIsMade(GraphLayer layer) {
    Graph graph = graph();
    Plan plan = Plan.training(layer,
        () -> layer.apply(graph.adjacency(), graph.nodes(), Mode.inference()).square().mean());
    List<Plan.Step> large = plan.steps().stream().filter(step -> step.shape().elements() >= EDGES * (WIDTH / 2))
        .toList();
    assertEquals(List.of(), large);
  }

  @Test
  void workIsThatOfTheFormulas() { // x W^T of [50, 3] and [4, 3]: 2 50 3 4 flops
    Mlp mlp = Mlp.create(Key.of(0), 3, 4);
    Tensor x = Tensor.ones(50, 3);
    Plan plan = Plan.inference(mlp, () -> mlp.apply(x, Mode.inference()));
    assertEquals(2 * 50 * 3 * 4 + 50 * 4, plan.flops(), "and the bias");
    assertEquals(4 * 50 * 4, plan.peakBytes());
    assertEquals("0", plan.steps().getFirst().module());
    MachineRates rates = new MachineRates(1e9, 1e9);
    assertEquals(Math.max(plan.bytes(), plan.flops()) * 1e-9, plan.seconds(rates), 1e-12);
  }

  @Test
  void aPlanThatDoesNotFitIsRefusedWithWhatIsLargest() {
    Mlp mlp = Mlp.create(Key.of(0), 3, 1000, 2).withActivation(Activation.SILU);
    Tensor x = Tensor.ones(5000, 3);
    Plan plan = Plan.inference(mlp, () -> mlp.apply(x, Mode.inference()));
    plan.requireFits(1L << 32);
    var error = assertThrows(IllegalArgumentException.class, () -> plan.requireFits(1 << 20));
    assertTrue(String.valueOf(error.getMessage()).contains("[5000, 1000]"), error.getMessage());
  }

  @Test
  void ratesAreMeasured() {
    MachineRates rates = MachineRates.measure();
    assertTrue(rates.bytesPerSecond() > 1e7 && rates.flopsPerSecond() > 1e7, rates.toString());
    assertThrows(IllegalArgumentException.class, () -> new MachineRates(0, 1));
  }
}
