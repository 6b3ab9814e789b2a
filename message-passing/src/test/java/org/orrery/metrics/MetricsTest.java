package org.orrery.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.ReferenceCase;

class MetricsTest {
  @Test
  void lensMetricsAgreeWithTheReference() {
    ReferenceCase reference = ReferenceCase.of("train/metrics");
    RocCurve curve = RocCurve.of(reference.indices("in.label"), reference.tensor("in.score"));
    assertEquals(reference.tensor("out.auroc").item(), curve.area(), 1e-6);
    assertEquals(reference.tensor("out.tpr0").item(), curve.truePositiveRate(0), 1e-6);
    assertEquals(reference.tensor("out.tpr10").item(), curve.truePositiveRate(10), 1e-6);
  }

  @Test
  void aTruePositiveRateStopsBeforeTheFalsePositiveThatIsTooMany() {
    int[] labels = new int[22]; // by falling score: 1 0 1 0 ... so that f false positives come with f + 1 true ones
    double[] scores = new double[22];
    for (int i = 0; i < 22; i++) {
      labels[i] = 1 - i % 2;
      scores[i] = -i;
    }
    RocCurve curve = RocCurve.of(Indices.of(labels), scores);
    assertEquals(1 / 11.0, curve.truePositiveRate(0));
    assertEquals(10 / 11.0, curve.truePositiveRate(9), "fewer than ten");
    assertEquals(1, curve.truePositiveRate(10), "at most ten");
    assertEquals(0, RocCurve.of(Indices.of(1, 0, 1), 2, 2, 1).truePositiveRate(0), "equal scores are taken together");
    assertThrows(IllegalArgumentException.class, () -> curve.truePositiveRate(-1));
  }

  @Test
  void theAreaCountsPairsAndHalfOfTies() {
    int seed = 11;
    int[] labels = Key.of(seed).integers(60, 2);
    int[] scores = Key.of(seed + 1).integers(60, 8); // many ties
    double won = 0;
    double pairs = 0;
    double[] values = new double[60];
    for (int i = 0; i < 60; i++) {
      values[i] = scores[i];
      for (int j = 0; j < 60; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          pairs++;
          won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertEquals(won / pairs, RocCurve.of(Indices.of(labels), values).area(), 1e-12, "seed " + seed);
  }

  @Test
  void aCurveNeedsBothLabels() {
    assertThrows(IllegalArgumentException.class, () -> RocCurve.of(Indices.of(1, 1), 0.1, 0.2));
    assertThrows(IllegalArgumentException.class, () -> RocCurve.of(Indices.of(0, 1), Double.NaN, 0.2));
    assertThrows(IllegalArgumentException.class, () -> RocCurve.of(Indices.of(0, 2), 0.1, 0.2));
  }

  @Test
  void accuracyCountsWhatTheMaskKeeps() {
    Tensor scores = Tensor.of(new float[][] {{2, 1}, {0, 3}, {5, 5}, {1, 0}}); // classes 0, 1, 0, 0
    Indices labels = Indices.of(0, 1, 1, 1);
    assertEquals(0.5, Metrics.accuracy(scores, labels));
    assertEquals(1, Metrics.accuracy(scores, labels, Tensor.of(new float[] {1, 1, 0, 0})));
  }

  @Test
  void aConfusionMatrixCountsLabelByPrediction() {
    ConfusionMatrix matrix = ConfusionMatrix.of(3, Indices.of(0, 1, 1, 0, 0), Indices.of(0, 1, 0, 0, 1));
    assertEquals(2, matrix.count(0, 0));
    assertEquals(1, matrix.count(0, 1));
    assertEquals(1, matrix.count(1, 0));
    assertEquals(0.6, matrix.accuracy(), 1e-12);
    assertEquals(2.0 / 3, matrix.precision(0), 1e-12);
    assertEquals(0.5, matrix.recall(1), 1e-12);
    assertEquals(2.0 / 4, matrix.f1(1), 1e-12); // 2 hits 1, occurs 2, predicted 2
    assertEquals(Double.NaN, matrix.recall(2));
    assertThrows(IndexOutOfBoundsException.class, () -> ConfusionMatrix.of(1, Indices.of(1), Indices.of(0)));
  }

  @Test
  void regressionMetricsFollowTheirFormulas() { // residuals -1, 0, 2; targets 1, 2, 3 spread by 2 around 2
    Tensor prediction = Tensor.of(new float[] {0, 2, 5});
    Tensor target = Tensor.of(new float[] {1, 2, 3});
    assertEquals(Math.sqrt(5.0 / 3), Metrics.rootMeanSquaredError(prediction, target), 1e-12);
    assertEquals(1, Metrics.meanAbsoluteError(prediction, target), 1e-12);
    assertEquals(1 - 5.0 / 2, Metrics.r2(prediction, target), 1e-12);
  }

  @Test
  void r2IsTheMeanOverColumns() { // the mean of each column for every row: 0 for both
    Tensor target = Tensor.of(new float[][] {{0.2f, 0.7f}, {0.4f, 0.9f}});
    Tensor means = Tensor.of(new float[][] {{0.3f, 0.8f}, {0.3f, 0.8f}});
    assertArrayEquals(new double[] {0, 0}, Metrics.r2OfColumns(means, target), 1e-6);
    assertEquals(0, Metrics.r2(means, target), 1e-6);
    // column 0 met exactly: 1; column 1 off by 0.2 twice: 1 - 0.08 / 0.02 = -3
    Tensor mixed = Tensor.of(new float[][] {{0.2f, 0.9f}, {0.4f, 0.7f}});
    assertArrayEquals(new double[] {1, -3}, Metrics.r2OfColumns(mixed, target), 1e-5);
    assertEquals(-1, Metrics.r2(mixed, target), 1e-5);
    assertEquals(-1, Metrics.r2(mixed.unsqueeze(0), target.unsqueeze(0)), 1e-5, "leading axes are rows");
  }

  @Test
  void r2OfEqualTargetsIsOneWhereTheyAreMetAndElseZero() { // as scikit-learn; 0.1 and its sums are not exact
    Tensor constant = Tensor.of(new float[][] {{0.1f, 0.1f}, {0.1f, 0.1f}, {0.1f, 0.1f}});
    Tensor prediction = Tensor.of(new float[][] {{0.1f, 0.1f}, {0.1f, 0.2f}, {0.1f, 0.1f}});
    assertArrayEquals(new double[] {1, 0}, Metrics.r2OfColumns(prediction, constant));
    assertEquals(Double.NaN, Metrics.r2(Tensor.of(1).reshape(1), Tensor.of(1).reshape(1)), "one row has no spread");
  }

  @Test
  void errorsOfSeveralColumnsAreOverAllEntries() { // residuals 3, 0, 0, 1
    Tensor prediction = Tensor.of(new float[][] {{3, 0}, {0, 1}});
    Tensor target = Tensor.zeros(2, 2);
    assertEquals(10.0 / 4, Metrics.meanSquaredError(prediction, target));
    assertEquals(Math.sqrt(10.0 / 4), Metrics.rootMeanSquaredError(prediction, target));
    assertEquals(1, Metrics.meanAbsoluteError(prediction, target));
  }

  @Test
  void squaresOfErrorsMayLeaveFloat32() { // (3e19)^2 is infinite there
    Tensor far = Tensor.of(new float[] {3e19f, -3e19f});
    assertEquals(3e19, Metrics.rootMeanSquaredError(far, Tensor.zeros(2)), 1e13);
    assertEquals(1, Metrics.r2(far, far));
  }

  private interface Regression {
    double of(Tensor prediction, Tensor target);
  }

  private static final Map<String, Regression> REGRESSIONS = Map.of("r2", Metrics::r2, "mean squared error",
      Metrics::meanSquaredError, "root mean squared error", Metrics::rootMeanSquaredError, "mean absolute error",
      Metrics::meanAbsoluteError);

  @Test
  void regressionMetricsNameThemselvesAndTheRowThatIsNotANumber() {
    REGRESSIONS.forEach((name, metric) -> {
      Tensor nan = Tensor.of(new float[][] {{0, 1}, {2, Float.NaN}});
      for (List<Tensor> pair : List.of(List.of(nan, Tensor.zeros(2, 2)), List.of(Tensor.zeros(2, 2), nan))) {
        refused(name + ": ", "row 1, column 1", () -> metric.of(pair.getFirst(), pair.getLast()));
      }
      refused(name + ": ", "row 2;", () -> metric.of(Tensor.of(new float[] {0, 1, Float.NaN}), Tensor.zeros(3)));
      refused(name + ": ", "at least one row", () -> metric.of(Tensor.zeros(0, 2), Tensor.zeros(0, 2)));
      refused(name + ": ", "shapes must be equal", () -> metric.of(Tensor.zeros(2, 1), Tensor.zeros(2)));
    });
    Tensor infinite = Tensor.of(new float[] {0, Float.POSITIVE_INFINITY});
    refused("r2: ", "the target in row 1 is infinite", () -> Metrics.r2(Tensor.zeros(2), infinite));
    refused("r2: ", "the prediction in row 1 is infinite", () -> Metrics.r2(infinite, Tensor.of(new float[] {1, 2})));
    assertEquals(Double.POSITIVE_INFINITY, Metrics.meanSquaredError(infinite, Tensor.zeros(2)));
  }

  @Test
  void accuracyRefusesScoresThatAreNoNumbersAndNoRows() {
    Tensor nan = Tensor.of(new float[][] {{1, 0}, {Float.NaN, Float.NaN}});
    Indices labels = Indices.of(0, 0);
    refused("accuracy: ", "row 1 for class 0 is NaN", () -> Metrics.accuracy(nan, labels));
    assertEquals(1, Metrics.accuracy(nan, Indices.of(0, -1), Tensor.of(new float[] {1, 0})), "row 1 is left out");
    refused("accuracy: ", "at least one row", () -> Metrics.accuracy(Tensor.zeros(0, 2), Indices.of()));
    refused("accuracy: ", "a mask that keeps no row", () -> Metrics.accuracy(nan, labels, Tensor.zeros(2)));
    refused("accuracy: ", "the mask of row 0 is NaN",
        () -> Metrics.accuracy(Tensor.zeros(1, 2), Indices.of(0), Tensor.of(new float[] {Float.NaN})));
    refused("accuracy: ", "one label a row", () -> Metrics.accuracy(Tensor.zeros(2, 2), Indices.of(0)));
  }

  @Test
  void oneColumnOfScoresIsOneClass() {
    assertEquals(1, Metrics.accuracy(Tensor.of(new float[][] {{-3}, {2}}), Indices.of(0, 0)));
    assertThrows(IndexOutOfBoundsException.class, () -> Metrics.accuracy(Tensor.zeros(2, 1), Indices.of(0, 1)));
    ConfusionMatrix one = ConfusionMatrix.of(1, Indices.of(0, 0), Indices.of(0, 0));
    assertEquals(List.of(1.0, 1.0, 1.0, 1.0), List.of(one.accuracy(), one.precision(0), one.recall(0), one.f1(0)));
  }

  @Test
  void aConfusionMatrixOfNoRowsHasNoShares() {
    ConfusionMatrix none = ConfusionMatrix.of(2, Indices.of(), Indices.of());
    assertEquals(0, none.total());
    assertEquals(List.of(Double.NaN, Double.NaN, Double.NaN, Double.NaN),
        List.of(none.accuracy(), none.precision(1), none.recall(1), none.f1(1)));
    refused("confusion matrix: ", "0 classes", () -> ConfusionMatrix.of(0, Indices.of(), Indices.of()));
    refused("confusion matrix: ", "row 0 for class 1 is NaN", () -> ConfusionMatrix
        .ofScores(Tensor.of(new float[][] {{0, Float.NaN}}), Indices.of(0), null));
  }

  @Test
  void aCurveReadsOneScoreARow() {
    Indices labels = Indices.of(0, 1);
    assertEquals(1, Metrics.rocArea(Tensor.of(new float[][] {{0.1f}, {0.2f}}), labels));
    refused("roc curve: ", "[1, 2]", () -> Metrics.rocArea(Tensor.of(new float[][] {{0.1f, 0.2f}}), labels));
    refused("roc curve: ", "0 positives and 0 negatives", () -> Metrics.rocArea(Tensor.zeros(0), Indices.of()));
    refused("roc curve: ", "score 1 is NaN", () -> RocCurve.of(labels, 0.1, Double.NaN));
  }

  private static void refused(String who, String part, Executable call) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, call, who).getMessage());
    assertTrue(message.startsWith(who) && message.contains(part), message + " should have " + part);
  }
}
