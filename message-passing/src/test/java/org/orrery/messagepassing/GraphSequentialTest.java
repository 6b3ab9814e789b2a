package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.Gine;
import org.orrery.layers.GraphConv;
import org.orrery.layers.GraphSage;
import org.orrery.layers.NnConv;
import org.orrery.layers.TransformerConv;
import org.orrery.nn.Activation;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Plan;

class GraphSequentialTest {
  private static final Key KEY = Key.of(12);
  private static final Sparse EDGES = Sparse.of(3, Indices.of(0, 1, 2, 0), Indices.of(1, 2, 0, 0));

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void layersFollowOneAnother() {
    Gcn first = Gcn.create(4, 5, KEY);
    Linear second = Linear.create(5, 6, KEY);
    Gat third = Gat.create(6, 2, AttentionOptions.heads(3), KEY);
    GraphSequential model = GraphSequential.of(first).then(Activation.TANH).then(second).then(third);
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    Mode mode = Mode.inference();
    assertArrayEquals(third.apply(EDGES, second.apply(first.apply(EDGES, x, mode).tanh()), mode).toArray(),
        model.apply(EDGES, x, mode).toArray());
    assertEquals(
        Set.of("0.bias", "0.lin.weight", "2.weight", "2.bias", "3.att_src", "3.att_dst", "3.bias", "3.lin.weight"),
        model.parameters().keySet());
    assertEquals(OptionalInt.of(4), model.inputWidth());
    assertEquals(OptionalInt.of(6), model.outputWidth(OptionalInt.empty()));
    assertArrayEquals(x.toArray(), GraphSequential.of().apply(EDGES, x, mode).toArray());
  }

  @Test
  void eachPartHasNoiseOfItsOwn() {
    GraphSequential twice = GraphSequential.of().then(new Dropout(0.5)).then(new Dropout(0.5));
    Tensor y = twice.apply(Sparse.of(1000, Indices.of(), Indices.of()), Tensor.ones(1000, 1), Mode.training(KEY));
    assertEquals(250, y.greater(0).sum().item(), 60); // a quarter; one noise for both would keep a half
  }

  @Test
  void widthsThatDoNotFitFailWhereTheModelIsMade() {
    Gcn first = Gcn.create(4, 16, KEY);
    refused("GraphSequential: layer 1 (Gcn) takes width 8, what comes before it gives 16",
        () -> GraphSequential.of(first, Gcn.create(8, 3, KEY)));
    refused("GraphSequential: layer 2 (Linear) takes width 8, what comes before it gives 16",
        () -> GraphSequential.of(first).then(Activation.RELU).then(Linear.create(8, 3, KEY)));
  }

  @Test
  void sendersAndReceiversAreOneSet() {
    refused("GraphSequential: senders [3, 4] and receivers [3, 2] of their own; one set of nodes is required",
        () -> GraphSequential.of().apply(EDGES, Tensor.ones(3, 4), Tensor.ones(3, 2), null, Mode.inference()));
  }

  static Stream<GraphLayer> layers() {
    Key key = KEY;
    AttentionOptions heads = AttentionOptions.heads(2);
    return Stream.of(Gcn.create(4, 3, key), Gat.create(4, 3, heads, key), Gat.create(4, 3, heads.averaged(), key),
        GatV2.create(4, 3, heads, key), TransformerConv.create(4, 3, TransformerConv.Options.heads(2), key),
        TransformerConv.create(4, 3, TransformerConv.Options.heads(2).averaged(), key),
        GraphSage.create(4, 4, 3, GraphSage.Options.standard().withAggregation(
            Aggregation.several(Aggregation.mean(), Aggregation.max())).withProjection(), key),
        GraphConv.create(4, 3, Aggregation.several(Aggregation.sum(), Aggregation.max()), key),
        Gin.create(Mlp.create(key, 4, 8, 3), 0), new EdgeConv(Mlp.create(key, 8, 3),
            Aggregation.several(Aggregation.sum(), Aggregation.max())),
        EdgeConv.create(Activation.TANH));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerKnowsItsWidths(GraphLayer layer) {
    int width = layer.apply(EDGES, Tensor.ones(3, 4), Mode.inference()).columns();
    assertEquals(OptionalInt.of(width), layer.outputWidth(OptionalInt.of(4)));
    layer.inputWidth().ifPresent(input -> assertEquals(4, input));
  }

  @Test
  void layersWithEdgeFeaturesKnowTheirWidths() {
    Tensor edges = Tensor.ones(4, 2);
    for (GraphLayer layer : List.of(
        NnConv.create(4, 3, Mlp.create(KEY, 2, 12), NnConv.Options.standard().withAggregation(Aggregation.mean()), KEY),
        Gine.create(Mlp.create(KEY, 4, 3), 0).withEdges(2, 4, KEY))) {
      assertEquals(OptionalInt.of(4), layer.inputWidth());
      assertEquals(OptionalInt.of(layer.apply(EDGES, Tensor.ones(3, 4), edges, Mode.inference()).columns()),
          layer.outputWidth(layer.inputWidth()));
    }
  }

  static Stream<GraphLayer> activatedLayers() {
    GraphSage.Options sage = GraphSage.Options.standard();
    Mlp noisy = Mlp.create(KEY, 4, 8, 5).withDropout(0.5);
    return Stream.of(Gcn.create(4, 3, KEY), Gcn.create(4, 6, KEY),
        Gcn.create(4, 6, Gcn.Options.standard().withoutBias(), KEY), GraphSage.create(4, 3, KEY),
        GraphSage.create(4, 6, KEY), GraphSage.create(4, 4, 6, sage.withUnitRows(), KEY),
        GraphSage.create(4, 4, 3, sage.withoutRoot(), KEY), GraphSage.create(4, 4, 6, sage.withoutRoot(), KEY),
        GraphSage.create(4, 4, 3, sage.withAggregation(Aggregation.sum()).withoutBias(), KEY),
        GraphSage.create(4, 4, 3, sage.withAggregation(Aggregation.max()), KEY), Gin.create(noisy, 0.5),
        Gin.create(noisy.withEnding(Mlp.Epilogue.ACTIVATED), 0),
        new Gin(noisy, Gin.create(noisy, 0).epsilon(), Aggregation.max()),
        Gin.create(Linear.create(4, 3, KEY), 0));
  }

  @ParameterizedTest
  @MethodSource("activatedLayers")
  void anActivationInTheLastPassIsTheOneBehindIt(GraphLayer layer) {
    Key noise = KEY.fold(5);
    for (Activation f : List.of(Activation.RELU, Activation.TANH, Activation.leakyRelu(0.1), Activation.SILU,
        Activation.IDENTITY)) {
      Tensor x = Tensor.normal(KEY.fold(1), 3, 4).tracked();
      Tensor alone = f.apply(layer.apply(EDGES, x, Mode.training(noise)));
      Tensor fused = GraphSequential.of(layer).then(f).apply(EDGES, x, Mode.training(noise));
      assertArrayEquals(alone.toArray(), fused.toArray(), f.toString());
      List<Tensor> wanted = new ArrayList<>(layer.trainable().stream().map(Parameter::value).toList());
      wanted.add(x);
      Tensor upstream = Tensor.normal(KEY.fold(2), 3, alone.columns());
      Gradients expected = Gradients.of(alone.multiply(upstream).sum(), wanted);
      Gradients found = Gradients.of(fused.multiply(upstream).sum(), wanted);
      for (Tensor each : wanted) {
        assertArrayEquals(expected.withRespectTo(each).toArray(), found.withRespectTo(each).toArray(), f.toString());
      }
    }
  }

  @Test
  void anActivatedLayerMakesNoArrayOfWhatComesBeforeIt() {
    GraphSequential model = GraphSequential.of(Gcn.create(8, 16, KEY)).then(Activation.RELU)
        .then(GraphSage.create(16, 16, KEY)).then(Activation.RELU).then(Gin.create(Mlp.create(KEY, 16, 16, 16), 0))
        .then(Activation.RELU);
    Plan plan = Plan.training(model, () -> model.apply(EDGES, Tensor.ones(3, 8), Mode.inference()).sum());
    assertEquals(List.of(),
        plan.steps().stream().filter(step -> step.phase() == Plan.Phase.FORWARD).map(Plan.Step::operation)
            .filter("relu"::equals).toList());
  }

  @Test
  void optionsChangeWhatTheySayInACopy() {
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    GraphSage.Options sage = GraphSage.Options.standard();
    GraphSage.Options changed = sage.withoutRoot().withoutBias().withUnitRows().withProjection();
    GraphSage layer = GraphSage.create(4, 4, 3, changed, KEY);
    assertEquals(Set.of("lin.weight", "lin.bias", "lin_l.weight"), layer.parameters().keySet());
    assertArrayEquals(new float[] {1, 1, 1},
        layer.apply(EDGES, x, Mode.inference()).square().sum(1).toArray(), 1e-5f);
    assertEquals(Set.of("lin_l.weight", "lin_l.bias", "lin_r.weight"),
        GraphSage.create(4, 4, 3, sage, KEY).parameters().keySet());
    Gcn.Options gcn = Gcn.Options.standard().withNormalization(Normalization.NONE).withoutBias();
    Tensor sum = Gcn.create(4, 3, gcn.withoutLoops(), KEY).apply(EDGES, x, Mode.inference());
    Tensor looped = Gcn.create(4, 3, gcn.withLoopWeight(2), KEY).apply(EDGES, x, Mode.inference());
    Tensor own = x.matmulTransposed(Gcn.create(4, 3, gcn, KEY).parameters().values().iterator().next().value())
        .multiply(Tensor.of(new float[][] {{0}, {2}, {2}})); // node 0 has a loop
    assertArrayEquals(sum.add(own).toArray(), looped.toArray(), 1e-5f);
    assertEquals(Set.of("nn.0.weight", "nn.0.bias"), NnConv.create(4, 3, Mlp.create(KEY, 2, 12),
        NnConv.Options.standard().withoutRoot().withoutBias(), KEY).parameters().keySet());
  }

  @Test
  void optionsOutOfRangeAreRefusedWhereTheyAreSet() {
    refused("attention: 0 heads; at least one is required", () -> AttentionOptions.heads(0));
    refused("attention: dropout 1.0; 0 up to, not including, 1 is required",
        () -> AttentionOptions.heads(1).withDropout(1));
  }
}
