package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.losses.GaussianNll;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

class GaussianHeadsTest {
  private static final LinearGaussian TRAINING = LinearGaussian.draw(Key.of(1), 4000);
  private static final LinearGaussian TEST = LinearGaussian.draw(Key.of(2), 60);
  private static final HeadTraining SHORT = new HeadTraining(30, 100, 0.03);

  static <H extends PosteriorHead> H trained(BiFunction<Scaler, Key, H> factory, HeadTraining how) {
    H head = factory.apply(Scaler.standard(TRAINING.thetaTensor()), Key.of(3));
    how.train(head, TRAINING.xTensor(), TRAINING.thetaTensor(), Key.of(4));
    return head;
  }

  /// Root mean square errors over test examples: of the mean in exact sigmas, of sigma as a fraction, of the correlation.
  static double[] errors(PosteriorHead head) {
    List<Posterior> learned = head.posteriors(TEST.xTensor());
    double[] squares = new double[3];
    for (int n = 0; n < learned.size(); n++) {
      Posterior exact = LinearGaussian.exact(TEST.x(n));
      for (int i = 0; i < 2; i++) {
        double sigma = exact.standardDeviation()[i];
        squares[0] += square((learned.get(n).mean()[i] - exact.mean()[i]) / sigma) / 2;
        squares[1] += square(learned.get(n).standardDeviation()[i] / sigma - 1) / 2;
      }
      squares[2] += square(learned.get(n).correlation()[0][1] - LinearGaussian.CORRELATION);
    }
    return Arrays.stream(squares).map(sum -> Math.sqrt(sum / learned.size())).toArray();
  }

  private static double square(double x) {
    return x * x;
  }

  @Test
  void aFullCovarianceHeadLearnsTheExactPosterior() { // 4,000 examples determine a mean to 2 % of sigma, sigma to 1 %
    double[] errors = errors(trained((scaler, key) -> GaussianHead.create(2, scaler, Covariance.FULL, key), SHORT));
    assertTrue(errors[0] < 0.1 && errors[1] < 0.05 && errors[2] < 0.02,
        "errors of mean, sigma and correlation: " + Arrays.toString(errors));
  }

  @Test
  void aDiagonalHeadLearnsMarginalsAndIsWrongJointly() {
    PosteriorHead head = trained((scaler, key) -> GaussianHead.create(2, scaler, Covariance.DIAGONAL, key), SHORT);
    double[] errors = errors(head);
    assertTrue(errors[0] < 0.1 && errors[1] < 0.05, "errors " + Arrays.toString(errors));
    assertEquals(0.8, errors[2], 1e-9, "its correlation is 0");
  }

  @Test
  void aMomentHeadLearnsMeansAndStandardDeviations() {
    double[] errors = errors(trained((scaler, key) -> MomentHead.create(2, scaler, key), SHORT));
    assertTrue(errors[0] < 0.1 && errors[1] < 0.1, "errors " + Arrays.toString(errors));
  }

  @Test
  void aFullCovarianceScoresBetterThanADiagonalOneByTheInformationInTheCorrelation() {
    PosteriorHead full = trained((scaler, key) -> GaussianHead.create(2, scaler, Covariance.FULL, key), SHORT);
    PosteriorHead diagonal = trained((scaler, key) -> GaussianHead.create(2, scaler, Covariance.DIAGONAL, key), SHORT);
    double gain = diagonal.loss(TEST.xTensor(), TEST.thetaTensor(), Mode.inference()).item()
        - full.loss(TEST.xTensor(), TEST.thetaTensor(), Mode.inference()).item();
    assertEquals(-Math.log(1 - 0.8 * 0.8) / 2, gain, 0.3); // -log(1 - rho^2) / 2 = 0.51; 60 examples scatter by 0.1
  }

  static Map<String, BiFunction<Scaler, Key, PosteriorHead>> heads() {
    return Map.of("diagonal", (s, key) -> GaussianHead.create(3, s, Covariance.DIAGONAL, key),
        "full", (s, key) -> GaussianHead.create(3, s, Covariance.FULL, key),
        "moments", (s, key) -> MomentHead.create(3, s, key));
  }

  @TestFactory
  Stream<DynamicTest> theDensityOfThePosteriorIsTheLossOfTraining() {
    return heads().entrySet().stream().sorted(Map.Entry.comparingByKey())
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> DensityLaw.check(3, 3, entry.getValue())));
  }

  @Test
  void aDiagonalHeadIsGaussianNllInUnitsOfTheParameters() {
    Scaler scaler = Scaler.standard(TRAINING.thetaTensor());
    GaussianHead head = GaussianHead.create(2, scaler, Covariance.DIAGONAL, Key.of(5));
    Tensor numbers = head.network().apply(TEST.xTensor(), Mode.inference());
    Tensor standardized = new GaussianNll(numbers.slice(1, 2, 4).multiply(-2)).each(numbers.slice(1, 0, 2),
        scaler.apply(TEST.thetaTensor())).sum(-1);
    double units = Math.log(Math.TAU) + Standardization.logVolume(scaler).item(); // d log(2 pi) / 2 and sum log scale
    double[] expected = standardized.toDoubles();
    double[] own = head.negativeLogDensity(TEST.xTensor(), TEST.thetaTensor(), Mode.inference()).toDoubles();
    for (int n = 0; n < own.length; n++) {
      assertEquals(expected[n] + units, own[n], 1e-4 * (1 + Math.abs(own[n])));
    }
  }

  @Test
  void aScalerThatTakesLogarithmsIsRefused() {
    Scaler logarithms = Scaler.logarithm(TRAINING.thetaTensor().abs().add(0.1));
    Refusal.says("infer log theta",
        () -> GaussianHead.create(2, logarithms, Covariance.FULL, Key.of(6)));
  }

  @Test
  void aPriorStandardizesToMinusOneAndOne() {
    Scaler scaler = PriorBox.of(new double[] {0.1, 0.6}, new double[] {0.5, 1}).scaler();
    assertArrayEquals(new double[] {-1, 1, 0, -1},
        scaler.apply(Tensor.of(new double[] {0.1, 1, 0.3, 0.6}, 2, 2)).toDoubles(), 1e-6);
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    GaussianHead head = GaussianHead.create(2, Scaler.empty(2), Covariance.FULL, Key.of(7));
    Refusal.says("[examples, 2]",
        () -> head.loss(Tensor.zeros(4, 2), Tensor.zeros(4, 3), Mode.inference()));
  }
}
