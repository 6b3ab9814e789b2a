package org.orrery.inference;

import java.util.Arrays;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// Posterior predictive check: simulations at draws from the posterior of an observation, compared with it summary by summary. Gelman, Meng &
/// Stern 1996.
///
/// The p-value of a summary is two-sided, 2 min(share at or below, share at or above), counted with the observation itself among the
/// simulations, so that it is never 0. A small one says that no parameters which the posterior believes in produce the summary: the simulator or
/// the posterior is wrong. They lean to large values, since the observation chose the posterior.
public final class PosteriorPredictive {
  private static final String NAME = "posterior predictive";

  /// Makes data of parameters and summarizes them.
  @FunctionalInterface
  public interface Simulator {
    /// The summaries of one simulation.
    double[] simulate(double[] theta, Key key);
  }

  private final double[] observed;
  private final double[][] simulated; // [summary][draw], ascending

  private PosteriorPredictive(double[] observed, double[][] simulated) {
    this.observed = observed;
    this.simulated = simulated;
  }

  /// Simulates at draws from a posterior.
  ///
  /// @param observed the summaries of the observation
  /// @param draws how many simulations
  /// @throws IllegalArgumentException where numbers of summaries differ, or one is not finite
  public static PosteriorPredictive check(Posterior posterior, Simulator simulator, double[] observed, int draws,
      Key key) {
    Require.positive(NAME, "draws", draws);
    Require.that(observed.length > 0, NAME, "no summaries; at least one is required");
    double[][] thetas = posterior.sample(key.fold("theta"), draws);
    double[][] simulated = new double[observed.length][draws];
    for (int k = 0; k < draws; k++) {
      double[] summaries = simulator.simulate(thetas[k], key.fold("simulation").fold(k));
      Require.that(summaries.length == observed.length, NAME,
          "simulation " + k + " has " + summaries.length + " summaries; " + observed.length + " are required");
      for (int s = 0; s < summaries.length; s++) {
        Require.that(Double.isFinite(summaries[s]) && Double.isFinite(observed[s]), NAME, "summary " + s + " is "
            + summaries[s] + ", observed " + observed[s] + "; finite numbers are required");
        simulated[s][k] = summaries[s];
      }
    }
    Arrays.stream(simulated).forEach(Arrays::sort);
    return new PosteriorPredictive(observed.clone(), simulated);
  }

  private double[] of(int summary) {
    Require.that(summary >= 0 && summary < observed.length, NAME,
        "summary " + summary + "; 0 to " + (observed.length - 1) + " exist");
    return simulated[summary];
  }

  /// How often simulations are as far out on either side as the observation.
  public double pValue(int summary) {
    double[] values = of(summary);
    double at = observed[summary];
    long below = Arrays.stream(values).filter(value -> value <= at).count();
    long above = Arrays.stream(values).filter(value -> value >= at).count();
    return Math.min(1, 2.0 * (1 + Math.min(below, above)) / (1 + values.length));
  }

  /// The least p-value of all summaries times their number, at most 1 (Bonferroni): small where any summary is off.
  public double leastPValue() {
    double least = 1;
    for (int s = 0; s < observed.length; s++) {
      least = Math.min(least, pValue(s));
    }
    return Math.min(1, least * observed.length);
  }

  /// The central interval of a simulated summary.
  public CredibleInterval band(int summary, double confidence) {
    Checks.probability(NAME, "confidence", confidence);
    return new CredibleInterval(Resamples.quantile(of(summary), (1 - confidence) / 2),
        Resamples.quantile(of(summary), (1 + confidence) / 2));
  }
}
