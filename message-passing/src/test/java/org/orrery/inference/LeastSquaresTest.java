package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.orrery.inference.LeastSquares.Columns;
import org.orrery.tensor.Key;

class LeastSquaresTest {
  private static final int EXAMPLES = 600;

  private static double[][] summaries(Key key, int columns) {
    float[] z = key.normal(EXAMPLES * columns);
    return IntStream.range(0, EXAMPLES)
        .mapToObj(r -> IntStream.range(0, columns).mapToDouble(i -> z[r * columns + i]).toArray())
        .toArray(double[][]::new);
  }

  /// theta = 3 + 2 x_0 - x_1 + 0.1 noise, and its square: a line explains 5 / 5.01 of the variance of the first.
  @Test
  void aLineIsFoundAndItsErrorIsTheNoise() {
    double[][] x = summaries(Key.of(1), 4);
    float[] noise = Key.of(2).normal(EXAMPLES);
    double[][] theta = IntStream.range(0, EXAMPLES)
        .mapToObj(r -> new double[] {3 + 2 * x[r][0] - x[r][1] + 0.1 * noise[r]}).toArray(double[][]::new);
    LeastSquares fit = LeastSquares.fit(Columns.LINEAR, part(x, 0, 400), part(theta, 0, 400), part(x, 400, 500),
        part(theta, 400, 500));
    Predictions test = Predictions.of(fit.posteriors(part(x, 500, 600)), part(theta, 500, 600));
    assertEquals(0.1, Score.RMSE.of(test, 0), 0.02);
    assertEquals(0.1, Math.sqrt(test.posterior(0).covariance()[0][0]), 0.02);
    double share = Coverage.of(test).fraction(0, 0.68);
    assertTrue(Math.abs(share - 0.68) < 0.14, "68 % intervals hold " + share); // three binomial deviations of 100
  }

  @Test
  void aSquareNeedsQuadraticColumns() {
    double[][] x = summaries(Key.of(3), 2);
    double[][] theta = Arrays.stream(x).map(row -> new double[] {row[0] * row[1]}).toArray(double[][]::new);
    double linear = error(Columns.LINEAR, x, theta);
    double quadratic = error(Columns.QUADRATIC, x, theta);
    assertTrue(quadratic < 0.05 * linear, quadratic + " with products, " + linear + " without");
  }

  private static double error(Columns columns, double[][] x, double[][] theta) {
    LeastSquares fit = LeastSquares.fit(columns, part(x, 0, 400), part(theta, 0, 400), part(x, 400, 500),
        part(theta, 400, 500));
    return Score.RMSE.of(Predictions.of(fit.posteriors(part(x, 500, 600)), part(theta, 500, 600)), 0);
  }

  /// Where summaries say nothing, the penalty is the largest that was tried, and the estimate is the mean.
  @Test
  void summariesWithoutInformationGiveTheMean() {
    double[][] x = summaries(Key.of(4), 30);
    double[][] theta = Arrays.stream(summaries(Key.of(5), 1)).map(double[]::clone).toArray(double[][]::new);
    LeastSquares fit = LeastSquares.fit(Columns.LINEAR, part(x, 0, 60), part(theta, 0, 60), part(x, 60, 500),
        part(theta, 60, 500));
    double mean = Arrays.stream(theta).limit(60).mapToDouble(row -> row[0]).average().orElseThrow();
    for (Posterior posterior : fit.posteriors(part(x, 500, 600))) {
      assertEquals(mean, posterior.mean()[0], 0.3);
    }
    assertTrue(fit.penalty(0) > 10, "penalty " + fit.penalty(0));
  }

  @Test
  void rowsThatDoNotFitAreNamed() {
    double[][] x = summaries(Key.of(6), 2);
    double[][] theta = summaries(Key.of(7), 1);
    double[][] broken = Arrays.stream(x).map(double[]::clone).toArray(double[][]::new);
    broken[7][1] = Double.NaN;
    String said = assertThrows(IllegalArgumentException.class,
        () -> LeastSquares.fit(Columns.LINEAR, broken, theta, x, theta)).getMessage();
    assertTrue(String.valueOf(said).contains("training row 7"), said);
    String few = assertThrows(IllegalArgumentException.class,
        () -> LeastSquares.fit(Columns.LINEAR, x, part(theta, 0, 10), x, theta)).getMessage();
    assertTrue(String.valueOf(few).contains("600 summaries and 10 parameters"), few);
  }

  private static double[][] part(double[][] rows, int from, int to) {
    return Arrays.copyOfRange(rows, from, to);
  }
}
