package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.Parallel;
import org.orrery.training.Scaler;

class FlowHeadTest {
  private static final RationalQuadraticSpline SPLINE = new RationalQuadraticSpline(8, 4);
  private static final FlowHead.Form SMALL = new FlowHead.Form(1, 8, 4, 16);

  @Test
  void theInverseOfASplineIsExact() {
    for (int trial = 0; trial < 20; trial++) {
      double[] numbers = Tensor.normal(Key.of(41).fold(trial), SPLINE.numbers()).toDoubles();
      RationalQuadraticSpline.Function g = SPLINE.function(numbers, 0);
      double before = Double.NEGATIVE_INFINITY;
      for (double x = -5; x <= 5; x += 0.01) {
        double y = g.value(x);
        assertTrue(y > before, "rises at " + x);
        before = y;
        assertEquals(x, g.inverse(y), 1e-9, "trial " + trial);
        double slope = (g.value(x + 1e-6) - g.value(x - 1e-6)) / 2e-6;
        assertEquals(Math.exp(g.logSlope(x)), slope, 5e-3 * slope, "slope at " + x); // continuous: across knots too
      }
    }
  }

  @Test
  void theSplineOfTensorsIsTheOneOfNumbers() {
    Tensor numbers = Tensor.normal(Key.of(42), 200, SPLINE.numbers());
    Tensor x = Tensor.normal(Key.of(43), 200, 1).multiply(2.5);
    RationalQuadraticSpline.Image image = SPLINE.of(x, numbers);
    double[] all = numbers.toDoubles();
    for (int n = 0; n < 200; n++) {
      RationalQuadraticSpline.Function g = SPLINE.function(all, n * SPLINE.numbers());
      double at = x.toDoubles()[n];
      assertEquals(g.value(at), image.value().toDoubles()[n], 2e-5);
      assertEquals(g.logSlope(at), image.logSlope().toDoubles()[n], 2e-4);
    }
  }

  @Test
  void numbersOfZeroGiveTheIdentity() {
    RationalQuadraticSpline.Function g = SPLINE.function(new double[SPLINE.numbers()], 0);
    for (double x = -4.5; x < 4.5; x += 0.07) {
      assertEquals(x, g.value(x), 1e-12);
      assertEquals(0, g.logSlope(x), 1e-12);
    }
  }

  /// A flow whose weights are far from a normal distribution.
  private static FlowPosterior bent(int dimensions, int transforms) {
    Scaler scaler = Scaler.standard(Tensor.normal(Key.of(44), 20, dimensions).multiply(0.3).add(1));
    FlowHead head = FlowHead.create(3, scaler, FlowHead.Form.USUAL.withTransforms(transforms), Key.of(45));
    for (Parameter parameter : head.trainable()) {
      parameter.refill(parameter.value().detach().multiply(1.5));
    }
    return (FlowPosterior) head.posteriors(Tensor.normal(Key.of(46), 1, 3)).getFirst();
  }

  @Test
  void theInverseOfAFlowIsItsInverse() {
    FlowPosterior flow = bent(3, 2);
    for (double[] theta : flow.sample(Key.of(47), 100)) {
      double[] base = flow.toBase(theta);
      assertArrayEquals(theta, flow.fromBase(Arrays.copyOf(base, 3)), 1e-7); // 1e-5 is required
    }
  }

  @Test
  void theDensityIntegratesToOneAndAgreesWithDraws() {
    FlowPosterior flow = bent(2, 2);
    double[] mean = flow.mean();
    double[] sigma = flow.standardDeviation();
    int cells = 160;
    double mass = 0;
    double[] center = new double[2];
    for (int i = 0; i < cells; i++) {
      for (int j = 0; j < cells; j++) {
        double[] theta = {mean[0] + sigma[0] * 8 * ((i + 0.5) / cells * 2 - 1),
          mean[1] + sigma[1] * 8 * ((j + 0.5) / cells * 2 - 1)};
        double cell = Math.exp(flow.logDensity(theta)) * sigma[0] * sigma[1] * 256 / cells / cells;
        mass += cell;
        center[0] += cell * theta[0];
        center[1] += cell * theta[1];
      }
    }
    assertEquals(1, mass, 0.01);
    assertEquals(mean[0], center[0], 0.03 * sigma[0]);
    assertEquals(mean[1], center[1], 0.03 * sigma[1]);
    double drawn = Arrays.stream(flow.sample(Key.of(48), 4000)).mapToDouble(draw -> draw[0]).average().orElseThrow();
    assertEquals(mean[0], drawn, 0.06 * sigma[0]); // 4 / sqrt 4000
    assertEquals(0.3, flow.cumulative(0, flow.quantile(0, 0.3)), 1e-3);
  }

  /// u_0 standard normal, u_1 = u_0^2 + 0.3 n: the exact density has -E log p = log(2 pi e) + log 0.3.
  @Test
  void aFlowLearnsABananaThatANormalDistributionCannot() {
    Tensor noise = Tensor.normal(Key.of(51), 3000, 2);
    Tensor first = noise.slice(1, 0, 1);
    Tensor theta = Tensor.concat(1, first, first.square().add(noise.slice(1, 1, 2).multiply(0.3)));
    Tensor nothing = Tensor.ones(3000, 1);
    PosteriorHead flow = FlowHead.create(1, Scaler.standard(theta), SMALL, Key.of(52));
    PosteriorHead normal = GaussianHead.create(1, Scaler.standard(theta), Covariance.FULL, Key.of(53));
    new HeadTraining(20, 200, 0.01).train(flow, nothing, theta, Key.of(54));
    new HeadTraining(20, 200, 0.03).train(normal, nothing, theta, Key.of(55));
    double exact = Math.log(Math.TAU * Math.E) + Math.log(0.3);
    double learned = flow.loss(nothing, theta, Mode.inference()).item();
    double gaussian = normal.loss(nothing, theta, Mode.inference()).item();
    assertEquals(Math.log(Math.TAU * Math.E) + Math.log(Math.sqrt(2.09)), gaussian, 0.1); // Var u_0^2 = 2
    assertTrue(learned < exact + 0.15, "exact " + exact + ", learned " + learned);
    assertTrue(learned < gaussian - 1, "normal " + gaussian + ", flow " + learned);
  }

  /// x says |theta| up to 0.1: the posterior has two modes.
  @Test
  void aFlowAndAMixtureLearnTwoModes() {
    Tensor noise = Tensor.normal(Key.of(56), 3000, 2);
    Tensor theta = noise.slice(1, 0, 1);
    Tensor x = theta.abs().add(noise.slice(1, 1, 2).multiply(0.1));
    Scaler scaler = Scaler.standard(theta);
    PosteriorHead flow = FlowHead.create(1, scaler, SMALL, Key.of(57));
    PosteriorHead mixture = MixtureHead.create(1, scaler, 2, Key.of(58));
    new HeadTraining(20, 200, 0.01).train(flow, x, theta, Key.of(59));
    new HeadTraining(20, 200, 0.05).train(mixture, x, theta, Key.of(60));
    for (PosteriorHead head : List.of(flow, mixture)) {
      Posterior posterior = head.posteriors(Tensor.of(new double[] {1}, 1, 1)).getFirst();
      double atModes = Math.min(posterior.logDensity(1.0), posterior.logDensity(-1.0));
      assertTrue(atModes > posterior.logDensity(0.0) + 3, head + " has no valley between its modes");
      assertEquals(0.5, posterior.cumulative(0, 0), 0.1);
      assertEquals(1, posterior.standardDeviation()[0], 0.1); // sqrt(1 + 0.1^2)
      assertTrue(posterior.credibility(0.0) > 0.99 && posterior.credibility(1.0) < 0.6);
    }
  }

  @Test
  void aFlowAndAMixtureLearnTheExactPosterior() {
    HeadTraining how = new HeadTraining(15, 100, 0.01);
    double[] flow = GaussianHeadsTest
        .errors(GaussianHeadsTest.trained((scaler, key) -> FlowHead.create(2, scaler, SMALL, key), how));
    assertTrue(flow[0] < 0.2 && flow[1] < 0.1 && flow[2] < 0.05, "flow: " + Arrays.toString(flow));
    double[] mixture = GaussianHeadsTest.errors(GaussianHeadsTest
        .trained((scaler, key) -> MixtureHead.create(2, scaler, 2, key), new HeadTraining(30, 100, 0.03)));
    assertTrue(mixture[0] < 0.1 && mixture[1] < 0.1 && mixture[2] < 0.05, "mixture: " + Arrays.toString(mixture));
  }

  @Test
  void theDensityOfThePosteriorIsTheLossOfTraining() {
    DensityLaw.check(3, 3, (scaler, key) -> FlowHead.create(3, scaler, FlowHead.Form.USUAL, key));
    DensityLaw.check(3, 3, (scaler, key) -> MixtureHead.create(3, scaler, 3, key));
  }

  @Test
  void laterTrainingDoesNotChangeAPosterior() {
    FlowHead head = FlowHead.create(1, Scaler.empty(1), SMALL, Key.of(61));
    Posterior posterior = head.posteriors(Tensor.ones(1, 1)).getFirst();
    double before = posterior.logDensity(0.3);
    head.trainable().forEach(parameter -> parameter.refill(parameter.value().detach().multiply(3)));
    assertEquals(before, posterior.logDensity(0.3), 0);
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    Tensor summary = Tensor.normal(Key.of(62), 6, 3);
    double[][] truths = new double[6][2];
    List<double[]> numbers = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      numbers.add(Parallel.with(threads, () -> {
        FlowHead head = FlowHead.create(3, Scaler.empty(2), SMALL, Key.of(63));
        Predictions predictions = Predictions.of(head.posteriors(summary), truths);
        Posterior first = predictions.posterior(0);
        return new double[] {first.mean()[0], first.sample(Key.of(64), 99)[98][1], first.credibility(0.1, 0.2),
          Coverage.of(predictions).jointExcess(), Sbc.of(predictions, 9, Key.of(65)).pValue(0),
          Tarp.of(predictions, PriorBox.of(new double[] {-1, -1}, new double[] {1, 1}), Key.of(66)).excess(),
          Score.RMSE.interval(predictions, 0, 0.9, 40, Key.of(67)).low()};
      }));
    }
    assertArrayEquals(numbers.get(0), numbers.get(1), 0);
    assertArrayEquals(numbers.get(0), numbers.get(2), 0);
  }

  @Test
  void aFlowWithinAPriorStaysInside() {
    FlowPosterior flow = bent(2, 1);
    double[] median = {flow.quantile(0, 0.5), flow.quantile(1, 0.5)};
    PriorBox right = PriorBox.of(new double[] {median[0], -100}, new double[] {100, 100});
    Posterior cut = flow.within(right);
    assertEquals(flow.logDensity(median[0] + 0.1, median[1]) + Math.log(2),
        cut.logDensity(median[0] + 0.1, median[1]), 0.01); // half of it is left
    for (double[] draw : cut.sample(Key.of(68), 200)) {
      assertTrue(right.contains(draw));
    }
    assertEquals(flow.quantile(0, 0.75), cut.quantile(0, 0.5), 0.02 * flow.standardDeviation()[0]);
  }
}
