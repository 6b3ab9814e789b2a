package org.orrery.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// How often class i was taken for class j: the counts behind accuracy, precision and recall.
///
/// A matrix of no rows counts 0 everywhere, and its shares are NaN, as is each share of a class whose denominator is 0: a mean over
/// classes must say what it does with them.
public final class ConfusionMatrix {
  private final long[][] counts;

  private ConfusionMatrix(long[][] counts) {
    this.counts = counts;
  }

  /// Counts predictions against labels.
  ///
  /// @param classes at least 1; of one class everything is right
  /// @throws IllegalArgumentException where their numbers differ, or there are no classes
  /// @throws IndexOutOfBoundsException where a class is not below `classes`
  public static ConfusionMatrix of(int classes, Indices predictions, Indices labels) {
    return of(classes, predictions, labels, null);
  }

  /// Counts predictions against labels where the mask is not 0; what it leaves out may be of no class.
  ///
  /// @throws IllegalArgumentException where their numbers differ, there are no classes, or the mask is NaN
  /// @throws IndexOutOfBoundsException where a class is not below `classes`
  public static ConfusionMatrix of(int classes, Indices predictions, Indices labels, @Nullable Tensor mask) {
    Require.that(classes > 0, "confusion matrix", classes + " classes; at least one is required");
    Require.that(predictions.size() == labels.size(), "confusion matrix",
        predictions.size() + " predictions and " + labels.size() + " labels; as many are required");
    float @Nullable [] kept = kept("confusion matrix", labels.size(), mask);
    long[][] counts = new long[classes][classes];
    for (int i = 0; i < labels.size(); i++) {
      if (kept == null || kept[i] != 0) {
        counts[inRange(labels.at(i), classes, i)][inRange(predictions.at(i), classes, i)]++;
      }
    }
    return new ConfusionMatrix(counts);
  }

  /// The most likely class of each row of `[rows, classes]` against the labels, where the mask (null for all) is not 0; the
  /// first of equal scores counts. Rows that the mask leaves out may hold anything.
  ///
  /// @throws IllegalArgumentException where there is not one label a row, there are no classes, or a score or the mask is NaN
  /// @throws IndexOutOfBoundsException where a label is no class
  public static ConfusionMatrix ofScores(Tensor scores, Indices labels, @Nullable Tensor mask) {
    return ofScores("confusion matrix", scores, labels, mask);
  }

  static ConfusionMatrix ofScores(String who, Tensor scores, Indices labels, @Nullable Tensor mask) {
    Require.that(
        scores.rank() > 0 && scores.columns() > 0 && labels.size() == scores.shape().without(-1).elements(), who,
        "scores " + scores.shape() + " and " + labels.size()
            + " labels; [rows, classes] with one label a row is required");
    float @Nullable [] kept = kept(who, labels.size(), mask);
    float[] values = scores.toArray();
    int classes = scores.columns();
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i]) && (kept == null || kept[i / classes] != 0)) {
        throw new IllegalArgumentException(
            who + ": the score of row " + i / classes + " for class " + i % classes + " is NaN; a number is required");
      }
    }
    return of(classes, scores.argmax(-1), labels, mask);
  }

  private static float @Nullable [] kept(String who, int rows, @Nullable Tensor mask) {
    if (mask == null) {
      return null;
    }
    float[] kept = mask.toArray();
    Require.that(kept.length == rows, who,
        rows + " labels and a mask " + mask.shape() + "; one number a row is required");
    for (int i = 0; i < kept.length; i++) {
      if (Float.isNaN(kept[i])) {
        throw new IllegalArgumentException(who + ": the mask of row " + i + " is NaN; 0 or 1 is required");
      }
    }
    return kept;
  }

  /// How many classes there are.
  public int classes() {
    return counts.length;
  }

  /// How often the class `label` was taken for the class `prediction`.
  public long count(int label, int prediction) {
    return counts[label][prediction];
  }

  /// How many were counted.
  public long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /// The share that is right; NaN where nothing was counted.
  public double accuracy() {
    long right = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
    }
    return ratio(right, total());
  }

  /// The share of those taken for the class that are of it; NaN where there are none.
  public double precision(int of) {
    long taken = 0;
    for (long[] row : counts) {
      taken += row[of];
    }
    return ratio(counts[of][of], taken);
  }

  /// The share of the class that is recognized; NaN where it does not occur.
  public double recall(int of) {
    return ratio(counts[of][of], Arrays.stream(counts[of]).sum());
  }

  /// 2 precision recall / (precision + recall), as 2 hits / (occurrences + predictions); NaN where both are 0.
  public double f1(int of) {
    long both = Arrays.stream(counts[of]).sum();
    for (long[] row : counts) {
      both += row[of];
    }
    return ratio(2 * counts[of][of], both);
  }

  private static double ratio(long part, long whole) {
    return (double) part / (double) whole;
  }

  private static int inRange(int value, int classes, int at) {
    if (value < 0 || value >= classes) {
      throw new IndexOutOfBoundsException(
          "confusion matrix: entry " + at + " is of class " + value + "; 0 to " + (classes - 1) + " are allowed");
    }
    return value;
  }

  /// The counts, a row for each true class.
  @Override
  public String toString() {
    return Arrays.deepToString(counts).replace("], ", "]\n ");
  }
}
