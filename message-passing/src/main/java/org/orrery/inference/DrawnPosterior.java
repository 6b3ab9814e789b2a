package org.orrery.inference;

import java.util.Arrays;
import java.util.Collections;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// A posterior that is known by draws, as from a Markov chain: so that every diagnostic serves other methods too.
/// ```java
/// Posterior posterior = DrawnPosterior.of(thinnedChain);
/// ```
/// Moments and marginals are those of the draws, each of the same weight. The density is that of normal kernels about them, with the covariance of
/// all times n^(-2 / (d + 4)) for n draws of d parameters (Scott 1992): it blurs edges and fine structure. [#sample] gives draws again, with
/// replacement.
public final class DrawnPosterior extends PosteriorByPoints {
  private static final String NAME = "drawn posterior";

  private final double[][] draws;
  private final GaussianMixture kernels;

  private DrawnPosterior(double[][] draws, GaussianMixture kernels) {
    this.draws = draws;
    this.kernels = kernels;
  }

  /// The posterior of these draws.
  ///
  /// @param draws a row each; nearly independent, so that tests count them right
  /// @throws IllegalArgumentException where there are not more draws than parameters, one is not finite, or they lie in a plane
  public static DrawnPosterior of(double[][] draws) {
    Require.that(draws.length > 0 && draws[0].length > 0 && draws.length > draws[0].length, NAME,
        draws.length + " draws of " + (draws.length == 0 ? 0 : draws[0].length)
            + " parameters; more draws than parameters, at least one, are required");
    int size = draws[0].length;
    double[] mean = new double[size];
    for (int k = 0; k < draws.length; k++) {
      Require.that(draws[k].length == size, NAME,
          "draw " + k + " has " + draws[k].length + " parameters; " + size + " are required");
      for (int i = 0; i < size; i++) {
        Require.that(Double.isFinite(draws[k][i]), NAME,
            "parameter " + i + " of draw " + k + " is " + draws[k][i] + "; finite numbers are required");
        mean[i] += draws[k][i] / draws.length;
      }
    }
    double share = Math.pow(draws.length, -2.0 / (size + 4));
    double[][] kernel = new double[size][size];
    for (double[] draw : draws) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          kernel[i][j] += share * (draw[i] - mean[i]) * (draw[j] - mean[j]) / draws.length;
        }
      }
    }
    double[] weights = new double[draws.length];
    Arrays.fill(weights, 1.0 / draws.length);
    double[][] copy = Checks.copy(draws);
    return new DrawnPosterior(copy, new GaussianMixture(weights, copy,
        Collections.nCopies(draws.length, CovarianceFactor.of(NAME, kernel))));
  }

  @Override
  int pointsOfMoments() {
    return draws.length;
  }

  @Override
  public int dimensions() {
    return draws[0].length;
  }

  @Override
  public double logDensity(double... theta) {
    return kernels.logDensity(theta);
  }

  @Override
  public double[][] sample(Key key, int count) {
    int[] chosen = key.integers(count, draws.length);
    return Arrays.stream(chosen).mapToObj(k -> draws[k].clone()).toArray(double[][]::new);
  }

  /// Every so many of the draws in their order; again from the first where there are not enough.
  @Override
  public double[][] points(int count) {
    double[][] points = new double[count][];
    double step = Math.max(1, draws.length / (double) count);
    Arrays.setAll(points, k -> draws[(int) (k * step) % draws.length].clone());
    return points;
  }
}
