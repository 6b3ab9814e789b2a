package org.orrery.conformance;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.compat.AdaptivePool;
import org.orrery.compat.AveragePool;
import org.orrery.compat.Convolution;
import org.orrery.compat.DeepMerge;
import org.orrery.compat.EachImage;
import org.orrery.compat.Flatten;
import org.orrery.compat.GroupNorm;
import org.orrery.compat.Kernel;
import org.orrery.compat.MaxPool;
import org.orrery.compat.ResidualBlock;
import org.orrery.compat.Rounding;
import org.orrery.compat.SpatialDropout;
import org.orrery.compat.SquareSumPool;
import org.orrery.compat.SumPool;
import org.orrery.compat.TransposedConvolution;
import org.orrery.compat.UNet;
import org.orrery.compat.Upsample;
import org.orrery.graph.Grid;
import org.orrery.layers.GraphLayerNorm;
import org.orrery.layers.InstanceNorm;
import org.orrery.nn.Activation;
import org.orrery.nn.Mode;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Key;
import org.orrery.testkit.ImageLaws;
import org.orrery.testkit.ImageLaws.Law;

/// The laws of layers of images, for every such layer of `org.orrery.compat`.
class ImageLayersKeepTheirLawsTest {
  private static final Mode TRAINING = Mode.training(Key.of(17));

  @TestFactory
  Stream<DynamicTest> convolution() {
    return ImageLaws.of(key -> Convolution.create(2, 3, Kernel.of(3, 3).padding(1), key), 5, 6, 2).tests();
  }

  @TestFactory
  Stream<DynamicTest> convolutionWithAnActivation() {
    return Stream.of(Activation.TANH, Activation.SILU).flatMap(activation -> ImageLaws
        .of(key -> Sequential.of(Convolution.create(2, 3, Kernel.of(3, 3).padding(1), key), activation), 5, 6, 2)
        .tests());
  }

  @TestFactory
  Stream<DynamicTest> convolutionOfSequences() {
    return ImageLaws.of(key -> Convolution.create(4, 2, Kernel.of(3).dilation(2).stride(2), 2, key), 9, 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> convolutionOfVolumes() {
    return ImageLaws.of(key -> Convolution.withoutBias(2, 2, Kernel.of(2, 3, 1).padding(1, 0, 0), 1, key), 3, 4, 2, 2)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convolutionWithOtherPadding() {
    return Stream.of(Grid.Padding.CIRCULAR, Grid.Padding.REFLECT, Grid.Padding.REPLICATE).flatMap(padding -> ImageLaws
        .of(key -> Convolution.create(2, 2, Kernel.of(3, 4).padding(1, 2).beyond(padding), key), 4, 5, 2).tests());
  }

  @TestFactory
  Stream<DynamicTest> transposedConvolution() {
    return ImageLaws.of(key -> TransposedConvolution.create(4, 2, Kernel.of(3, 2).stride(2).padding(1, 0), 2, key)
        .withExtra(List.of(1, 0)), 3, 4, 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> pools() {
    Kernel kernel = Kernel.of(3, 2).stride(2, 1).padding(1, 0);
    return Stream.of(new MaxPool(kernel, Rounding.CEILING), new SumPool(kernel, Rounding.FLOOR),
        new SquareSumPool(kernel, Rounding.CEILING),
        new AveragePool(kernel, Rounding.CEILING, new AveragePool.Divisor.PaddedCells()),
        new AveragePool(kernel, Rounding.FLOOR, new AveragePool.Divisor.Cells()), AdaptivePool.average(3, 2),
        AdaptivePool.maximum(2, 4)).flatMap(pool -> ImageLaws.of(key -> pool, 6, 5, 2).tests());
  }

  @TestFactory
  Stream<DynamicTest> upsample() {
    return Stream.of(Upsample.nearest(2, 1.5), Upsample.linear(2, 3),
        new Upsample(List.of(0.5, 2.0), Upsample.Interpolation.LINEAR_CORNERS))
        .flatMap(layer -> ImageLaws.of(key -> layer, 4, 3, 2).tests());
  }

  @TestFactory
  Stream<DynamicTest> norms() {
    return Stream.concat(ImageLaws.of(key -> GroupNorm.create(2, 4), 3, 4, 4).tests(),
        Stream.concat(ImageLaws.of(key -> new EachImage(InstanceNorm.create(3).withRescale()), 3, 4, 3).tests(),
            ImageLaws.of(key -> new EachImage(GraphLayerNorm.create(3)), 3, 4, 3).tests()));
  }

  @TestFactory
  Stream<DynamicTest> instanceNormInTraining() {
    return ImageLaws.of(key -> new EachImage(InstanceNorm.create(2).withRunning(OptionalDouble.of(0.1))), 3, 4, 2)
        .in(TRAINING).tests();
  }

  /// Noise belongs to places in a tensor.
  @TestFactory
  Stream<DynamicTest> spatialDropoutInTraining() {
    return ImageLaws.of(key -> new SpatialDropout(0.4), 3, 4, 2).in(TRAINING).without(Law.BATCH).tests();
  }

  @TestFactory
  Stream<DynamicTest> flatten() {
    return ImageLaws.of(key -> new Flatten(), 2, 3, 4).tests();
  }

  @TestFactory
  Stream<DynamicTest> residualBlock() {
    return Stream.concat(ImageLaws.of(key -> ResidualBlock.create(2, 3, 2, key), 5, 4, 2).tests(),
        ImageLaws.of(key -> ResidualBlock.create(2, 2, 1, key), 4, 4, 2).in(TRAINING)
            .without(Law.BATCH, Law.NO_IMAGES).tests());
  }

  /// Some of its many rectifiers have their corner within a step of second differences.
  @TestFactory
  Stream<DynamicTest> uNet() {
    return ImageLaws.of(key -> UNet.create(2, 2, List.of(2, 3, 4), key), 4, 8, 2).without(Law.SECOND_DERIVATIVE)
        .tests();
  }

  /// Its thousands of parameters are those of layers whose derivatives are checked above.
  @TestFactory
  Stream<DynamicTest> deepMerge() {
    return ImageLaws.of(key -> DeepMerge.create(1, 9, 8, 2, key), 9, 8, 1)
        .without(Law.GRADIENT, Law.SECOND_DERIVATIVE).tests();
  }
}
