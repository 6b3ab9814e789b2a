package org.orrery.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
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
}
