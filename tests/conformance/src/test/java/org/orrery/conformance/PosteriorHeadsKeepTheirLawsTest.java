package org.orrery.conformance;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.inference.FlowHead;
import org.orrery.inference.GaussianHead;
import org.orrery.inference.MixtureHead;
import org.orrery.inference.MomentHead;
import org.orrery.inference.PosteriorHead;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.testkit.GradientCheck;
import org.orrery.testkit.LayerLaws;
import org.orrery.training.Scaler;

/// The laws of layers, gradients of first and second order among them, for the log density of every head. Examples are nodes; the
/// parameters of each are a part of its own summary, so that gradients flow to both.
class PosteriorHeadsKeepTheirLawsTest {
  private static final int WIDTH = 4;
  private static final int DIMENSIONS = 3;

  private static Stream<DynamicTest> laws(BiFunction<Scaler, Key, ? extends PosteriorHead> factory) {
    return LayerLaws.<PosteriorHead>of(key -> {
      Tensor theta = Tensor.of(new double[] {-1, 0, 0.2, 1, 0.5, 1.2}, 2, DIMENSIONS);
      return factory.apply(Scaler.standard(theta), key);
    }, WIDTH, (head, input) -> {
      Tensor theta = input.nodes().slice(1, 0, DIMENSIONS);
      Tensor density = head.negativeLogDensity(input.nodes(), theta, input.mode());
      return LayerLaws.Output.ofNodes(density.unsqueeze(1));
    }).tests();
  }

  @TestFactory
  Stream<DynamicTest> diagonalGaussian() {
    return laws((scaler, key) -> GaussianHead.create(WIDTH, scaler, GaussianHead.Covariance.DIAGONAL, key));
  }

  @TestFactory
  Stream<DynamicTest> fullGaussian() {
    return laws((scaler, key) -> GaussianHead.create(WIDTH, scaler, GaussianHead.Covariance.FULL, key));
  }

  @TestFactory
  Stream<DynamicTest> mixture() {
    return laws((scaler, key) -> MixtureHead.create(WIDTH, scaler, 2, key));
  }

  @TestFactory
  Stream<DynamicTest> flow() {
    return laws((scaler, key) -> FlowHead.create(WIDTH, scaler, new FlowHead.Form(2, 3, 3, 2), key));
  }

  @TestFactory
  Stream<DynamicTest> moments() {
    return laws((scaler, key) -> MomentHead.create(WIDTH, scaler, key));
  }

  @Test
  void theLossOfMomentsHasItsGradientsToo() {
    GradientCheck.of(() -> {
      MomentHead head = MomentHead.create(WIDTH, Scaler.empty(2), Key.of(1));
      return GradientCheck.Subject.of(x -> head.loss(x.get(0), x.get(1), Mode.inference()),
          Tensor.normal(Key.of(2), 5, WIDTH), Tensor.normal(Key.of(3), 5, 2)).with(head);
    }).check();
  }
}
