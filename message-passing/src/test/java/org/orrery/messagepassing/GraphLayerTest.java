package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.graph.Sparse;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.GraphConv;
import org.orrery.layers.GraphSage;
import org.orrery.layers.TransformerConv;
import org.orrery.messagepassing.GraphNetwork.Features;
import org.orrery.messagepassing.GraphNetwork.GlobalTerm;
import org.orrery.messagepassing.GraphNetwork.NodeTerm;
import org.orrery.messagepassing.GraphNetwork.Wiring;
import org.orrery.nn.Activation;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
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
  void theGraphsOfEdgesAreKeptForOnePartitionAtATime() {
    Segments one = Segments.ofOffsets(Indices.of(0, 3));
    Segments other = Segments.ofOffsets(Indices.of(0, 3));
    Segments kept = GraphNetwork.graphOfEdge(EDGES, one);
    assertSame(kept, GraphNetwork.graphOfEdge(EDGES, one));
    assertNotSame(kept, GraphNetwork.graphOfEdge(EDGES, other));
    assertNotSame(kept, GraphNetwork.graphOfEdge(EDGES, one));
    assertEquals(Indices.of(0, 0, 0, 0), kept.index());
  }

  @Test
  void aGraphNetworkNamesTheRowsThatDoNotFit() {
    Aggregation sum = Aggregation.sum();
    Segments oneGraph = Segments.ofOffsets(Indices.of(0, 3));
    Wiring wiring = new Wiring(List.of(), List.of(NodeTerm.NODE, NodeTerm.GLOBAL), List.of(GlobalTerm.GLOBAL), sum, sum,
        sum);
    Features features = new Features(Tensor.ones(3, 2), null, Tensor.ones(2, 5));
    refused("node input: features [2, 5] for 1 owners of 3 nodes; there are 3 nodes",
        () -> new GraphNetwork(null, Activation.TANH, null, wiring).apply(EDGES, features, oneGraph, Mode.inference()));
    refused("graph input: features [2, 5]; one row for each of 1 graphs is required",
        () -> new GraphNetwork(null, null, Activation.TANH, wiring).apply(EDGES, features, oneGraph, Mode.inference()));
  }
}
