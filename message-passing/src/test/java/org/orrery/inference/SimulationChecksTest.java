package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class SimulationChecksTest {
  private static final Predictions RIGHT = LinearGaussian.draw(Key.of(81), 600).predictions();

  @Test
  void ranksOfRightPosteriorsAreUniform() {
    Sbc sbc = Sbc.of(RIGHT, 99, Key.of(82));
    for (int i = 0; i < 2; i++) {
      assertTrue(sbc.pValue(i) > 0.01 && sbc.chiSquaredPValue(i, 20) > 0.01, "p " + sbc.pValue(i));
      assertEquals(600, Arrays.stream(sbc.histogram(i, 20)).sum());
      assertTrue(Arrays.stream(sbc.ranks(i)).allMatch(rank -> rank >= 0 && rank <= 99));
    }
  }

  @Test
  void ranksCatchOverconfidenceAndBias() {
    Sbc narrow = Sbc.of(RIGHT.map(posterior -> posterior.widened(0.6, 0.6)), 99, Key.of(83));
    assertTrue(narrow.chiSquaredPValue(0, 20) < 1e-6 && narrow.pValue(0) < 0.01);
    int[] counts = narrow.histogram(0, 20);
    assertTrue(counts[0] > 60 && counts[19] > 60, "a U: 30 are expected in each of 20 bins");
    Sbc biased = Sbc.of(RIGHT.map(posterior -> {
      double[] mean = posterior.mean();
      mean[1] -= posterior.standardDeviation()[1] / 2;
      return GaussianMixture.normal(mean, posterior.covariance());
    }), 99, Key.of(84));
    assertTrue(biased.pValue(1) < 1e-6 && biased.pValue(0) > 0.01);
    assertTrue(biased.histogram(1, 2)[1] > 360, "truths lie above");
  }

  @Test
  void ranksFailRightPosteriorsAtTheStatedRate() { // p < 0.1 in 300 tests: a binomial number with p = 0.1
    int failed = 0;
    int uneven = 0;
    for (int run = 0; run < 300; run++) {
      Predictions predictions = LinearGaussian.draw(Key.of(85).fold(run), 60).predictions();
      Sbc sbc = Sbc.of(predictions, 19, Key.of(86).fold(run));
      failed += sbc.pValue(0) < 0.1 ? 1 : 0;
      uneven += sbc.chiSquaredPValue(1, 5) < 0.1 ? 1 : 0;
    }
    BinomialBand band = BinomialBand.of(300, 0.1, 0.999);
    assertTrue(band.contains(failed / 300.0) && band.contains(uneven / 300.0), failed + " and " + uneven + " of 300");
  }

  @Test
  void binsThatDoNotDivideTheRanksAreRefused() {
    Refusal.says("7 bins of 100 ranks", () -> Sbc.of(RIGHT, 99, Key.of(87)).histogram(0, 7));
  }

  /// Errors of the model are 0.9 times those of the baseline, example by example: the ratio is known almost exactly, though each RMSE
  /// scatters by 1 / sqrt(2 x 100) = 7 %.
  @Test
  void aPairedBootstrapSeesWhatBothFindHard() {
    double[] truths = Tensor.normal(Key.of(88), 100).toDoubles();
    double[] errors = Tensor.normal(Key.of(89), 100).toDoubles();
    double[] small = Tensor.normal(Key.of(90), 100).multiply(0.01).toDoubles();
    double[] baseline = new double[100];
    double[] model = new double[100];
    for (int n = 0; n < 100; n++) {
      baseline[n] = truths[n] + errors[n];
      model[n] = truths[n] + 0.9 * errors[n] + small[n];
    }
    PairedBootstrap paired = PairedBootstrap.of(Score.RMSE, model, baseline, truths, 1000, Key.of(91));
    assertTrue(paired.ratio(0.95).contains(0.9) && paired.ratio(0.95).width() < 0.01, paired.ratio(0.95).toString());
    assertTrue(paired.difference(0.95).high() < 0);
    assertEquals(1, paired.shareLower(), 0);
    assertEquals(paired.model() / paired.baseline(), 0.9, 0.01);
    PairedBootstrap same = PairedBootstrap.of(Score.RMSE, model, model, truths, 100, Key.of(92));
    assertEquals(0, same.difference(0.9).width(), 0);
  }

  @Test
  void aBootstrapIntervalHoldsTheTruthAboutAsOftenAsItSays() { // percentiles of 60 examples fall short by a few percent
    int held = 0;
    for (int run = 0; run < 200; run++) {
      double[] error = Tensor.normal(Key.of(93).fold(run), 120).toDoubles();
      double[] truths = new double[60];
      PairedBootstrap paired = PairedBootstrap.of(Score.RMSE, Arrays.copyOf(error, 60),
          Arrays.copyOfRange(error, 60, 120), truths, 200, Key.of(94).fold(run));
      held += paired.difference(0.9).contains(0) ? 1 : 0;
    }
    assertTrue(BinomialBand.of(200, 0.88, 0.999).contains(held / 200.0), "held " + held + " of 200");
  }

  private static double[] simulated(double[] theta, Key key, double noise) {
    double[] u = {(theta[0] - 0.3) / 0.1, (theta[1] - 0.8) / 0.05};
    float[] n = key.normal(2);
    return new double[] {u[0] + u[1] + noise * n[0] / Math.sqrt(13), u[0] - u[1] + noise * n[1]};
  }

  @Test
  void aRightSimulatorReproducesTheObservationAndAWrongOneDoesNot() {
    double[] x = LinearGaussian.draw(Key.of(95), 1).x(0);
    Posterior posterior = LinearGaussian.exact(x);
    PosteriorPredictive right = PosteriorPredictive.check(posterior, (theta, key) -> simulated(theta, key, 1), x, 400,
        Key.of(96));
    assertTrue(right.leastPValue() > 0.1, "p " + right.leastPValue());
    assertTrue(right.band(0, 0.99).contains(x[0]));
    for (double shift : new double[] {-8, 8}) {
      PosteriorPredictive shifted = PosteriorPredictive.check(posterior, (theta, key) -> {
        double[] wrong = simulated(theta, key, 1);
        wrong[1] += shift;
        return wrong;
      }, x, 400, Key.of(96));
      assertEquals(2 / 401.0, shifted.pValue(1), 1e-12, "all simulations lie on one side");
      assertEquals(right.pValue(0), shifted.pValue(0), 0);
      assertEquals(4 / 401.0, shifted.leastPValue(), 1e-12);
    }
  }

  private static Tensor features(long seed, int rows) { // three features, the first two correlated at 0.95
    Tensor noise = Tensor.normal(Key.of(seed), rows, 3);
    Tensor second = noise.slice(1, 0, 1).multiply(0.95).add(noise.slice(1, 1, 2).multiply(Math.sqrt(1 - 0.95 * 0.95)));
    return Tensor.concat(1, noise.slice(1, 0, 1), second.multiply(10), noise.slice(1, 2, 3));
  }

  @Test
  void falseAlarmsComeAtTheStatedRate() { // over many calibrations: p <= 0.1 with probability 20 / 200
    for (Misspecification.Distance distance : new Misspecification.Distance[] {
      new Misspecification.Distance.Mahalanobis(), new Misspecification.Distance.Nearest(3)}) {
      int alarms = 0;
      for (int run = 0; run < 40; run++) {
        Misspecification test = Misspecification.fit(features(1000 + run, 60), features(2000 + run, 199), distance);
        double[] fresh = features(3000 + run, 25).toDoubles();
        for (int n = 0; n < 25; n++) {
          alarms += test.check(Arrays.copyOfRange(fresh, 3 * n, 3 * n + 3), 0.1).alarm() ? 1 : 0;
        }
      }
      // 1,000 checks, 25 of which share a calibration: 0.1 +- sqrt(0.09 / 1000 + 0.09 / (200 x 40)), 3.3 sigma
      assertEquals(0.1, alarms / 1000.0, 0.034, distance + " gives " + alarms + " alarms in 1,000");
    }
  }

  @Test
  void aBrokenCorrelationIsCaughtThoughEachFeatureIsUsual() {
    Misspecification test = Misspecification.fit(features(97, 300), features(98, 199));
    assertFalse(test.check(new double[] {1.5, 14, 0}, 0.01).alarm(), "as the correlation has it");
    Misspecification.Verdict verdict = test.check(new double[] {1.5, -14, 0}, 0.01);
    assertTrue(verdict.alarm() && verdict.distance() > 6, verdict.toString());
    assertEquals(1 / 200.0, verdict.pValue(), 1e-12);
  }

  @Test
  void anObservationBetweenTwoClumpsIsCaughtByItsNeighborsAlone() {
    Tensor sign = Tensor.uniform(Key.of(99), 400, 1).greater(0.5).multiply(20).subtract(10);
    Tensor clumps = Tensor.concat(1, Tensor.normal(Key.of(100), 400, 1).add(sign), Tensor.uniform(Key.of(101), 400, 1));
    Tensor train = clumps.slice(0, 0, 200);
    Tensor heldOut = clumps.slice(0, 200, 400);
    double[] between = {0, 0.5};
    Misspecification nearest = Misspecification.fit(train, heldOut, new Misspecification.Distance.Nearest(5));
    assertTrue(nearest.check(between, 0.01).alarm());
    assertFalse(Misspecification.fit(train, heldOut).check(between, 0.01).alarm(), "it is the mean");
  }

  @Test
  void fewerExamplesThanFeaturesAreEnough() {
    Misspecification test = Misspecification.fit(Tensor.normal(Key.of(102), 20, 50),
        Tensor.normal(Key.of(103), 99, 50));
    assertTrue(test.shrinkage() > 0.5, "uncorrelated features: " + test.shrinkage());
    double[] far = new double[50];
    Arrays.fill(far, 3);
    assertTrue(test.check(far, 0.01).alarm());
    assertFalse(test.check(new double[50], 0.05).alarm());
    Refusal.says("at least 1 / (1 + inputs)", () -> test.check(far, 0.001));
  }

  @Test
  void manyExamplesNeedNoShrinkage() {
    assertTrue(Misspecification.fit(features(104, 2000), features(105, 50)).shrinkage() < 0.01);
  }

  @Test
  void theSameKeyGivesTheSameNumbers() {
    assertArrayEquals(Sbc.of(RIGHT, 19, Key.of(106)).ranks(0), Sbc.of(RIGHT, 19, Key.of(106)).ranks(0));
    assertEquals(Score.RMSE.interval(RIGHT, 0, 0.9, 50, Key.of(107)),
        Score.RMSE.interval(RIGHT, 0, 0.9, 50, Key.of(107)));
    assertFalse(Score.RMSE.interval(RIGHT, 0, 0.9, 50, Key.of(107))
        .equals(Score.RMSE.interval(RIGHT, 0, 0.9, 50, Key.of(108))));
  }
}
