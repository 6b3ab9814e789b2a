package org.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.report.GalaxyResult.Claim;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.GalaxyResult.Input;
import org.orrery.report.GalaxyResult.Stage;
import org.orrery.report.GalaxyResult.Training;
import org.orrery.report.Verdicts.Fit;
import org.orrery.report.Verdicts.Outcome;

/// Both sides of every threshold.
class VerdictsTest {
  private static final Estimate BETTER = new Estimate(-0.1, -0.2, -0.001);
  private static final Estimate LEVEL = new Estimate(-0.1, -0.2, 0);
  private static final Estimate WORSE = new Estimate(0.1, 0.001, 0.2);

  @Test
  void anIntervalThatTouchesZeroDecidesNothing() {
    assertEquals(Outcome.BEATS, Verdicts.outcome(List.of(BETTER, BETTER)));
    assertEquals(Outcome.BEATS_IN_PART, Verdicts.outcome(List.of(BETTER, LEVEL)));
    assertEquals(Outcome.TIES, Verdicts.outcome(List.of(LEVEL, LEVEL)));
    assertEquals(Outcome.MIXED, Verdicts.outcome(List.of(BETTER, WORSE)));
    assertEquals(Outcome.LOSES, Verdicts.outcome(List.of(LEVEL, WORSE)));
    assertEquals(Outcome.TIES, Verdicts.outcome(List.of(new Estimate(0.1, 0, 0.2))));
  }

  @Test
  void coverageOutsideOfChanceIsOverOrUnderconfident() {
    double[] band = Normal.binomial95(200, 0.68);
    assertEquals(Fit.CALIBRATED, Verdicts.fit(List.of(band[0], band[1]), 200));
    assertEquals(Fit.OVERCONFIDENT, Verdicts.fit(List.of(band[0] - 0.005, 0.68), 200));
    assertEquals(Fit.UNDERCONFIDENT, Verdicts.fit(List.of(0.68, band[1] + 0.005), 200));
    assertEquals(Fit.MIXED, Verdicts.fit(List.of(band[0] - 0.005, band[1] + 0.005), 200));
    assertEquals(Fit.CALIBRATED, Verdicts.fit(List.of(0.5), 10), "few boxes say little");
  }

  @Test
  void aTarpCurveIsHeldAgainstChancePointByPoint() {
    assertEquals(0, Verdicts.outsideBand(List.of(0.0, 0.5, 1.0), 200));
    assertEquals(1 / 3.0, Verdicts.outsideBand(List.of(0.0, 0.4, 1.0), 200));
  }

  @Test
  void theIntervalOfR2DecidesWhetherAQuantityIsOpenOrGivenAway() {
    assertTrue(Verdicts.leavesOpen(new Estimate(0.1, 0, Verdicts.LITTLE - 0.01)));
    assertFalse(Verdicts.leavesOpen(new Estimate(0.1, 0, Verdicts.LITTLE)));
    assertTrue(Verdicts.nearlyTheAnswer(new Estimate(0.6, Verdicts.NEARLY_THE_ANSWER + 0.01, 0.7)));
    assertFalse(Verdicts.nearlyTheAnswer(new Estimate(0.6, Verdicts.NEARLY_THE_ANSWER, 0.7)));
  }

  @Test
  void lossesThatPartByATenthOfTheFallAreMemory() {
    assertFalse(Verdicts.memorized(training(0.0, -0.09, 3)));
    assertTrue(Verdicts.memorized(training(0.0, -0.11, 3)));
    assertFalse(Verdicts.stillImproving(training(0, 0, 3)), "3 of 4 epochs is 0.75");
    assertTrue(Verdicts.stillImproving(training(0, 0, 4)));
  }

  private static Training training(double validation, double train, int best) {
    List<Double> curve = List.of(1.0, validation, validation, validation);
    return new Training(List.of(1.0, 2.0, 3.0, 4.0), List.of(1.0, train, train, train), curve, List.of(curve), curve,
        best);
  }

  @Test
  void aPlanHoldsWithinAFactor() {
    assertTrue(Verdicts.planHeld(new Stage("train", 10.0, 15)));
    assertFalse(Verdicts.planHeld(new Stage("train", 10.0, 15.1)));
    assertFalse(Verdicts.planHeld(new Stage("train", 10.0, 6.6)));
    assertTrue(Verdicts.planHeld(new Stage("train", null, 1000)));
  }

  @Test
  void claimsAndInputsHaveTheirOwnLimits() {
    assertTrue(Verdicts.symmetriesHold(List.of(new Claim("rotation", 1e-5, 1e-5, null))));
    assertFalse(Verdicts.symmetriesHold(List.of(new Claim("rotation", 2e-5, 1e-5, "layers.0"))));
    assertFalse(Verdicts.isForeign(new Input("catalog", List.of(), List.of(), 3, 3, 0.01)));
    assertTrue(Verdicts.isForeign(new Input("catalog", List.of(), List.of(), 3.01, 3, 0.01)));
  }

  @Test
  void theMeanMustLeanInwardAtBothEdges() {
    double[] truth = {0, 0.02, 0.04, 0.06, 0.94, 0.96, 0.98, 1};
    double[] inward = {0.05, 0.08, 0.09, 0.12, 0.89, 0.9, 0.93, 0.94};
    double[] upward = {0.05, 0.08, 0.09, 0.12, 0.99, 1.02, 1.03, 1.06};
    assertTrue(Verdicts.leansInward(truth, inward, 0, 1));
    assertFalse(Verdicts.leansInward(truth, upward, 0, 1));
  }
}
