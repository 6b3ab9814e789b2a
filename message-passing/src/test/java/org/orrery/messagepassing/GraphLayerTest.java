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
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.Gine;
import org.orrery.layers.GraphConv;
import org.orrery.layers.GraphSage;
import org.orrery.layers.TransformerConv;
import org.orrery.messagepassing.GraphNetwork.NodeTerm;
import org.orrery.messagepassing.GraphNetwork.Wiring;
import org.orrery.nn.Activation;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

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
    refused("Gin: edge features [4, 2] are given, and it reads none",
        () -> gin.apply(EDGES, x, edges, Mode.inference()));
    refused("Gin: edge features [4, 2] are given, and it reads none",
        () -> gin.apply(Graph.of(EDGES, x).withEdges(edges), Mode.inference()));
    refused("Gine: it reads edge features, and there are none",
        () -> Gine.create(Activation.TANH, 0).apply(EDGES, x, Mode.inference()));
    refused("GraphSequential: edge features [4, 2] are given, and it reads none",
        () -> GraphSequential.of(gin, gin).apply(EDGES, x, edges, Mode.inference()));
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
