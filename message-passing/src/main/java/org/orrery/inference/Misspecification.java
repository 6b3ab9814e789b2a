package org.orrery.inference;

import java.util.Arrays;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// Whether an observation looks like the simulations that a model was trained on: a distance of its features (summaries, or what the network
/// makes of the input) from those of the training set, against the distances of held-out simulations.
/// ```java
/// Misspecification test = Misspecification.fit(trainFeatures, heldOutFeatures);
/// Misspecification.Verdict verdict = test.check(observedFeatures, 0.01);
/// ```
/// **False alarms.** The p-value is (1 + held-out distances not below the observed one) / (1 + held-out inputs). For an observation from the
/// simulator it is at most a with probability a or less, for any a and whatever the distribution of the features (conformal prediction, Vovk et al.
/// 2005): the held-out inputs must not have been trained on. What differs from the simulations in ways that features do not show is not seen.
public final class Misspecification {
  private static final String NAME = "misspecification";

  /// How far features are from those of the training set.
  public sealed interface Distance {
    /// sqrt((x - m)^T C^-1 (x - m)) with mean m and covariance C of the training set. C is shrunk toward mean variance times 1, by the share that
    /// Ledoit & Wolf 2004 estimate, so that it can be inverted with fewer examples than features. Features are divided by their standard
    /// deviations first.
    record Mahalanobis() implements Distance {
    }

    /// The distance of the k-th nearest of the training set, features divided by their standard deviations: for features of several clumps.
    ///
    /// @param neighbors k
    record Nearest(int neighbors) implements Distance {
      /// Checks k.
      ///
      /// @throws IllegalArgumentException unless it is positive
      public Nearest {
        Require.positive(NAME, "neighbors", neighbors);
      }
    }
  }

  /// What a check says.
  ///
  /// @param distance of the observation
  /// @param pValue the share of simulations that are as far off
  /// @param alarm whether the p-value is not above the rate of false alarms
  public record Verdict(double distance, double pValue, boolean alarm) {
  }

  private final double[][] training;
  private final double[] mean;
  private final double[] sigma;
  private final CovarianceFactor factor;
  private final double shrinkage;
  private final Distance distance;
  private final double[] heldOut;

  private Misspecification(double[][] train, double[][] held, Distance distance) {
    int width = train[0].length;
    this.distance = distance;
    this.mean = new double[width];
    this.sigma = new double[width];
    for (int i = 0; i < width; i++) {
      int column = i;
      mean[i] = Arrays.stream(train).mapToDouble(row -> row[column]).sum() / train.length;
      sigma[i] = Math.sqrt(Arrays.stream(train).mapToDouble(row -> (row[column] - mean[column])
          * (row[column] - mean[column])).sum() / train.length);
      Require.that(sigma[i] > 0, NAME, "feature " + i + " is " + train[0][i] + " in all of the training set; "
          + "features that vary are required");
    }
    this.training = Arrays.stream(train).map(this::standardized).toArray(double[][]::new);
    Shrunk shrunk = Shrunk.of(training);
    this.factor = CovarianceFactor.of(NAME, shrunk.covariance);
    this.shrinkage = shrunk.share;
    this.heldOut = Arrays.stream(held).mapToDouble(this::distance).sorted().toArray();
  }

  /// With the [Distance.Mahalanobis] distance.
  ///
  /// @param train features of the training set, `[examples, width]`
  /// @param heldOut of simulations that were not trained on, `[examples, width]`
  /// @throws IllegalArgumentException where there are fewer than 2 and 1, widths differ, a value is not finite, or a feature does not vary
  public static Misspecification fit(Tensor train, Tensor heldOut) {
    return fit(train, heldOut, new Distance.Mahalanobis());
  }

  /// With another distance.
  ///
  /// @throws IllegalArgumentException also where there are fewer than k examples
  public static Misspecification fit(Tensor train, Tensor heldOut, Distance distance) {
    double[][] first = rows(train);
    double[][] second = rows(heldOut);
    Require.that(first.length >= 2 && second.length >= 1 && train.columns() == heldOut.columns(), NAME, "features "
        + train.shape() + " and " + heldOut.shape() + "; at least 2 and 1 rows of the same width are required");
    if (distance instanceof Distance.Nearest(int neighbors)) {
      Require.that(neighbors <= first.length, NAME,
          neighbors + " neighbors of " + first.length + " examples; at most as many are required");
    }
    return new Misspecification(first, second, distance);
  }

  private static double[][] rows(Tensor features) {
    Require.that(features.rank() == 2 && features.columns() > 0, NAME,
        "features " + features.shape() + "; [examples, width] is required");
    double[] values = features.toDoubles();
    double[][] rows = new double[features.rows()][features.columns()];
    for (int k = 0; k < values.length; k++) {
      Require.that(Double.isFinite(values[k]), NAME, "feature " + k % features.columns() + " of row "
          + k / features.columns() + " is " + values[k] + "; finite numbers are required");
      rows[k / features.columns()][k % features.columns()] = values[k];
    }
    return rows;
  }

  private double[] standardized(double[] features) {
    double[] x = new double[features.length];
    Arrays.setAll(x, i -> (features[i] - mean[i]) / sigma[i]);
    return x;
  }

  /// A covariance and the share of the identity in it.
  private static final class Shrunk {
    private final double[][] covariance;
    private final double share;

    Shrunk(double[][] covariance, double share) {
      this.covariance = covariance;
      this.share = share;
    }

    /// Ledoit & Wolf 2004: of the squared distance d^2 of S from the multiple of 1, the share min(b^2 / d^2, 1) is noise, with
    /// b^2 = sum_n |x_n x_n^T - S|^2 / n^2. Rows are centered and standardized.
    static Shrunk of(double[][] rows) {
      int width = rows[0].length;
      double[][] sample = new double[width][width];
      for (double[] row : rows) {
        for (int i = 0; i < width; i++) {
          for (int j = 0; j < width; j++) {
            sample[i][j] += row[i] * row[j] / rows.length;
          }
        }
      }
      double level = 0;
      double square = 0;
      for (int i = 0; i < width; i++) {
        level += sample[i][i] / width;
        for (int j = 0; j < width; j++) {
          square += sample[i][j] * sample[i][j];
        }
      }
      double fourth = 0; // |x x^T - S|^2 = |x|^4 - 2 x^T S x + |S|^2, whose sum over rows is sum |x|^4 - n |S|^2
      for (double[] row : rows) {
        double norm = Arrays.stream(row).map(x -> x * x).sum();
        fourth += norm * norm;
      }
      double distance = square - width * level * level;
      double noise = (fourth / rows.length - square) / rows.length;
      double share = distance > 0 ? Math.clamp(noise / distance, 0, 1) : 1;
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          sample[i][j] = (1 - share) * sample[i][j] + (i == j ? share * level : 0);
        }
      }
      return new Shrunk(sample, share);
    }
  }

  private double distance(double[] features) {
    double[] x = standardized(features);
    return switch (distance) {
      case Distance.Mahalanobis() -> Math.sqrt(factor.squaredDistance(x, new double[x.length]));
      case Distance.Nearest(int neighbors) -> {
        double[] squares = new double[training.length];
        for (int n = 0; n < squares.length; n++) {
          for (int i = 0; i < x.length; i++) {
            squares[n] += (x[i] - training[n][i]) * (x[i] - training[n][i]);
          }
        }
        Arrays.sort(squares);
        yield Math.sqrt(squares[neighbors - 1]);
      }
    };
  }

  /// The share of the identity in the covariance.
  public double shrinkage() {
    return shrinkage;
  }

  /// The least p-value that there is, 1 / (1 + held-out inputs).
  public double leastPValue() {
    return 1 / (heldOut.length + 1.0);
  }

  /// Checks an observation.
  ///
  /// @param observed its features
  /// @param alarmRate the rate of false alarms that is allowed, as in 0.01
  /// @throws IllegalArgumentException where the number of features is not that of training, one is not finite, or the rate is below the least
  /// p-value: no observation could raise an alarm
  public Verdict check(double[] observed, double alarmRate) {
    Require.that(observed.length == mean.length, NAME,
        observed.length + " features; " + mean.length + " are required");
    for (double feature : observed) {
      Require.that(Double.isFinite(feature), NAME, "a feature is " + feature + "; finite numbers are required");
    }
    Checks.probability(NAME, "alarm rate", alarmRate);
    Require.that(alarmRate >= leastPValue(), NAME, "alarm rate " + alarmRate + " with " + heldOut.length
        + " held-out inputs; at least 1 / (1 + inputs) = " + leastPValue() + " is required");
    double own = distance(observed);
    long farther = Arrays.stream(heldOut).filter(other -> other >= own).count();
    double pValue = (1 + farther) / (1.0 + heldOut.length);
    return new Verdict(own, pValue, pValue <= alarmRate);
  }

  /// Checks an observation `[1, width]` or `[width]`.
  public Verdict check(Tensor observed, double alarmRate) {
    return check(observed.toDoubles(), alarmRate);
  }
}
