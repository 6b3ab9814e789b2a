package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.ChebConv;
import org.orrery.layers.DegreeScaling;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.Gine;
import org.orrery.layers.GraphConv;
import org.orrery.layers.GraphSage;
import org.orrery.layers.Pna;
import org.orrery.layers.TransformerConv;
import org.orrery.messagepassing.GraphNetwork.EdgeTerm;
import org.orrery.messagepassing.GraphNetwork.NodeTerm;
import org.orrery.messagepassing.GraphNetwork.Wiring;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Sgd;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;

/// What graph layers take and refuse. Their numbers are compared elsewhere.
class GraphLayerTest {
  private static final Key KEY = Key.of(11);
  private static final Sparse EDGES = Sparse.of(3, Indices.of(0, 1, 2, 0), Indices.of(1, 2, 0, 0));
  private static final Sparse TYPED = Sparse.of(3, 3, EDGES.senderOf(), EDGES.receiverOf(), Indices.of(0, 1, 1, 4));

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  static Stream<GraphLayer> layersThatReadNoTypes() {
    AttentionOptions attention = AttentionOptions.heads(2);
    return Stream.of(Gcn.create(4, 3, KEY), Gat.create(4, 3, attention, KEY), GatV2.create(4, 3, attention, KEY),
        Gat.create(4, 3, attention.withoutLoops(), KEY), GraphSage.create(4, 3, KEY), GraphConv.create(4, 3, KEY),
        TransformerConv.create(4, 3, TransformerConv.Options.heads(2), KEY));
  }

  @ParameterizedTest
  @MethodSource("layersThatReadNoTypes")
  void typesThatALayerDoesNotReadChangeNothing(GraphLayer layer) {
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    assertArrayEquals(layer.apply(EDGES, x, Mode.inference()).toArray(),
        layer.apply(TYPED, x, Mode.inference()).toArray());
  }

  @Test
  void attentionWeightsAreThoseOfEdgesWithoutTypes() {
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    Gat gat = Gat.create(4, 3, AttentionOptions.heads(2), KEY);
    assertArrayEquals(gat.attention(EDGES, x, null).weights().toArray(),
        gat.attention(TYPED, x, null).weights().toArray());
  }

  @Test
  void messagesMayHaveMoreAxes() { // the sum of each component is that of its own table
    Tensor x = Tensor.normal(KEY.fold(1), 3, 2, 4);
    for (Aggregation aggregation : List.of(Aggregation.sum(), Aggregation.mean())) {
      MessagePassing passing = new MessagePassing(new SenderFeatures(), aggregation, Update.replace());
      Tensor y = passing.apply(EDGES, x, Mode.inference());
      for (int k = 0; k < 2; k++) {
        Tensor table = x.slice(1, k, k + 1).squeeze(1);
        assertArrayEquals(passing.apply(EDGES, table, Mode.inference()).toArray(),
            y.slice(1, k, k + 1).squeeze(1).toArray(), 1e-6f, aggregation.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NaN})
  void theTemperatureOfASoftmaxIsFinite(double temperature) {
    refused("softmax aggregation: temperature " + temperature + "; it must be finite",
        () -> Aggregation.softmax(temperature));
  }

  @Test
  void aLargeTemperatureApproachesTheMaximum() {
    Tensor members = Tensor.normal(KEY.fold(1), 4, 2);
    assertArrayEquals(Aggregation.max().apply(members, EDGES.byReceiver()).toArray(),
        Aggregation.softmax(1e4).apply(members, EDGES.byReceiver()).toArray(), 1e-6f);
  }

  @Test
  void aGraphNetworkNamesTheFeaturesThatAreNotThere() {
    Aggregation sum = Aggregation.sum();
    Wiring wiring = new Wiring(List.of(), List.of(NodeTerm.NODE, NodeTerm.GLOBAL), List.of(), sum, sum, sum);
    refused("graph network: the wiring reads global features, and there are none",
        () -> new GraphNetwork(null, Activation.TANH, null, wiring).apply(EDGES, Tensor.ones(3, 2), Mode.inference()));
  }

  @Test
  void aFixedEpsilonIsThatOfTheCheckpoint() {
    Gin gin = Gin.create(Activation.IDENTITY, 0);
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    float[] before = gin.apply(EDGES, x, Mode.inference()).toArray();
    gin.epsilon().refill(Tensor.full(Shape.of(1), 0.5));
    assertArrayEquals(Tensor.of(before).reshape(3, 4).add(x.multiply(0.5)).toArray(),
        gin.apply(EDGES, x, Mode.inference()).toArray(), 1e-6f);
  }

  @Test
  void edgeFeaturesThatALayerDoesNotReadAreRefused() {
    Gin gin = Gin.create(Activation.TANH, 0);
    Tensor x = Tensor.ones(3, 4);
    Tensor edges = Tensor.ones(4, 2);
    refused("Gin: edge features [4, 2] are given, and it reads none; withoutEdges leaves them out",
        () -> gin.apply(EDGES, x, edges, Mode.inference()));
    refused("Gin: edge features [4, 2] are given, and it reads none; withoutEdges leaves them out",
        () -> gin.apply(Graph.of(EDGES, x).withEdges(edges), Mode.inference()));
    refused("Gine: it reads edge features, and there are none",
        () -> Gine.create(Activation.TANH, 0).apply(EDGES, x, Mode.inference()));
    refused("GraphSequential: edge features [4, 2] are given, and it reads none; withoutEdges leaves them out",
        () -> GraphSequential.of(gin, gin).apply(EDGES, x, edges, Mode.inference()));
  }

  static Stream<GraphLayer> layersThatReadNoEdges() {
    Aggregation sum = Aggregation.sum();
    Wiring ofNodes = new Wiring(List.of(), List.of(NodeTerm.NODE), List.of(), sum, sum, sum);
    Wiring ofEnds = new Wiring(List.of(EdgeTerm.SENDER), List.of(NodeTerm.RECEIVED), List.of(), sum, sum, sum);
    return Stream.of(GraphSage.create(4, 3, KEY), Gin.create(Activation.TANH, 0),
        EdgeConv.create(Linear.create(8, 3, KEY)),
        Gat.create(4, 3, AttentionOptions.heads(2), KEY), GatV2.create(4, 3, AttentionOptions.heads(2), KEY),
        TransformerConv.create(4, 3, TransformerConv.Options.heads(2), KEY),
        Pna.create(4, 4, Pna.Options.standard(), DegreeScaling.of(0, 2, 1), KEY),
        new MessagePassing(new SenderFeatures(), sum, Update.replace()),
        new MessagePassing(new TypedLinear(Parameter.of(Tensor.ones(5, 4, 2))), sum, Update.replace()),
        new MessagePassing(
            new EdgeMlp(Linear.create(8, 3, KEY), List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.SENDER)), sum,
            Update.replace()),
        new GraphNetwork(null, Linear.create(4, 3, KEY), null, ofNodes),
        new GraphNetwork(Linear.create(4, 3, KEY), Linear.create(3, 3, KEY), null, ofEnds),
        GraphSequential.of(Gin.create(Activation.TANH, 0)).then(Linear.create(4, 3, KEY)));
  }

  @ParameterizedTest
  @MethodSource("layersThatReadNoEdges")
  void edgeFeaturesAreReadOrRefusedOrLeftOutByTheCaller(GraphLayer layer) {
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    Tensor edges = Tensor.normal(KEY.fold(2), 4, 2);
    Mode mode = Mode.inference();
    String name = layer.getClass().getSimpleName();
    String none = name + ": edge features [4, 2] are given, and it reads none; withoutEdges leaves them out";
    refused(none, () -> layer.apply(TYPED, x, edges, mode));
    Graph graph = Graph.of(TYPED, x).withEdges(edges);
    refused(none, () -> layer.apply(graph, mode));
    refused("message passing: features [9, 2] for 4 edges; one row each is required",
        () -> layer.apply(TYPED, x, Tensor.ones(9, 2), mode));
    assertArrayEquals(layer.apply(TYPED, x, mode).toArray(), layer.apply(graph.withoutEdges(), mode).nodes().toArray());
    assertArrayEquals(layer.apply(TYPED, x, mode).toArray(),
        layer.apply(Inputs.of(graph).withoutEdges(), mode).toArray());
  }

  @Test
  void attentionWeightsRefuseFeaturesThatAreNotRead() {
    Tensor x = Tensor.ones(3, 4);
    Tensor edges = Tensor.ones(4, 2);
    AttentionOptions plain = AttentionOptions.heads(2);
    refused("Gat: edge features [4, 2] are given, and it reads none; withoutEdges leaves them out",
        () -> Gat.create(4, 3, plain, KEY).attention(EDGES, x, edges));
    refused("GatV2: edge features [4, 2] are given, and it reads none; withoutEdges leaves them out",
        () -> GatV2.create(4, 3, plain, KEY).attention(EDGES, x, edges));
    refused("Gat: it reads edge features, and there are none",
        () -> Gat.create(4, 3, plain.withEdges(2), KEY).attention(EDGES, x, null));
    refused("message passing: features [3, 2] for 4 edges; one row each is required",
        () -> GatV2.create(4, 3, plain.withEdges(2), KEY).attention(EDGES, x, Tensor.ones(3, 2)));
  }

  /// A layer of the caller's that does not say what it does with edges.
  private record Silent() implements GraphLayer {
    @Override
    public Tensor update(Inputs in, Mode mode) {
      return in.receivedOnto(in.received(Aggregation.max()), Aggregation.sum());
    }
  }

  @Test
  void aggregatesOfSendersRefuseFeaturesToo() {
    Inputs in = Inputs.of(EDGES, Tensor.ones(3, 4), Tensor.ones(4, 2));
    String none = "SenderFeatures: edge features [4, 2] are given, and it reads none; withoutEdges leaves them out";
    refused(none, () -> new Silent().apply(in, Mode.inference()));
    refused(none, () -> in.receivedOnto(Tensor.ones(3, 4), Aggregation.mean()));
    assertArrayEquals(in.withEdges(null).received(Aggregation.mean()).toArray(),
        in.withoutEdges().received(Aggregation.mean()).toArray());
  }

  @Test
  void messagesThatNeedFeaturesSaySo() {
    Tensor x = Tensor.ones(3, 4);
    for (Message message : List.of(new Weighted(), EdgeMlp.of(Linear.create(10, 3, KEY)))) {
      refused("MessagePassing: it reads edge features, and there are none",
          () -> new MessagePassing(message, Aggregation.sum(), Update.replace()).apply(EDGES, x, Mode.inference()));
    }
  }

  static Stream<GraphLayer> layersThatTakeRootsOfDegrees() {
    return Stream.of(Gcn.create(2, 2, KEY), Gcn.create(2, 2, Gcn.Options.standard().withoutLoops(), KEY),
        ChebConv.create(2, 2, 3, KEY));
  }

  @ParameterizedTest
  @MethodSource("layersThatTakeRootsOfDegrees")
  void aWeightThatMakesADegreeNegativeIsNamed(GraphLayer layer) { // edge 1 runs 1 -> 0
    Sparse pair = Sparse.of(2, Indices.of(0, 1), Indices.of(1, 0));
    Tensor x = Tensor.normal(KEY.fold(1), 2, 2);
    for (Tensor weights : List.of(Tensor.of(new float[] {1, -3}), Tensor.of(new float[][] {{1}, {-3}}))) {
      String message = String.valueOf(assertThrows(IllegalArgumentException.class,
          () -> layer.apply(pair, x, weights, Mode.inference())).getMessage());
      assertTrue(message.contains("edge 1 (1 -> 0) has weight -3.0, and the weights that node "), message);
    }
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> layer.apply(pair, x, Tensor.of(new float[] {Float.NaN, 1}), Mode.inference())).getMessage());
    assertTrue(message.contains("edge 0 (0 -> 1) has weight NaN; a finite number is required"), message);
  }

  @Test
  void aNegativeWeightThatLeavesDegreesPositiveIsAWeight() { // node 1: 3 - 1 + 1 for its loop
    Sparse edges = Sparse.of(2, Indices.of(0, 0), Indices.of(1, 1));
    float[] y = Gcn.create(2, 2, KEY).apply(edges, Tensor.ones(2, 2), Tensor.of(new float[] {3, -1}), Mode.inference())
        .toArray();
    assertTrue(Float.isFinite(y[0]) && Float.isFinite(y[3]));
  }

  @Test
  void aWeightThatIsNotFiniteIsNamedWhereNoRootIsTakenToo() {
    refused("edge weights: edge 2 (2 -> 0) has weight NaN; a finite number is required",
        () -> GraphConv.create(4, 2, KEY).apply(EDGES, Tensor.ones(3, 4), Tensor.of(new float[] {-3, 1, Float.NaN, 1}),
            Mode.inference()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e30, 1e-10, 1e-25})
  void rowsOfUnitLengthKeepTheirDirectionAtEverySize(double size) { // the map is 1: (3, 4) size has length 5 size
    GraphSage sage = GraphSage.create(2, 2, 2, GraphSage.Options.standard().withUnitRows().withoutRoot().withoutBias(),
        KEY);
    sage.parameters().values().forEach(parameter -> parameter.refill(Tensor.identity(2)));
    Sparse pair = Sparse.of(2, Indices.of(0, 1), Indices.of(1, 0));
    Tensor x = Tensor.of(new double[] {3 * size, 4 * size, 0, 0}, 2, 2).tracked();
    Tensor y = sage.apply(pair, x, Mode.inference());
    double length = Math.max(5 * size, 1e-12); // shorter rows are divided by 1e-12
    assertArrayEquals(new double[] {0, 0, 3 * size / length, 4 * size / length}, y.toDoubles(), 1e-6);
    double[] slope = Gradients.of(y.multiply(Tensor.of(new double[] {1, 0})).sum(), x).withRespectTo(x).toDoubles();
    double expected = 5 * size > 1e-12 ? 0.64 / (5 * size) : 1e12; // (1 - 0.6^2) / length
    assertEquals(expected, slope[0], 1e-4 * expected);
  }

  @Test
  void severalWeightsAnEdgeAreRefusedWhereOneIsRead() {
    for (GraphLayer layer : List.of(Gcn.create(4, 2, KEY), ChebConv.create(4, 2, 2, KEY),
        GraphConv.create(4, 2, KEY))) {
      refused("message passing: edge features [4, 2] as weights; [edges] or [edges, 1] is required",
          () -> layer.apply(EDGES, Tensor.ones(3, 4), Tensor.ones(4, 2), Mode.inference()));
    }
  }

  @Test
  void aNegativeDegreeOfLearnedWeightsIsTheTrainersToFind() { // the layer reads nothing back, and the error names it
    Sparse pair = Sparse.of(2, Indices.of(0, 1), Indices.of(1, 0));
    Learned model = new Learned(Parameter.of(Tensor.of(new float[] {1, -3})), Gcn.create(2, 2, KEY));
    Tensor x = Tensor.ones(2, 2);
    Trainer<Learned, Integer> trainer = Trainer.of(model,
        (m, batch, mode) -> m.gcn().apply(pair, x, m.weights().value(), mode).square().sum(), new Sgd().on(model));
    String message = String.valueOf(assertThrows(ArithmeticException.class,
        () -> trainer.train(Batches.fullBatch(0), 1)).getMessage());
    assertTrue(message.contains("that of gcn Gcn [2, 2] [2, 2] [2] -> [2, 2]"), message);
  }

  private record Learned(Parameter weights, Gcn gcn) implements Block {
  }

  @Test
  void aSequenceHandsEdgeFeaturesToTheLayersThatReadThem() {
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    Tensor edges = Tensor.normal(KEY.fold(2), 4, 4);
    Gin gin = Gin.create(Activation.TANH, 0);
    Gine gine = Gine.create(Activation.TANH, 0);
    Mode mode = Mode.inference();
    assertArrayEquals(gine.apply(EDGES, gin.apply(EDGES, x, mode), edges, mode).toArray(),
        GraphSequential.of(gin, gine).apply(EDGES, x, edges, mode).toArray());
  }

  @Test
  void aSequenceKeepsWhatEachLayerChangesBesideTheNodes() {
    Wiring wiring = Wiring.interaction(Aggregation.sum());
    GraphNetwork first = new GraphNetwork(Linear.create(10, 3, KEY), Linear.create(7, 4, KEY.fold(1)), null, wiring);
    GraphNetwork second = new GraphNetwork(Linear.create(11, 5, KEY), Linear.create(9, 4, KEY.fold(2)), null, wiring);
    Graph graph = Graph.of(EDGES, Tensor.normal(KEY.fold(3), 3, 4)).withEdges(Tensor.normal(KEY.fold(4), 4, 2));
    Mode mode = Mode.inference();
    Graph expected = second.apply(first.apply(graph, mode), mode);
    Graph actual = GraphSequential.of(first, second).apply(graph, mode);
    assertArrayEquals(expected.nodes().toArray(), actual.nodes().toArray());
    assertArrayEquals(Objects.requireNonNull(expected.edges()).toArray(),
        Objects.requireNonNull(actual.edges()).toArray());
    assertArrayEquals(expected.nodes().toArray(),
        GraphSequential.of(first, second).apply(EDGES, graph.nodes(), graph.edges(), mode).toArray());
  }

  /// Rows of ones, each edge kept with its own chance of a half: a kept one says 2, so that sums are even; without noise
  /// each receiver gets its number of senders.
  @Test
  void aMessageMayBeNoisyInTraining() {
    Dropout dropout = new Dropout(0.5);
    MessagePassing passing = new MessagePassing(
        Message.of((receiver, sender, edge, mode) -> dropout.apply(sender, mode)), Aggregation.sum(), Update.replace());
    Tensor ones = Tensor.ones(3, 50);
    float[] quiet = passing.apply(EDGES, ones, Mode.inference()).toArray();
    assertEquals(List.of(2f, 1f, 1f), List.of(quiet[0], quiet[50], quiet[100]));
    float[] noisy = passing.apply(EDGES, ones, Mode.training(KEY)).toArray();
    int silent = 0;
    for (float value : noisy) {
      assertEquals(0, value % 2);
      silent += value == 0 ? 1 : 0;
    }
    assertTrue(silent > 20 && silent < 130, silent + " of 150 sums are 0");
  }
}
