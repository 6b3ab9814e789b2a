package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.orrery.tensor.Key;

class GaussianMixtureTest {
  private static final double[][] COVARIANCE = {{0.04, -0.048}, {-0.048, 0.09}}; // sigmas 0.2 and 0.3, correlation -0.8
  private static final GaussianMixture NORMAL = GaussianMixture.normal(new double[] {1, 2}, COVARIANCE);
  private static final GaussianMixture TWO = GaussianMixture.of(new double[] {1, 3},
      new double[][] {{-1, 0}, {1, 0.5}}, new double[][][] {COVARIANCE, {{0.01, 0}, {0, 0.04}}});

  @Test
  void aNormalDistributionFollowsItsFormulas() {
    assertArrayEquals(new double[] {0.2, 0.3}, NORMAL.standardDeviation(), 1e-12);
    assertEquals(-0.8, NORMAL.correlation()[0][1], 1e-12);
    // at 1 sigma of the first alone: r^T C^-1 r = 1 / (1 - 0.64), det C = (0.2 0.3)^2 0.36
    double expected = -0.5 / 0.36 - Math.log(2 * Math.PI) - Math.log(0.06 * 0.6);
    assertEquals(expected, NORMAL.logDensity(1.2, 2), 1e-12);
    assertEquals(1 - Math.exp(-0.5 / 0.36), NORMAL.credibility(1.2, 2), 1e-12); // 1 - e^(-r^2 / 2)
    assertEquals(0.8413447, NORMAL.cumulative(0, 1.2), 1e-7);
    assertEquals(2 + 0.3 * 1.959964, NORMAL.quantile(1, 0.975), 1e-7);
    assertEquals(0.4, NORMAL.credibleInterval(0, 0.6826895).width(), 1e-6);
  }

  @Test
  void momentsOfAMixtureAreThoseOfTheLawOfTotalVariance() { // weights 1/4, 3/4, means -1, 1: variance 0.75 between
    assertArrayEquals(new double[] {0.5, 0.375}, TWO.mean(), 1e-12);
    assertEquals(0.75 + 0.04 / 4 + 0.01 * 3 / 4, TWO.covariance()[0][0], 1e-12);
    assertEquals(0.1875 - 0.048 / 4, TWO.covariance()[0][1], 1e-12); // 2 x 0.5 x 3/16 between
  }

  @Test
  void aDensityIntegratesToOneAndItsMarginalToItsDistribution() {
    double step = 0.01;
    double mass = 0;
    double below = 0;
    for (double x = -3; x < 3; x += step) {
      for (double y = -2; y < 3; y += step) {
        double cell = Math.exp(TWO.logDensity(x + step / 2, y + step / 2)) * step * step;
        mass += cell;
        below += x + step / 2 < 0.9 ? cell : 0;
      }
    }
    assertEquals(1, mass, 1e-4);
    assertEquals(TWO.cumulative(0, 0.9), below, 1e-3);
    assertEquals(0.9, TWO.quantile(0, TWO.cumulative(0, 0.9)), 1e-9);
    assertEquals(TWO.cumulative(1, 0.3), TWO.marginal(1).cumulative(0, 0.3), 1e-12);
  }

  @Test
  void drawsAndPointsHaveItsMoments() { // 20,000 draws: 1 / sqrt 20000 = 0.7 % of a sigma
    for (double[][] points : new double[][][] {TWO.sample(Key.of(31), 20_000), TWO.points(20_000)}) {
      double mean = 0;
      double product = 0;
      for (double[] point : points) {
        mean += point[0] / points.length;
        product += (point[0] - 0.5) * (point[1] - 0.375) / points.length;
      }
      assertEquals(0.5, mean, 0.03);
      assertEquals(TWO.covariance()[0][1], product, 0.01);
    }
  }

  @Test
  void theFirstDrawsDoNotDependOnHowManyThereAre() {
    double[][] few = TWO.sample(Key.of(32), 5);
    double[][] many = TWO.sample(Key.of(32), 50);
    for (int k = 0; k < few.length; k++) {
      assertArrayEquals(many[k], few[k], 0);
    }
  }

  @Test
  void widenedIsExactForMixturesAndForAnyPosterior() {
    Posterior mixture = TWO.widened(2, 0.5);
    Posterior general = new WidenedPosterior(TWO, new double[] {2, 0.5});
    assertArrayEquals(TWO.mean(), mixture.mean(), 1e-12);
    assertEquals(4 * TWO.covariance()[0][0], mixture.covariance()[0][0], 1e-12);
    for (double[] theta : new double[][] {{0, 0}, {2, 0.4}, {-3, 1}}) {
      assertEquals(general.logDensity(theta), mixture.logDensity(theta), 1e-9);
      assertEquals(general.cumulative(0, theta[0]), mixture.cumulative(0, theta[0]), 1e-9);
      assertEquals(general.credibility(theta), mixture.credibility(theta), 0.01);
    }
    assertEquals(general.quantile(1, 0.2), mixture.quantile(1, 0.2), 1e-9);
    assertArrayEquals(general.covariance()[1], mixture.covariance()[1], 1e-12);
  }

  /// A standard normal cut at its mean: density doubled, mean sqrt(2 / pi), variance 1 - 2 / pi.
  @Test
  void aPosteriorWithinAPriorIsATruncatedDensity() {
    Posterior half = GaussianMixture.normal(new double[] {0}, new double[][] {{1}})
        .within(PriorBox.of(new double[] {0}, new double[] {50}));
    assertEquals(Math.log(2 / Math.sqrt(2 * Math.PI)), half.logDensity(0.0), 1e-3);
    assertEquals(Double.NEGATIVE_INFINITY, half.logDensity(-0.01), 0);
    assertEquals(Math.sqrt(2 / Math.PI), half.mean()[0], 5e-3);
    assertEquals(1 - 2 / Math.PI, half.covariance()[0][0], 1e-2);
    assertEquals(0.6745, half.quantile(0, 0.5), 5e-3); // the third quartile of the whole
    assertEquals(0.5, half.cumulative(0, 0.6745), 5e-3);
    assertEquals(0.5, half.credibility(0.6745), 5e-3); // density falls from 0 on
    for (double[] draw : half.sample(Key.of(33), 1000)) {
      assertTrue(draw[0] >= 0);
    }
  }

  @Test
  void aPriorThatExcludesThePosteriorIsRefused() {
    Refusal.says("none of",
        () -> NORMAL.within(PriorBox.of(new double[] {10, 10}, new double[] {11, 11})));
  }

  @Test
  void aCovarianceThatIsNoneIsRefused() {
    assertThrows(IllegalArgumentException.class,
        () -> GaussianMixture.normal(new double[] {0, 0}, new double[][] {{1, 2}, {2, 1}}));
    assertThrows(IllegalArgumentException.class,
        () -> GaussianMixture.normal(new double[] {0, 0}, new double[][] {{1, 0.5}, {0.4, 1}}));
  }
}
