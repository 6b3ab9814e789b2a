package org.orrery.inference;

import java.util.Arrays;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// A posterior cut to a prior: p'(theta) = p(theta) / Z inside the box, 0 outside, Z = P(theta in the box).
///
/// Z is the share of [#TRIED] even points that lie in the box. Draws are those of the whole posterior that do.
final class TruncatedPosterior extends PosteriorByPoints {
  private static final int TRIED = 8192;

  private final Posterior whole;
  private final PriorBox prior;
  private final double[][] inside;
  private final double logMass;

  TruncatedPosterior(Posterior whole, PriorBox prior) {
    Require.that(whole.dimensions() == prior.dimensions(), "posterior within a prior",
        whole.dimensions() + " parameters and a box of " + prior.dimensions() + "; as many are required");
    this.whole = whole;
    this.prior = prior;
    this.inside = Arrays.stream(whole.points(TRIED)).filter(prior::contains).toArray(double[][]::new);
    Require.that(inside.length > 0, "posterior within a prior",
        "none of " + TRIED + " points lies in " + prior + "; mean " + Arrays.toString(whole.mean())
            + ", standard deviation " + Arrays.toString(whole.standardDeviation()));
    this.logMass = Math.log(inside.length / (double) TRIED);
  }

  @Override
  public int dimensions() {
    return whole.dimensions();
  }

  @Override
  public double logDensity(double... theta) {
    return prior.contains(theta) ? whole.logDensity(theta) - logMass : Double.NEGATIVE_INFINITY;
  }

  @Override
  public double[] logDensities(double[][] thetas) {
    double[] densities = whole.logDensities(thetas);
    for (int i = 0; i < densities.length; i++) {
      densities[i] = prior.contains(thetas[i]) ? densities[i] - logMass : Double.NEGATIVE_INFINITY;
    }
    return densities;
  }

  @Override
  public double[][] sample(Key key, int count) {
    double[][] draws = new double[count][];
    int found = 0;
    int portion = 256;
    for (long round = 0; found < count; round++) {
      for (double[] draw : whole.sample(key.fold(round), portion)) {
        if (found < count && prior.contains(draw)) {
          draws[found++] = draw;
        }
      }
    }
    return draws;
  }

  /// The first of those even points that lie in the box: fewer than asked for where there are no more.
  @Override
  public double[][] points(int count) {
    int kept = Math.min(count, inside.length);
    double[][] points = new double[kept][];
    Arrays.setAll(points, k -> inside[k].clone());
    return points;
  }
}
