package org.orrery.conformance;

import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.layers.GraphLayerNorm;
import org.orrery.layers.GraphNorm;
import org.orrery.layers.InstanceNorm;
import org.orrery.layers.MeanSubtraction;
import org.orrery.layers.PairNorm;
import org.orrery.nn.Activation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Dropout;
import org.orrery.nn.Embedding;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.ScaleShift;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Expression;
import org.orrery.tensor.backend.Unary;
import org.orrery.testkit.LayerLaws;
import org.orrery.testkit.LayerLaws.Law;
import org.orrery.testkit.LayerLaws.Output;

/// The laws of layers, for every layer of `org.orrery.nn`.
class LayersKeepTheirLawsTest {
  private static final Mode TRAINING = Mode.training(Key.of(17));

  @TestFactory
  Stream<DynamicTest> linear() {
    return LayerLaws.ofLayer(key -> Linear.create(4, 3, key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> linearWithoutBias() {
    return LayerLaws.ofLayer(key -> Linear.withoutBias(4, 3, key), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> mlp() {
    return LayerLaws.ofLayer(key -> Mlp.create(key, 4, 6, 2).withActivation(Activation.SILU)
        .withNorm(LayerNorm::create).withEnding(Mlp.Epilogue.PLAIN), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> sequential() {
    return LayerLaws.ofLayer(key -> Sequential.of(Linear.create(4, 5, key), Activation.TANH, LayerNorm.create(5),
        Linear.create(5, 2, key.fold(1))), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> activations() {
    Stream<Activation> smooth = Stream.of(Unary.values())
        .filter(kind -> kind.least() == Double.NEGATIVE_INFINITY && !kind.slope(1).equals(new Expression.Literal(0)))
        .map(kind -> new Activation(kind, 0.7));
    return Stream.concat(Stream.of(Activation.IDENTITY), smooth)
        .flatMap(activation -> LayerLaws.ofLayer(key -> activation, 3).tests());
  }

  @TestFactory
  Stream<DynamicTest> scaleShift() {
    return LayerLaws.ofLayer(key -> ScaleShift.create(4), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> layerNorm() {
    return LayerLaws.ofLayer(key -> LayerNorm.create(4), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> layerNormWithoutParameters() {
    return LayerLaws.ofLayer(key -> new LayerNorm(4, 1e-5, null), 4).tests();
  }

  /// In use a batch norm is a map of each row by itself.
  @TestFactory
  Stream<DynamicTest> batchNorm() {
    return LayerLaws.ofLayer(key -> BatchNorm.create(4), 4).tests();
  }

  /// In training rows depend on each other, and there must be some.
  @TestFactory
  Stream<DynamicTest> batchNormInTraining() {
    return LayerLaws.ofLayer(key -> BatchNorm.create(4), 4).in(TRAINING)
        .without(Law.BATCH, Law.ISOLATED_NODE, Law.EMPTY_GRAPH, Law.TWINS).tests();
  }

  /// Noise belongs to places in a tensor, so only what keeps rows in place holds.
  @TestFactory
  Stream<DynamicTest> dropoutInTraining() {
    return LayerLaws.ofLayer(key -> new Dropout(0.4), 4).in(TRAINING)
        .without(Law.NODE_PERMUTATION, Law.BATCH, Law.TWINS).tests();
  }

  @TestFactory
  Stream<DynamicTest> dropoutInUse() {
    return LayerLaws.ofLayer(key -> new Dropout(0.4), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> graphNorm() {
    return LayerLaws.ofGraphwise(key -> GraphNorm.create(4), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> graphLayerNorm() {
    return LayerLaws.ofGraphwise(key -> GraphLayerNorm.create(4), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> instanceNorm() {
    return LayerLaws.ofGraphwise(key -> InstanceNorm.create(4).withRescale(), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> instanceNormInTraining() {
    return LayerLaws.ofGraphwise(key -> InstanceNorm.create(4).withRunning(OptionalDouble.of(0.1)), 4).in(TRAINING)
        .tests();
  }

  /// With running moments it is a map of each row by itself.
  @TestFactory
  Stream<DynamicTest> instanceNormInUse() {
    return LayerLaws.ofLayer(key -> InstanceNorm.create(4).withRunning(OptionalDouble.of(0.1)), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> pairNorm() {
    return LayerLaws.ofGraphwise(key -> PairNorm.create(), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> pairNormOfEachNode() {
    return LayerLaws.ofGraphwise(key -> new PairNorm(2, PairNorm.Scaling.NODE, 1e-5), 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> meanSubtraction() {
    return LayerLaws.ofGraphwise(key -> new MeanSubtraction(), 4).tests();
  }

  /// Labels are the places of the nodes, so nodes stay where they are.
  @TestFactory
  Stream<DynamicTest> embedding() {
    return LayerLaws.of(key -> Embedding.create(3000, 2, key), 2, (Embedding layer, LayerLaws.Input in) -> Output
        .ofNodes(layer.apply(Indices.range(0, in.nodes().rows())).multiply(in.nodes())))
        .without(Law.NODE_PERMUTATION, Law.BATCH, Law.TWINS, Law.GRADIENT, Law.NO_EDGES).tests();
  }
}
