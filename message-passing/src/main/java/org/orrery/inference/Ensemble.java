package org.orrery.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;

/// Posteriors of several models for one example as a mixture: p(theta) = sum_c w_c p_c(theta).
///
/// Moments, densities and marginals follow from those of the members. It is as wide as members are, and wider where they disagree.
/// ```java
/// List<Ensemble> together = Ensemble.join(List.of(first.posteriors(x), second.posteriors(x)), 0.5, 0.5);
/// ```
public final class Ensemble implements Posterior {
  private static final String NAME = "ensemble";
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final List<Posterior> members;
  private final double[] weights;

  private Ensemble(List<? extends Posterior> members, double[] weights) {
    Require.that(!members.isEmpty() && members.size() == weights.length, NAME,
        members.size() + " members and " + weights.length + " weights; as many of both, at least one, are required");
    for (int c = 0; c < weights.length; c++) {
      Require.positive(NAME, "weight of member " + c, weights[c]);
      Require.that(members.get(c).dimensions() == members.getFirst().dimensions(), NAME,
          "member " + c + " has " + members.get(c).dimensions() + " parameters; " + members.getFirst().dimensions()
              + " are required");
    }
    double total = Arrays.stream(weights).sum();
    this.members = List.copyOf(members);
    this.weights = Arrays.stream(weights).map(weight -> weight / total).toArray();
  }

  /// Members with equal weights.
  ///
  /// @throws IllegalArgumentException where there are none, or their parameters differ in number
  public static Ensemble of(List<? extends Posterior> members) {
    double[] weights = new double[members.size()];
    Arrays.fill(weights, 1);
    return new Ensemble(members, weights);
  }

  /// Members with these weights, which are divided by their sum.
  ///
  /// @throws IllegalArgumentException where there are none, weights are not positive, or parameters differ in number
  public static Ensemble of(List<? extends Posterior> members, double... weights) {
    return new Ensemble(members, weights);
  }

  /// The ensemble of each example, from the posteriors of all examples of each model.
  ///
  /// @param models a list for each model, examples in the same order
  /// @param weights of the models
  /// @throws IllegalArgumentException where lists differ in length, or weights are not as many
  public static List<Ensemble> join(List<? extends List<? extends Posterior>> models, double... weights) {
    Require.that(!models.isEmpty(), NAME, "no models; at least one is required");
    int examples = models.getFirst().size();
    for (int c = 0; c < models.size(); c++) {
      Require.that(models.get(c).size() == examples, NAME,
          "model " + c + " has " + models.get(c).size() + " posteriors; " + examples + " are required");
    }
    List<Ensemble> together = new ArrayList<>(examples);
    for (int n = 0; n < examples; n++) {
      int example = n;
      together.add(new Ensemble(models.stream().map(model -> model.get(example)).toList(), weights));
    }
    return List.copyOf(together);
  }

  /// Weights of models by how probable each finds the truths of a validation set: w_c proportional to the geometric mean of its densities
  /// there, e^(mean log p_c(truth)).
  ///
  /// @param validation the same truths for each model
  /// @throws IllegalArgumentException where sizes differ, or a model gives a truth no density at all
  public static double[] weights(List<Predictions> validation) {
    double[] scores = new double[validation.size()];
    for (int c = 0; c < scores.length; c++) {
      Predictions own = validation.get(c);
      Require.that(own.size() == validation.getFirst().size(), NAME,
          "model " + c + " has " + own.size() + " examples; " + validation.getFirst().size() + " are required");
      scores[c] = own.meanLogDensity();
      Require.that(Double.isFinite(scores[c]), NAME,
          "model " + c + " has a mean log density of " + scores[c] + "; a finite number is required");
    }
    return MixtureHead.softmax(scores);
  }

  /// The weights of the members; they sum to 1.
  public double[] weights() {
    return weights.clone();
  }

  @Override
  public int dimensions() {
    return members.getFirst().dimensions();
  }

  @Override
  public double[] mean() {
    double[] mean = new double[dimensions()];
    for (int c = 0; c < weights.length; c++) {
      double[] own = members.get(c).mean();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += weights[c] * own[i];
      }
    }
    return mean;
  }

  /// sum_c w_c (C_c + (m_c - m) (m_c - m)^T): what members say, and how they differ.
  @Override
  public double[][] covariance() {
    double[] mean = mean();
    double[][] sum = new double[mean.length][mean.length];
    for (int c = 0; c < weights.length; c++) {
      double[] own = members.get(c).mean();
      double[][] covariance = members.get(c).covariance();
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          sum[i][j] += weights[c] * (covariance[i][j] + (own[i] - mean[i]) * (own[j] - mean[j]));
        }
      }
    }
    return sum;
  }

  @Override
  public double logDensity(double... theta) {
    return logDensities(new double[][] {theta})[0];
  }

  @Override
  public double[] logDensities(double[][] thetas) {
    double[][] each = new double[weights.length][];
    Arrays.setAll(each, c -> members.get(c).logDensities(thetas));
    double[] result = new double[thetas.length];
    for (int k = 0; k < result.length; k++) {
      double top = Double.NEGATIVE_INFINITY;
      for (double[] own : each) {
        top = Math.max(top, own[k]);
      }
      double sum = 0;
      for (int c = 0; c < weights.length; c++) {
        sum += top == Double.NEGATIVE_INFINITY ? 0 : weights[c] * Math.exp(each[c][k] - top);
      }
      result[k] = sum == 0 ? Double.NEGATIVE_INFINITY : top + Math.log(sum);
    }
    return result;
  }

  @Override
  public double[][] sample(Key key, int count) {
    double[] choice = key.fold("member").uniformDouble(count);
    return gathered(choice, (c, own) -> members.get(c).sample(key.fold(c), own));
  }

  @Override
  public double[][] points(int count) {
    double[] choice = new double[count];
    Arrays.setAll(choice, k -> (0.5 + k * GOLDEN) % 1);
    return gathered(choice, (c, own) -> members.get(c).points(own));
  }

  private interface Points {
    double[][] of(int member, int count);
  }

  /// The j-th choice of a member is its j-th point.
  private double[][] gathered(double[] choice, Points points) {
    int[] chosen = new int[choice.length];
    int[] counts = new int[weights.length];
    for (int k = 0; k < chosen.length; k++) {
      double sum = weights[0];
      while (chosen[k] < weights.length - 1 && choice[k] >= sum) {
        sum += weights[++chosen[k]];
      }
      counts[chosen[k]]++;
    }
    double[][][] own = new double[weights.length][][];
    Arrays.setAll(own, c -> counts[c] == 0 ? new double[0][] : points.of(c, counts[c]));
    int[] used = new int[weights.length];
    double[][] result = new double[chosen.length][];
    for (int k = 0; k < result.length; k++) {
      double[][] from = own[chosen[k]];
      result[k] = from[used[chosen[k]]++ % from.length]; // a truncated member may have fewer points
    }
    return result;
  }

  @Override
  public double cumulative(int parameter, double value) {
    double sum = 0;
    for (int c = 0; c < weights.length; c++) {
      sum += weights[c] * members.get(c).cumulative(parameter, value);
    }
    return Math.min(1, sum);
  }

  @Override
  public double quantile(int parameter, double probability) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Posterior member : members) {
      double own = member.quantile(parameter, probability);
      low = Math.min(low, own);
      high = Math.max(high, own);
    }
    return Bisection.of(x -> cumulative(parameter, x) - probability, low, high);
  }

  @Override
  public double credibility(double... theta) {
    double own = logDensity(theta);
    double[][] points = points(PosteriorByPoints.POINTS);
    int above = 0;
    for (double density : logDensities(points)) {
      above += density > own ? 1 : 0;
    }
    return above / (double) points.length;
  }
}
