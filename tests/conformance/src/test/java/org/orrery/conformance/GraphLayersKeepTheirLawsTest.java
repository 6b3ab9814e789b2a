package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
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
import org.orrery.layers.NnConv;
import org.orrery.layers.Pna;
import org.orrery.layers.TransformerConv;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeDot;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.GraphNetwork;
import org.orrery.messagepassing.Message;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.NeighborMean;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.messagepassing.Update;
import org.orrery.messagepassing.Weighted;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.testkit.LayerLaws;
import org.orrery.testkit.LayerLaws.Law;
import org.orrery.testkit.LayerLaws.Output;

class GraphLayersKeepTheirLawsTest {
  @TestFactory
  Stream<DynamicTest> gcnThatNarrows() {
    return LayerLaws.ofGraphLayer(key -> Gcn.create(4, 3, key), 4).without(Law.TWINS).tests(); // degrees count twins
  }

  @TestFactory
  Stream<DynamicTest> gcnThatWidens() {
    return LayerLaws.ofGraphLayer(key -> Gcn.create(3, 5, key), 3).without(Law.TWINS).tests();
  }

  @TestFactory
  Stream<DynamicTest> sageWithTheMean() {
    return LayerLaws.ofGraphLayer(key -> GraphSage.create(4, 3, key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> sageWithSeveralAggregations() {
    var options = GraphSage.Options.standard().withUnitRows().withProjection().withAggregation(
        Aggregation.several(Aggregation.mean(), Aggregation.softmax(0.7), Aggregation.variance()));
    return LayerLaws.ofGraphLayer(key -> GraphSage.create(4, 4, 3, options, key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> aPowerMean() {
    return LayerLaws.ofGraphLayer(key -> new MessagePassing(Message.of((xi, xj, e) -> xj.square().add(0.5)),
        Aggregation.learnedPowerMean(1.7, 1), Update.replace()), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> gat() {
    return LayerLaws.ofGraphLayer(key -> Gat.create(4, 3, AttentionOptions.heads(2), key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> gatWithEdgesAveraged() {
    var options = AttentionOptions.heads(2).averaged().withEdges(3).withResidual();
    return LayerLaws.ofGraphLayer(key -> Gat.create(4, 3, options, key), 4).withEdges(3).tests();
  }

  @TestFactory
  Stream<DynamicTest> gatV2() {
    var options = AttentionOptions.heads(2).withEdges(3);
    return LayerLaws.ofGraphLayer(key -> GatV2.create(4, 3, options, key), 4).withEdges(3).tests();
  }

  @TestFactory
  Stream<DynamicTest> gatV2WithSharedWeights() {
    var options = AttentionOptions.heads(2).withSharedWeights().withoutLoops();
    return LayerLaws.ofGraphLayer(key -> GatV2.create(4, 3, options, key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> gin() {
    return LayerLaws.ofGraphLayer(key -> Gin.withLearnedEpsilon(smooth(key, 4, 8, 3), 0.1), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> chebConv() {
    return LayerLaws.ofGraphLayer(key -> ChebConv.create(4, 3, 4, key), 4).without(Law.TWINS).tests(); // degrees count
  }

  @TestFactory
  Stream<DynamicTest> graphConv() {
    return LayerLaws.ofGraphLayer(key -> GraphConv.create(4, 3, key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> gine() {
    return LayerLaws.ofGraphLayer(key -> Gine.withLearnedEpsilon(smooth(key, 4, 8, 3), 0.1).withEdges(3, 4, key), 4)
        .withEdges(3).tests();
  }

  @TestFactory
  Stream<DynamicTest> nnConv() {
    return LayerLaws.ofGraphLayer(key -> NnConv.create(4, 3, smooth(key, 2, 5, 12),
        NnConv.Options.standard().withAggregation(Aggregation.mean()), key), 4).withEdges(2).tests();
  }

  @TestFactory
  Stream<DynamicTest> transformerConv() {
    return LayerLaws.ofGraphLayer(key -> TransformerConv.create(4, 3, TransformerConv.Options.heads(2), key), 4)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> transformerConvWithEdgesAveragedAndGated() {
    var options = TransformerConv.Options.heads(2).withEdges(3).averaged().withSkip(TransformerConv.Skip.GATED);
    return LayerLaws.ofGraphLayer(key -> TransformerConv.create(4, 3, options, key), 4).withEdges(3).tests();
  }

  @TestFactory
  Stream<DynamicTest> pna() {
    var options = Pna.Options.standard().withLayersBefore(2).withLayersAfter(2).withActivation(Activation.SILU);
    return LayerLaws.ofGraphLayer(key -> Pna.create(4, 3, options, DegreeScaling.of(1, 2, 4, 2), key), 4)
        .without(Law.TWINS).tests(); // degrees count twins
  }

  @TestFactory
  Stream<DynamicTest> pnaWithEdgesAndTowersAndLearnedScaling() {
    var options = Pna.Options.standard().withEdges(3).withTowers(2).withInput(Pna.Options.Input.DIVIDED)
        .withAggregation(Aggregation.sum())
        .withScalers(List.of(DegreeScaling.Scaler.LINEAR, DegreeScaling.Scaler.INVERSE_LINEAR));
    return LayerLaws.ofGraphLayer(key -> Pna.create(4, 6, options, DegreeScaling.learned(1, 2, 4), key), 4).withEdges(3)
        .without(Law.TWINS).tests();
  }

  @TestFactory
  Stream<DynamicTest> edgeConv() {
    return LayerLaws.ofGraphLayer(key -> EdgeConv.create(smooth(key, 8, 6, 3)), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> anEdgeNetworkOfOnesOwn() {
    return LayerLaws.ofGraphLayer(key -> new MessagePassing(EdgeMlp.of(smooth(key, 11, 6, 3)),
        Aggregation.several(Aggregation.sum(), Aggregation.max(), Aggregation.standardDeviation()), Update.replace()),
        4)
        .withEdges(3).tests();
  }

  @TestFactory
  Stream<DynamicTest> aMessageOfOnesOwn() {
    return LayerLaws.ofGraphLayer(
        key -> new MessagePassing(Message.of((xi, xj, e) -> xj.subtract(xi).tanh()), Aggregation.mean(),
            (x, received, mode) -> x.add(received)),
        4).tests();
  }

  @TestFactory
  Stream<DynamicTest> graphNetworkBlock() {
    int out = 3;
    return LayerLaws.of(key -> new GraphNetwork(smooth(key.fold(0), 2 + 4 + 4 + 2, 6, out),
        smooth(key.fold(1), out + 4 + 2, 6, out), smooth(key.fold(2), out + out + 2, 6, out),
        GraphNetwork.Wiring.full(Aggregation.mean())), 4, (block, in) -> {
          Tensor globals = Tensor.concat(1, Tensor.ones(in.graphs().count(), 1),
              Tensor.full(Shape.of(in.graphs().count(), 1), -0.5));
          Graph graph = Graph.builder(in.adjacency()).offsets(in.graphs().offsets()).build().withNodes(in.nodes())
              .withEdges(in.edges()).withGlobals(globals);
          Graph result = block.apply(graph, in.mode());
          return new Output(List.of(result.nodes()), List.of(present(result.edges())),
              List.of(present(result.globals())));
        }).withEdges(2).without(Law.ISOLATED_NODE, Law.TWINS).tests(); // one more node changes the mean of its graph
  }

  @Test
  void kernelsOverNeighborsAgreeWithTheirDefinitions() {
    for (int heads : new int[] {1, 2, 4}) {
      for (int channels : new int[] {1, 3, 16, 17, 40}) {
        Key key = Key.of(heads * 100L + channels);
        Sparse edges = Sparse.of(50, Indices.wrap(key.fold(0).integers(300, 50)),
            Indices.wrap(key.fold(1).integers(300, 50)));
        Tensor x = Tensor.normal(key.fold(2), 50, heads * channels);
        Tensor y = Tensor.normal(key.fold(3), 50, heads * channels);
        Tensor weights = Tensor.normal(key.fold(4), 300, heads);
        String what = heads + " heads of " + channels;
        close(new NeighborSum(edges, x, weights, heads).definition(), NeighborSum.of(edges, x, weights), what);
        for (Tensor own : Arrays.asList(null, y)) {
          NeighborMean mean = new NeighborMean(edges, x, own);
          close(mean.definition(), Tensor.of(mean), what);
        }
        close(new EdgeDot(edges, x, y, heads).definition(), Tensor.of(new EdgeDot(edges, x, y, heads)), what);
      }
    }
  }

  @Test
  void aggregatesOfMessagesAgreeWithTheirMeaning() {
    Key key = Key.of(5);
    Sparse edges = Sparse.of(20, Indices.wrap(key.fold(0).integers(80, 20)),
        Indices.wrap(key.fold(1).integers(80, 20)));
    Tensor x = Tensor.normal(key.fold(2), 20, 6);
    Tensor weights = Tensor.normal(key.fold(3), 80, 2);
    Mode mode = Mode.inference();
    for (Aggregation aggregation : List.of(Aggregation.sum(), Aggregation.mean())) {
      Tensor meaning = aggregation.apply(new SenderFeatures().along(edges, x, x, null, mode), edges.byReceiver());
      Tensor fast = present(new SenderFeatures().aggregated(edges, aggregation, x, x, null, mode));
      close(meaning, fast, aggregation.toString());
    }
    Tensor meaning = Aggregation.sum().apply(new Weighted().along(edges, x, x, weights, mode), edges.byReceiver());
    close(meaning, present(new Weighted().aggregated(edges, Aggregation.sum(), x, x, weights, mode)), "weighted");
  }

  private static void close(Tensor expected, Tensor actual, String what) {
    assertArrayEquals(expected.toArray(), actual.toArray(), 2e-5f, what);
  }

  private static Tensor present(@Nullable Tensor tensor) {
    return Objects.requireNonNull(tensor);
  }

  private static Mlp smooth(Key key, int... widths) {
    return Mlp.create(key, widths).withActivation(Activation.SILU);
  }
}
