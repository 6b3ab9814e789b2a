package org.orrery.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.training.ReferenceCase;

class LossTest {
  private static final Map<String, TensorLoss> LOSSES = new TreeMap<>(Map.of(
      "mse_loss", new SquaredError(),
      "l1_loss", new AbsoluteError(),
      "huber_loss", new Huber(0.7),
      "smooth_l1_loss", new SmoothAbsoluteError(0.5),
      "kl_div", new KlDivergence()));

  static Stream<String> names() {
    return LOSSES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesWithTheReference(String name) {
    ReferenceCase reference = ReferenceCase.of("tensor/" + name);
    Tensor p = reference.tracked("p");
    Tensor t = reference.tracked("t");
    reference.check(Weights.at(LOSSES, name).mean(p, t), "p", p, "t", t);
  }

  @Test
  void binaryCrossEntropyAgreesWithTheReference() {
    ReferenceCase reference = ReferenceCase.of("tensor/bce_with_logits");
    Tensor p = reference.tracked("p");
    Tensor t = reference.tracked("t");
    reference.check(new BinaryCrossEntropy().mean(p, t.sigmoid()), "p", p, "t", t);
  }

  @Test
  void gaussianNllAgreesWithTheReference() {
    ReferenceCase reference = ReferenceCase.of("tensor/gaussian_nll");
    Tensor p = reference.tracked("p");
    Tensor t = reference.tracked("t");
    reference.check(GaussianNll.ofVariance(t.square().add(0.5)).mean(p, t), "p", p, "t", t);
  }

  @Test
  void crossEntropyAgreesWithTheReference() {
    ReferenceCase reference = ReferenceCase.of("tensor/cross_entropy");
    Tensor logits = reference.tracked("logits");
    CrossEntropy loss = new CrossEntropy().withSmoothing(reference.number("label_smoothing"));
    reference.check(loss.mean(logits, reference.indices("in.target")), "logits", logits);
  }

  @Test
  void mixtureDensityAgreesWithTheReference() {
    ReferenceCase reference = ReferenceCase.of("tensor/mixture_density_nll");
    Tensor logits = reference.tracked("logits");
    Tensor mean = reference.tracked("mean");
    Tensor logSigma = reference.tracked("log_sigma");
    Tensor y = reference.tracked("y");
    Tensor loss = new MixtureDensity(logits, mean, logSigma).negativeLogLikelihood(y).mean();
    reference.check(loss, "logits", logits, "mean", mean, "log_sigma", logSigma, "y", y);
  }

  @Test
  void momentNetworkAgreesWithTheReference() {
    ReferenceCase reference = ReferenceCase.of("tensor/moment_network_loss");
    Tensor m = reference.tracked("m");
    Tensor s = reference.tracked("s");
    Tensor y = reference.tracked("y");
    reference.check(MomentNetwork.loss(m, s, y), "m", m, "s", s, "y", y);
  }

  @Test
  void huberChangesFromSquareToLineAtDelta() {
    Tensor zero = Tensor.zeros(3);
    Tensor each = new Huber(2).each(Tensor.of(new float[] {1, -2, 5}), zero);
    assertArrayEquals(new float[] {0.5f, 2, 8}, each.toArray()); // 1/2, 4/2, 2 (5 - 1)
  }

  @Test
  void smoothingAndWeightsFollowTheFormula() { // two classes, logits 0: both log-probabilities are -log 2
    double log2 = Math.log(2);
    CrossEntropy loss = new CrossEntropy().withClassWeights(Tensor.of(new float[] {1, 3})).withSmoothing(0.2);
    Tensor logits = Tensor.zeros(2, 2);
    Indices labels = Indices.of(0, 1);
    // 0.8 w_c log 2 + 0.2 / 2 (1 + 3) log 2
    assertArrayEquals(new double[] {1.2 * log2, 2.8 * log2}, loss.each(logits, labels).toDoubles(), 1e-6);
    assertEquals(log2, loss.mean(logits, labels).item(), 1e-6); // (1.2 + 2.8) / (1 + 3)
  }

  @Test
  void positiveWeightScalesPositivesAlone() {
    Tensor logits = Tensor.of(new float[] {0.3f, 0.3f});
    Tensor labels = Tensor.of(new float[] {1, 0});
    double[] plain = new BinaryCrossEntropy().each(logits, labels).toDoubles();
    double[] weighted = new BinaryCrossEntropy(Tensor.of(4)).each(logits, labels).toDoubles();
    assertEquals(4 * plain[0], weighted[0], 1e-6);
    assertEquals(plain[1], weighted[1], 0);
  }

  @Test
  void extremeLogitsStayFinite() {
    Tensor logits = Tensor.of(new float[] {-1000, 1000, -1000, 1000}).tracked();
    Tensor labels = Tensor.of(new float[] {0, 1, 1, 0});
    Tensor each = new BinaryCrossEntropy().each(logits, labels);
    assertArrayEquals(new float[] {0, 0, 1000, 1000}, each.toArray(), 1e-9f);
    assertArrayEquals(new float[] {0, 0, -1, 1}, Gradients.of(each.sum(), logits).withRespectTo(logits).toArray(),
        1e-9f);
    Tensor rows = Tensor.of(new float[][] {{-1000, 1000}, {1000, -1000}});
    assertArrayEquals(new float[] {2000, 0}, new CrossEntropy().each(rows, Indices.of(0, 0)).toArray(), 1e-9f);
  }

  @Test
  void aMaskIsTheSameAsLeavingOut() {
    Tensor p = Tensor.normal(Key.of(1), 4, 3).tracked();
    Tensor t = Tensor.normal(Key.of(2), 4, 3);
    Tensor mask = Tensor.of(new float[] {1, 0, 1, 0});
    Indices kept = Indices.of(0, 2);
    assertEquals(new SquaredError().mean(p.gatherRows(kept), t.gatherRows(kept)).item(),
        new SquaredError().mean(p, t, mask.unsqueeze(1)).item(), 1e-6);
    assertEquals(new KlDivergence().sum(p.gatherRows(kept), t.gatherRows(kept)).item(),
        new KlDivergence().sum(p, t, mask).item(), 1e-6);
    CrossEntropy weighted = new CrossEntropy().withClassWeights(Tensor.of(new float[] {1, 2, 5}));
    assertEquals(weighted.mean(p.gatherRows(kept), Indices.of(2, 1)).item(),
        weighted.mean(p, Indices.of(2, -100, 1, 0), mask).item(), 1e-6);
  }

  @Test
  void whatTheMaskLeavesOutMayBeMissing() {
    Tensor p = Tensor.of(new float[] {1, 2}).tracked();
    Tensor t = Tensor.of(new float[] {0, Float.NaN});
    Tensor loss = new SquaredError().mean(p, t, Tensor.of(new float[] {1, 0}));
    assertEquals(1, loss.item());
    assertArrayEquals(new float[] {2, 0}, Gradients.of(loss, p).withRespectTo(p).toArray());
  }

  @Test
  void aLossLivesWhereItsPredictionLives() { // not where a tensor made now would live
    Tensor[] there = Backends.with(CpuBackend.withThreads(1), () -> new Tensor[] {Tensor.of(new float[] {1, 3}),
      Tensor.of(new float[] {0, 1}), Tensor.of(new float[] {0, 1}), Tensor.of(new float[][] {{1, 1}})});
    assertEquals(2.5f, new SquaredError().mean(there[0], there[1]).item()); // (1 + 4) / 2
    assertEquals(4, new SquaredError().mean(there[0], there[1], there[2]).item());
    assertEquals(Math.log(2), new CrossEntropy().mean(there[3], Indices.of(0)).item(), 1e-6);
  }

  @Test
  void errorsNameTheLossAndTheShapes() {
    String message = assertThrows(IllegalArgumentException.class,
        () -> new Huber(1).each(Tensor.zeros(2, 3), Tensor.zeros(3, 2))).toString();
    assertTrue(message.contains("huber") && message.contains("[2, 3]") && message.contains("[3, 2]"), message);
    assertThrows(IndexOutOfBoundsException.class,
        () -> new CrossEntropy().mean(Tensor.zeros(1, 3), Indices.of(3)));
    assertThrows(IllegalArgumentException.class, () -> new CrossEntropy().mean(Tensor.zeros(0, 3), Indices.of()));
  }
}
