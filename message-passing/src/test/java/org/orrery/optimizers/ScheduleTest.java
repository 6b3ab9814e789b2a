package org.orrery.optimizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.training.ReferenceCase;

class ScheduleTest {
  private static double[] rates(Schedule schedule, int count) {
    return LongStream.range(0, count).mapToDouble(schedule::rate).toArray();
  }

  private static Schedule of(ReferenceCase reference) {
    double initial = reference.number("initial_lr");
    return switch (reference.config().get("name").asText()) {
      case "StepLR" ->
        Schedule.stepped(initial, (int) reference.number("step_size"), reference.number("gamma"));
      case "ExponentialLR" -> Schedule.exponential(initial, reference.number("gamma"));
      case "CosineAnnealingLR" ->
        Schedule.cosine(initial, (int) reference.number("T_max"), reference.number("eta_min"));
      case "CosineAnnealingWarmRestarts" -> new CosineRestarts(initial, (int) reference.number("T_0"),
          (int) reference.number("T_mult"), reference.number("eta_min"));
      case "CyclicLR" -> new Cyclic(reference.number("base_lr"), reference.number("max_lr"),
          (int) reference.number("step_size_up"));
      case "LinearLR" -> Schedule.linear(initial, reference.number("start_factor"), reference.number("end_factor"),
          (int) reference.number("total_iters"));
      case "OneCycleLR" -> new OneCycle(reference.number("max_lr"), (int) reference.number("total_steps"),
          reference.number("pct_start"), reference.number("div_factor"), reference.number("final_div_factor"),
          OneCycle.Curve.COSINE, OneCycle.Phases.TWO);
      default -> throw new IllegalArgumentException(reference.config().toString());
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"step", "exponential", "cosine", "cosine_restarts", "cyclic", "linear", "one_cycle"})
  void agreesWithTheReference(String name) {
    ReferenceCase reference = ReferenceCase.of("train/schedule_" + name);
    double[] wanted = reference.tensor("out.lr").toDoubles();
    assertArrayEquals(wanted, rates(of(reference), wanted.length), 1e-8);
  }

  @Test
  void restartsComeAtGrowingDistances() { // 2, then 4, then 8 steps: restarts at 0, 2, 6, 14
    Schedule schedule = new CosineRestarts(1, 2, 2, 0);
    double[] rates = rates(schedule, 15);
    for (int i = 0; i < rates.length; i++) {
      assertEquals(i == 0 || i == 2 || i == 6 || i == 14, rates[i] == 1, "step " + i);
    }
    assertEquals(0.5, rates[4], 1e-12); // half of the second stretch
  }

  @Test
  void cyclesShrinkAsTheirShapeSays() {
    Schedule halving = new Cyclic(1, 3, 2, 1, new Cyclic.Halving());
    assertArrayEquals(new double[] {1, 2, 3, 1, 1.5, 2, 1}, rates(halving, 7), 1e-12);
    Schedule exponential = new Cyclic(0, 1, 1, 1, new Cyclic.Exponential(0.5));
    assertArrayEquals(new double[] {0, 0.5, 0, 0.125}, rates(exponential, 4), 1e-12);
  }

  @Test
  void oneCycleInThreePhases() { // 10 steps: top at 0.4 10 - 1 = 3, first rate again at 2 0.4 10 - 2 = 6, end at 9
    Schedule schedule = new OneCycle(8, 10, 0.4, 4, 10, OneCycle.Curve.LINEAR, OneCycle.Phases.THREE);
    assertArrayEquals(new double[] {2, 4, 6, 8, 6, 4, 2, 1.4, 0.8, 0.2}, rates(schedule, 10), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> schedule.rate(10));
  }

  @ParameterizedTest
  @CsvSource({"0.1, TWO", "0, TWO", "1, TWO", "1.1, TWO", "NaN, TWO", "0.55, THREE"}) // tops at 0, -1, 9, 10, 4.5
  void oneCycleWithoutAPhaseIsRefused(double rise, OneCycle.Phases phases) {
    String message = assertThrows(IllegalArgumentException.class,
        () -> new OneCycle(1, 10, rise, 25, 1e4, OneCycle.Curve.COSINE, phases)).toString();
    assertTrue(message.contains("rise " + rise), message);
  }

  @Test
  void aSequenceTellsTheActivePartAlone() {
    ReduceOnPlateau.Options options = new ReduceOnPlateau.Options().withFactor(0.5).withPatience(0);
    Schedule schedule = Schedule.sequence(Schedule.constant(3), 2, new ReduceOnPlateau(1, options));
    double[] metrics = {1, 1, 5, 6}; // the plateau hears 5, its first, then 6, which is worse
    for (int step = 0; step < metrics.length; step++) {
      assertEquals(step < 2 ? 3 : 1, schedule.rate(step), "step " + step);
      schedule.observe(step, metrics[step]);
    }
    assertEquals(0.5, schedule.rate(4));
  }

  @Test
  void warmUpLeadsToTheNextScheduleFromItsStart() {
    Schedule schedule = Schedule.warmUp(4, 0, Schedule.exponential(1, 0.5));
    assertArrayEquals(new double[] {0, 0.25, 0.5, 0.75, 1, 0.5, 0.25}, rates(schedule, 7), 1e-12);
  }

  @Test
  void chainedSchedulesMultiplyTheirFactors() {
    Schedule schedule = Schedule.chained(2, List.of(Schedule.constantFactor(2, 0.1, 2), Schedule.exponential(2, 0.5)));
    assertArrayEquals(new double[] {0.2, 0.1, 0.5, 0.25}, rates(schedule, 4), 1e-12);
  }

  @Test
  void milestonesAndPolynomials() {
    assertArrayEquals(new double[] {1, 1, 0.1, 0.01},
        rates(Schedule.milestones(1, List.of(2, 3), 0.1), 4), 1e-12);
    assertArrayEquals(new double[] {4, 1, 0, 0}, rates(Schedule.polynomial(4, 2, 2), 4), 1e-12);
  }

  @Test
  void aPlateauLowersTheRateAfterPatienceAndItsStateGoesOn() {
    ReduceOnPlateau.Options options = new ReduceOnPlateau.Options().withFactor(0.5).withPatience(1);
    ReduceOnPlateau schedule = new ReduceOnPlateau(1, options);
    for (double metric : new double[] {1, 1, 0.5, 0.6}) { // bad: 0, 1, 0, 1
      schedule.observe(0, metric);
      assertEquals(1, schedule.rate(0));
    }
    Schedule copy = Schedule.chained(1, List.of(new ReduceOnPlateau(1, options)));
    copy.restore(Schedule.chained(1, List.of(schedule)).state());
    schedule.observe(0, 0.49999); // better by less than the threshold of 1e-4: the second bad one
    copy.observe(0, 0.49999);
    assertEquals(0.5, schedule.rate(0));
    assertEquals(0.5, copy.rate(0));
  }

  @ParameterizedTest
  @CsvSource({"-1, LOWEST", "-1, HIGHEST", "1, LOWEST", "1, HIGHEST", "0, LOWEST", "0, HIGHEST"})
  void aMetricThatStaysIsAPlateauWhateverItsSign(double metric, Goal goal) { // the first is best; then bad 1, 2, 3
    ReduceOnPlateau schedule = new ReduceOnPlateau(1,
        new ReduceOnPlateau.Options(goal, 0.5, 2, 1e-4, ReduceOnPlateau.Threshold.RELATIVE, 0, 0, 0));
    double[] rates = new double[8];
    for (int i = 0; i < rates.length; i++) {
      schedule.observe(i, metric);
      rates[i] = schedule.rate(i);
    }
    assertArrayEquals(new double[] {1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25}, rates, 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"-2, LOWEST, -2.19, -2.21", "-2, HIGHEST, -1.81, -1.79", "2, LOWEST, 1.81, 1.79",
    "2, HIGHEST, 2.19, 2.21"})
  void aRelativeThresholdIsAShareOfTheSizeOfTheBest(double best, Goal goal, double tooNear, double better) {
    ReduceOnPlateau schedule = new ReduceOnPlateau(1,
        new ReduceOnPlateau.Options(goal, 0.5, 0, 0.1, ReduceOnPlateau.Threshold.RELATIVE, 0, 0, 0));
    schedule.observe(0, best);
    schedule.observe(1, better);
    assertEquals(1, schedule.rate(2), "2 + 10 % is passed");
    ReduceOnPlateau second = new ReduceOnPlateau(1,
        new ReduceOnPlateau.Options(goal, 0.5, 0, 0.1, ReduceOnPlateau.Threshold.RELATIVE, 0, 0, 0));
    second.observe(0, best);
    second.observe(1, tooNear);
    assertEquals(0.5, second.rate(2), "2 + 10 % is not reached");
  }

  @Test
  void aThresholdOfTheWholeBestStillTakesTheFirstMetric() {
    ReduceOnPlateau schedule = new ReduceOnPlateau(1,
        new ReduceOnPlateau.Options(Goal.LOWEST, 0.5, 0, 1, ReduceOnPlateau.Threshold.RELATIVE, 0, 0, 0));
    schedule.observe(0, 3);
    assertEquals(1, schedule.rate(1));
    schedule.observe(1, 1);
    assertEquals(0.5, schedule.rate(2));
  }

  @Test
  void aCooldownCountsNothing() {
    ReduceOnPlateau schedule = new ReduceOnPlateau(1,
        new ReduceOnPlateau.Options(Goal.HIGHEST, 0.1, 0, 0, ReduceOnPlateau.Threshold.ABSOLUTE, 2, 0.05, 0));
    double[] rates = new double[6];
    for (int i = 0; i < rates.length; i++) { // best, bad, two at rest, bad, at rest
      schedule.observe(0, 1);
      rates[i] = schedule.rate(0);
    }
    assertArrayEquals(new double[] {1, 0.1, 0.1, 0.1, 0.05, 0.05}, rates, 1e-12);
  }
}
