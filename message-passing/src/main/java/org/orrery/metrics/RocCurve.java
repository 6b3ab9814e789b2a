package org.orrery.metrics;

import java.util.Arrays;
import java.util.Comparator;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// The receiver operating characteristic of scores: how many of the positives (label 1) and of the negatives (label 0)
/// have at least a score. Equal scores are taken together.
///
/// There is one score a row; of several classes each has a curve of its own, of its column of scores against the others. Both
/// labels must occur: the curve of one, or of no rows, is not defined.
public final class RocCurve {
  private final long[] truePositives;
  private final long[] falsePositives;

  private RocCurve(long[] truePositives, long[] falsePositives) {
    this.truePositives = truePositives;
    this.falsePositives = falsePositives;
  }

  /// The curve of these labels and scores.
  ///
  /// @throws IllegalArgumentException where a label is neither 0 nor 1, a score is NaN, or one of the labels is absent
  public static RocCurve of(Indices labels, double... scores) {
    Require.that(labels.size() == scores.length, "roc curve",
        labels.size() + " labels and " + scores.length + " scores; as many are required");
    Integer[] order = new Integer[scores.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      if (labels.at(i) != 0 && labels.at(i) != 1) {
        throw new IllegalArgumentException("roc curve: label " + i + " is " + labels.at(i) + "; 0 or 1 is required");
      }
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException("roc curve: score " + i + " is NaN; a number is required");
      }
    }
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    long[] hits = new long[scores.length + 1];
    long[] alarms = new long[scores.length + 1];
    int points = 0;
    for (int i = 0; i < order.length; i++) {
      boolean tied = i > 0 && scores[order[i]] == scores[order[i - 1]];
      if (!tied) {
        points++;
        hits[points] = hits[points - 1];
        alarms[points] = alarms[points - 1];
      }
      hits[points] += labels.at(order[i]);
      alarms[points] += 1 - labels.at(order[i]);
    }
    Require.that(hits[points] > 0 && alarms[points] > 0, "roc curve",
        hits[points] + " positives and " + alarms[points] + " negatives; both are required");
    return new RocCurve(Arrays.copyOf(hits, points + 1), Arrays.copyOf(alarms, points + 1));
  }

  /// The curve of these labels and scores.
  ///
  /// @param scores `[rows]` or `[rows, 1]`
  /// @throws IllegalArgumentException where scores have several columns, a label is neither 0 nor 1, a score is NaN, or one of the
  ///         labels is absent
  public static RocCurve of(Indices labels, Tensor scores) {
    Require.that(scores.rank() == 1 || (scores.rank() == 2 && scores.columns() == 1), "roc curve",
        "scores " + scores.shape() + "; [rows] or [rows, 1] is required");
    return of(labels, scores.toDoubles());
  }

  /// The area below it: the probability that a positive has a higher score than a negative, ties counted half.
  ///
  /// Mann & Whitney 1947, computed in whole numbers.
  public double area() {
    double twice = 0;
    for (int i = 1; i < truePositives.length; i++) {
      twice += (double) (falsePositives[i] - falsePositives[i - 1]) * (truePositives[i] + truePositives[i - 1]);
    }
    return twice / (2.0 * positives() * negatives());
  }

  /// The largest share of positives that a threshold finds with at most so many false positives.
  ///
  /// Metcalf et al. 2019 rank lens finders by it: their TPR0 allows 0. Their TPR10 is that of fewer than ten, which
  /// allows 9; others count at most ten, which allows 10.
  ///
  /// @throws IllegalArgumentException where the number is negative
  public double truePositiveRate(int falsePositivesAllowed) {
    Require.that(falsePositivesAllowed >= 0, "roc curve",
        falsePositivesAllowed + " false positives allowed; 0 or more is required");
    long best = 0;
    for (int i = 0; i < truePositives.length && falsePositives[i] <= falsePositivesAllowed; i++) {
      best = truePositives[i];
    }
    return best / (double) positives();
  }

  /// How many points it has, one more than there are different scores.
  public int points() {
    return truePositives.length;
  }

  /// The share of positives at or above the score of a point; points begin with (0, 0) and end with (1, 1).
  public double truePositiveRateAt(int point) {
    return truePositives[point] / (double) positives();
  }

  /// The share of negatives at or above the score of a point.
  public double falsePositiveRateAt(int point) {
    return falsePositives[point] / (double) negatives();
  }

  private long positives() {
    return truePositives[truePositives.length - 1];
  }

  private long negatives() {
    return falsePositives[falsePositives.length - 1];
  }
}
