package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.Key;

/// Right posteriors pass at the stated rate; each diagnostic catches the defects that it should.
class DiagnosticsTest {
  private static final Predictions RIGHT = LinearGaussian.draw(Key.of(21), 1000).predictions();
  private static final Predictions OVERCONFIDENT = RIGHT.map(posterior -> posterior.widened(0.7, 0.7));
  private static final Predictions TOO_WIDE = RIGHT.map(posterior -> posterior.widened(1.4, 1.4));
  private static final Predictions BIASED = RIGHT.map(shifted(0.5));
  private static final Predictions UNCORRELATED = RIGHT.map(DiagnosticsTest::withoutCorrelation);
  private static final double SURE = 1e-6;

  /// The mean of the first parameter moved up by so many of its standard deviations.
  private static UnaryOperator<Posterior> shifted(double sigmas) {
    return posterior -> {
      double[] mean = posterior.mean();
      mean[0] += sigmas * posterior.standardDeviation()[0];
      return GaussianMixture.normal(mean, posterior.covariance());
    };
  }

  private static Posterior withoutCorrelation(Posterior posterior) {
    double[][] covariance = posterior.covariance();
    covariance[0][1] = 0;
    covariance[1][0] = 0;
    return GaussianMixture.normal(posterior.mean(), covariance);
  }

  private static Tarp tarp(Predictions predictions) {
    return Tarp.of(predictions, Tarp.References.uniform(LinearGaussian.box()), new Tarp.Effort(20, 100, 100),
        Key.of(22));
  }

  @Test
  void rightPosteriorsPassEveryDiagnostic() {
    Coverage coverage = Coverage.of(RIGHT);
    Pit pit = Pit.of(RIGHT);
    ReducedChiSquared chi = ReducedChiSquared.of(RIGHT);
    for (int i = 0; i < 2; i++) {
      assertTrue(coverage.pValue(i) > 0.01, "coverage " + coverage.pValue(i));
      assertTrue(coverage.band(0.68, 0.99).contains(coverage.fraction(i, 0.68)));
      assertTrue(pit.pValue(i) > 0.01, "pit " + pit.pValue(i));
      assertTrue(chi.band(0.99).contains(chi.value(i)), "chi-squared " + chi.value(i));
      for (double share : pit.histogram(i, 10)) {
        assertTrue(pit.bandOfAll(10, 0.99).contains(share), "share " + share);
      }
    }
    assertTrue(coverage.jointPValue() > 0.01, "joint coverage " + coverage.jointPValue());
    assertTrue(chi.jointBand(0.99).contains(chi.joint()), "joint chi-squared " + chi.joint());
    assertTrue(tarp(RIGHT).pValue() > 0.05, "tarp " + tarp(RIGHT).pValue());
  }

  @Test
  void rightPosteriorsFailAtTheStatedRate() { // p < 0.1 in 300 tests of 50 examples: a binomial number with p = 0.1
    TreeMap<String, ToDoubleFunction<Predictions>> pValues = new TreeMap<>();
    pValues.put("coverage", predictions -> Coverage.of(predictions).pValue(0));
    pValues.put("joint coverage", predictions -> Coverage.of(predictions).jointPValue());
    pValues.put("pit", predictions -> Pit.of(predictions).pValue(1));
    pValues.put("chi-squared", predictions -> ReducedChiSquared.of(predictions).pValue(0));
    pValues.put("joint chi-squared", predictions -> ReducedChiSquared.of(predictions).jointPValue());
    int[] failed = new int[pValues.size()];
    for (int run = 0; run < 300; run++) {
      Predictions predictions = LinearGaussian.draw(Key.of(23).fold(run), 50).predictions();
      int at = 0;
      for (ToDoubleFunction<Predictions> pValue : pValues.values()) {
        failed[at++] += pValue.applyAsDouble(predictions) < 0.1 ? 1 : 0;
      }
    }
    BinomialBand band = BinomialBand.of(300, 0.1, 0.999);
    int at = 0;
    for (String name : pValues.keySet()) {
      assertTrue(band.contains(failed[at] / 300.0), name + " failed " + failed[at] + " of 300 times");
      at++;
    }
  }

  @Test
  void tarpFailsRightPosteriorsAtTheStatedRate() { // p is a multiple of 1 / 40: p <= 0.1 with probability 0.1
    int failed = 0;
    for (int run = 0; run < 200; run++) {
      Predictions predictions = LinearGaussian.draw(Key.of(24).fold(run), 40).predictions();
      Tarp test = Tarp.of(predictions, Tarp.References.uniform(LinearGaussian.box()), new Tarp.Effort(5, 50, 39),
          Key.of(25).fold(run));
      failed += test.pValue() <= 0.1 ? 1 : 0;
    }
    assertTrue(BinomialBand.of(200, 0.1, 0.999).contains(failed / 200.0), "failed " + failed + " of 200 times");
  }

  @Test
  void overconfidenceIsCaughtByEach() { // intervals of 1 sigma are 0.7 sigma wide: they hold 0.516, not 0.683
    Coverage coverage = Coverage.of(OVERCONFIDENT);
    assertEquals(0.516, coverage.fraction(0, 0.6827), 0.05); // 3 sqrt(p (1 - p) / 1000)
    assertTrue(coverage.pValue(0) < SURE && coverage.jointPValue() < SURE);
    assertTrue(coverage.excess(0) < -4 * coverage.excessError() && coverage.jointExcess() < 0);
    assertTrue(Pit.of(OVERCONFIDENT).pValue(0) < 1e-3);
    double[] shares = Pit.of(OVERCONFIDENT).histogram(0, 10);
    assertTrue(shares[0] > 0.13 && shares[9] > 0.13 && shares[4] < 0.1, "a U, 0.18 at both ends");
    assertEquals(1 / 0.49, ReducedChiSquared.of(OVERCONFIDENT).value(1), 0.3); // 3 sqrt(2 / 1000) / 0.49
    assertTrue(ReducedChiSquared.of(OVERCONFIDENT).jointPValue() < SURE);
    assertEquals(1 / 101.0, tarp(OVERCONFIDENT).pValue(), 1e-12, "no curve of right posteriors is as far off");
    Tarp tarp = tarp(OVERCONFIDENT); // most references lie outside of the posterior
    assertTrue(tarp.coverage(0.1) > tarp.band(0.1, 0.99).high() && tarp.coverage(0.9) < tarp.band(0.9, 0.99).low(),
        "an S: " + tarp.coverage(0.1) + " at 0.1, " + tarp.coverage(0.9) + " at 0.9");
  }

  @Test
  void widePosteriorsAreCaughtByEach() {
    Coverage coverage = Coverage.of(TOO_WIDE);
    assertTrue(coverage.excess(0) > 4 * coverage.excessError() && coverage.jointExcess() > 0);
    assertTrue(coverage.pValue(1) < SURE && coverage.jointPValue() < SURE);
    assertTrue(ReducedChiSquared.of(TOO_WIDE).pValue(0) < SURE);
    assertTrue(Pit.of(TOO_WIDE).pValue(0) < 1e-3);
    Tarp tarp = tarp(TOO_WIDE);
    assertEquals(1 / 101.0, tarp.pValue(), 1e-12);
    assertTrue(tarp.coverage(0.1) < tarp.band(0.1, 0.99).low() && tarp.coverage(0.9) > tarp.band(0.9, 0.99).high(),
        "an S the other way: " + tarp.coverage(0.1) + " at 0.1, " + tarp.coverage(0.9) + " at 0.9");
  }

  @Test
  void aBiasIsCaughtByEachAndNamedByItsSign() { // truths lie 0.5 sigma below: mean u = Phi(-0.5 / sqrt 2) = 0.362
    Pit pit = Pit.of(BIASED);
    assertEquals(0.362 - 0.5, pit.shift(0), 0.03);
    assertTrue(pit.pValue(0) < SURE && Math.abs(pit.shift(1)) < 4 * pit.shiftError());
    assertTrue(Coverage.of(BIASED).pValue(0) < 1e-3 && Coverage.of(BIASED).jointPValue() < SURE);
    assertEquals(1.25, ReducedChiSquared.of(BIASED).value(0), 0.17); // 1 + 0.5^2
    assertEquals(1 / 101.0, tarp(BIASED).pValue(), 1e-12);
    double bias = 0.5 * LinearGaussian.SIGMA * LinearGaussian.SPREAD[0];
    assertEquals(bias, Score.BIAS.of(BIASED, 0), 0.005);
    assertTrue(Score.BIAS.interval(BIASED, 0, 0.999, 500, Key.of(26)).low() > 0);
    assertTrue(Score.BIAS.interval(RIGHT, 0, 0.999, 500, Key.of(26)).contains(0));
  }

  /// Each parameter alone is right, and so is the mean of r^T C^-1 r: with C diagonal it is that of the two squares.
  @Test
  void aMissingCorrelationPassesTheMarginalsAndIsCaughtJointly() {
    Coverage coverage = Coverage.of(UNCORRELATED);
    assertTrue(coverage.pValue(0) > 0.01 && coverage.pValue(1) > 0.01);
    assertTrue(coverage.jointPValue() < SURE, "joint coverage " + coverage.jointPValue());
    assertEquals(1 / 101.0, tarp(UNCORRELATED).pValue(), 1e-12);
  }

  @Test
  void referencesThatLookAtTheTruthFailRightPosteriors() { // the known failure of the test: no draw is nearer, f = 0
    LinearGaussian problem = LinearGaussian.draw(Key.of(27), 200);
    List<Posterior> posteriors = problem.exact();
    Tarp.References cheating = (posterior, key) -> problem.theta(posteriors.indexOf(posterior));
    Tarp.Effort effort = new Tarp.Effort(2, 100, 50);
    Predictions predictions = Predictions.of(posteriors, problem.theta());
    Tarp fooled = Tarp.of(predictions, cheating, effort, Key.of(28));
    assertEquals(1, fooled.coverage(0.05), 1e-12);
    assertEquals(1 / 51.0, fooled.pValue(), 1e-12);
    Tarp.References ofThePosterior = (posterior, key) -> posterior.sample(key, 1)[0];
    assertTrue(Tarp.of(predictions, ofThePosterior, effort, Key.of(28)).pValue() > 0.05,
        "references may depend on the data");
    assertTrue(Tarp.of(predictions, LinearGaussian.box(), Key.of(28)).pValue() > 0.05);
  }

  @Test
  void theTarpCurveLiesInItsBandAndTheBandIsNarrowerThanTheBinomialOne() {
    Tarp tarp = tarp(RIGHT);
    CredibleInterval band = tarp.band(0.5, 0.95);
    assertTrue(tarp.band(0.5, 0.999).contains(tarp.coverage(0.5)));
    BinomialBand binomial = BinomialBand.of(1000, 0.5, 0.95);
    assertTrue(band.width() < binomial.high() - binomial.low(), "an average over 20 references scatters less");
    assertEquals(0, tarp.coverage(0), 0);
    assertEquals(1, tarp.coverage(1), 0);
  }

  @Test
  void chiSquaredCutsNothing() { // one truth 100 sigma off among 100 gives (99 + 100^2) / 100 or so
    double[][] truths = new double[100][1];
    truths[7][0] = 100;
    Posterior standard = GaussianMixture.normal(new double[] {0}, new double[][] {{1}});
    Predictions predictions = Predictions.of(Collections.nCopies(100, standard), truths);
    assertEquals(100, ReducedChiSquared.of(predictions).value(0), 1e-9);
    assertEquals(100, ReducedChiSquared.of(predictions).joint(), 1e-9);
  }

  @Test
  void scoresFollowTheirFormulas() { // m - t = 1, -1, 2; t = 1, 2, 4 with mean 7 / 3 and sum of squares 14 / 3
    double[] means = {2, 1, 6};
    double[] truths = {1, 2, 4};
    List<Posterior> posteriors = new ArrayList<>();
    for (double mean : means) {
      posteriors.add(GaussianMixture.normal(new double[] {mean}, new double[][] {{1}}));
    }
    Predictions predictions = Predictions.of(posteriors, new double[][] {{truths[0]}, {truths[1]}, {truths[2]}});
    assertEquals(1 - 6 / (14.0 / 3), Score.R2.of(predictions, 0), 1e-12);
    assertEquals(Math.sqrt(2), Score.RMSE.of(predictions, 0), 1e-12);
    assertEquals(2.0 / 3, Score.BIAS.of(predictions, 0), 1e-12);
    assertEquals((1 + 0.5 + 0.5) / 3, Score.RELATIVE_ERROR.of(predictions, 0), 1e-12);
  }

  @Test
  void theMeanLogDensityIsMinusTheEntropyOfRightPosteriors() { // log(2 pi e) + log det C / 2, det C = 81 / 81^2
    double entropy = Math.log(Math.TAU * Math.E) + 0.5 * Math.log(81.0 / (81 * 81))
        + Math.log(LinearGaussian.SPREAD[0] * LinearGaussian.SPREAD[1]);
    assertEquals(-entropy, RIGHT.meanLogDensity(), 0.1); // 3 / sqrt 1000
  }

  @Test
  void undefinedScoresAreRefused() {
    Posterior standard = GaussianMixture.normal(new double[] {0}, new double[][] {{1}});
    Predictions constant = Predictions.of(List.of(standard, standard), new double[][] {{0}, {0}});
    assertThrows(IllegalArgumentException.class, () -> Score.R2.of(constant, 0));
    assertThrows(IllegalArgumentException.class, () -> Score.RELATIVE_ERROR.of(constant, 0));
  }

  @Test
  void predictionsRefuseWhatDoesNotFit() {
    Posterior standard = GaussianMixture.normal(new double[] {0}, new double[][] {{1}});
    assertThrows(IllegalArgumentException.class, () -> Predictions.of(List.of(), new double[0][]));
    assertThrows(IllegalArgumentException.class, () -> Predictions.of(List.of(standard), new double[][] {{1, 2}}));
    Refusal.says("example 1 is NaN",
        () -> Predictions.of(List.of(standard, standard), new double[][] {{0}, {Double.NaN}}));
  }

  @Test
  void aFactorOnTheSpreadMendsOverconfidence() { // 1 / 0.7 = 1.43, known to 1 / sqrt 2000 = 2 % from 1,000 examples
    Predictions validation = LinearGaussian.draw(Key.of(29), 1000).predictions();
    Predictions narrow = validation.map(posterior -> posterior.widened(0.7, 0.7));
    for (CalibrationFactor factor : List.of(CalibrationFactor.chiSquared(narrow),
        CalibrationFactor.jointChiSquared(narrow), CalibrationFactor.coverage(narrow, 0.68))) {
      assertEquals(1 / 0.7, factor.factor(0), 0.1, factor.toString());
      assertEquals(1 / 0.7, factor.factor(1), 0.1, factor.toString());
      Predictions mended = factor.apply(OVERCONFIDENT);
      assertTrue(Coverage.of(mended).jointPValue() > 1e-3, factor.toString());
      assertEquals(LinearGaussian.CORRELATION, mended.posterior(0).correlation()[0][1], 1e-9);
    }
    Predictions fitted = CalibrationFactor.chiSquared(narrow).apply(narrow);
    assertEquals(1, ReducedChiSquared.of(fitted).value(0), 1e-9);
    assertEquals(1, ReducedChiSquared.of(CalibrationFactor.jointChiSquared(narrow).apply(narrow)).joint(), 1e-9);
    assertEquals(0.68, Coverage.of(CalibrationFactor.coverage(narrow, 0.68).apply(narrow)).fraction(0, 0.68), 2e-3);
  }

  @Test
  void theBandOfABinomialIsTheMirrorOfThatOfItsFailures() { // 0.5^5000 is 0 in double precision
    for (double p : new double[] {0.5, 0.9, 0.999, 1 - 1e-6, 1}) {
      BinomialBand band = BinomialBand.of(5000, p, 0.95);
      BinomialBand failures = BinomialBand.of(5000, 1 - p, 0.95);
      assertEquals(1 - failures.high(), band.low(), 2.0 / 5000);
      assertEquals(1 - failures.low(), band.high(), 2.0 / 5000);
      double sigma = Math.sqrt(p * (1 - p) / 5000);
      assertEquals(p - 1.96 * sigma, band.low(), 2.0 / 5000);
      assertEquals(Math.min(1, p + 1.96 * sigma), band.high(), 2.0 / 5000);
    }
  }

  @Test
  void theBandOfABinomialHoldsItsConfidence() { // by the sum of its terms for n = 20
    for (double p : new double[] {0.05, 0.3, 0.68, 0.95}) {
      BinomialBand band = BinomialBand.of(20, p, 0.9);
      double inside = 0;
      double below = 0;
      double term = Math.pow(1 - p, 20);
      for (int k = 0; k <= 20; k++) {
        inside += band.contains(k / 20.0) ? term : 0;
        below += k / 20.0 < band.low() - 1e-9 ? term : 0;
        term *= p / (1 - p) * (20 - k) / (k + 1);
      }
      assertTrue(inside >= 0.9 - 1e-12, "p " + p + " inside " + inside);
      assertTrue(below <= 0.05 + 1e-12 && 1 - inside - below <= 0.05 + 1e-12, "p " + p + " below " + below);
    }
  }
}
