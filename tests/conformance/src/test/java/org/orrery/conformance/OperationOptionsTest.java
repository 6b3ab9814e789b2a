package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;

/// What the configuration and the notes of operations, losses, optimizers and schedules can say, against formulas in
/// plain double precision and numbers worked out by hand.
class OperationOptionsTest {
  private static final NumericArray CUBE = NumericArray.of(Shape.of(2, 3, 2), 1f, 5, -2, 0.5f, 3, 3, 2, 5, -1, 0, 4,
      1.5f);
  private static final NumericArray P = matrix(2, 3, 0.5f, -1, 2, 0.3f, 1.5f, -0.7f);
  private static final NumericArray T = matrix(2, 3, 1.2f, 0.4f, -0.3f, -1.1f, 0.9f, 0.2f);

  @TempDir
  private Path folder;

  @Test
  void reductionsTakeSeveralAxesOrAll() throws IOException {
    Map<String, NumericArray> x = Map.of("in.x", CUBE);
    agrees("reduce_sum", "{\"dim\": [0, -1], \"keepdim\": true}", "", x,
        v -> overFirstAndLast(v, group -> Arrays.stream(group).sum()), 1, 3, 1);
    agrees("reduce_var", "{\"dim\": [2, 0]}", "", x,
        v -> overFirstAndLast(v, group -> variance(group) * 4 / 3), 3); // unbiased unless told otherwise
    agrees("reduce_std", "{\"dim\": [0, 2], \"correction\": 0}", "", x,
        v -> overFirstAndLast(v, group -> Math.sqrt(variance(group))), 3);
    agrees("logsumexp", "{\"dim\": [0, 2], \"keepdim\": false}", "", x, v -> overFirstAndLast(v,
        group -> Math.log(Arrays.stream(group).map(Math::exp).sum())), 3);
    agrees("reduce_mean", "{\"dim\": null}", "", x,
        v -> new double[] {Arrays.stream(value(v, "in.x")).average().orElseThrow()}, 1);
  }

  @Test
  void tiesOverSeveralAxesShareTheGradient() throws IOException { // 5 stands twice in the whole
    Map<String, NumericArray> arrays = new LinkedHashMap<>(Map.of("in.x", CUBE, "out.y",
        NumericArray.of(Shape.of(1, 1, 1), 5f), "probe.y", NumericArray.of(Shape.of(1, 1, 1), 3f)));
    arrays.put("grad.in.x", NumericArray.of(Shape.of(2, 3, 2), 0f, 1.5f, 0, 0, 0, 0, 0, 1.5f, 0, 0, 0, 0));
    assertEquals("PASS", judge(arrays, "reduce_amax", "{\"dim\": [0, 1, 2], \"keepdim\": true}", "").kind().name());
  }

  @Test
  void productsBroadcastBatchesAndTakeVectors() throws IOException {
    Map<String, NumericArray> given = Map.of("in.a", NumericArray.of(Shape.of(1, 1, 2), 0.5f, -1), "in.b",
        NumericArray.of(Shape.of(2, 2, 1), 1f, 2, -3, 0.5f));
    agrees("matmul", "{}", "", given, v -> {
      double[] a = value(v, "in.a");
      double[] b = value(v, "in.b");
      return new double[] {a[0] * b[0] + a[1] * b[1], a[0] * b[2] + a[1] * b[3]};
    }, 2, 1, 1);
    Map<String, NumericArray> vectors = Map.of("in.a", values(0.5f, -1), "in.b", values(2, 3));
    agrees("matmul", "{}", "", vectors, v -> new double[] {value(v, "in.a")[0] * value(v, "in.b")[0]
        + value(v, "in.a")[1] * value(v, "in.b")[1]}, 1);
  }

  @Test
  void numbersStandInTheNotesToo() throws IOException {
    Map<String, NumericArray> x = Map.of("in.x", values(-2, -0.5f, 1, 3));
    elementwise("leaky_relu", "{}", "negative slope 0.3", x, z -> z > 0 ? z : 0.3 * z);
    elementwise("leaky_relu", "{\"negative_slope\": 0.05, \"inplace\": false}", "", x, z -> z > 0 ? z : 0.05 * z);
    elementwise("elu", "{\"note\": \"alpha = 1.5\"}", "", x, z -> z > 0 ? z : 1.5 * Math.expm1(z));
    elementwise("softplus", "{\"beta\": 2, \"threshold\": 1.5}", "", x,
        z -> 2 * z > 1.5 ? z : Math.log1p(Math.exp(2 * z)) / 2);
    elementwise("gelu", "{\"approximate\": \"tanh\"}", "", x,
        z -> z / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))));
  }

  @Test
  void lossesReduceAsTold() throws IOException {
    Map<String, NumericArray> given = Map.of("in.p", P, "in.t", T);
    agrees("mse_loss", "{\"note\": \"sum reduction\"}", "", given,
        v -> new double[] {Arrays.stream(each(v, d -> d * d)).sum()}, 1);
    agrees("l1_loss", "{\"reduction\": \"none\"}", "", given, v -> each(v, Math::abs), 2, 3);
    agrees("huber_loss", "{\"delta\": 0.9, \"reduction\": \"mean\"}", "", given, v -> new double[] {Arrays
        .stream(each(v, d -> Math.abs(d) < 0.9 ? d * d / 2 : 0.9 * (Math.abs(d) - 0.45))).average().orElseThrow()}, 1);
    agrees("kl_div", "{\"reduction\": \"mean\"}", "", given, v -> {
      double sum = 0;
      for (int row = 0; row < 2; row++) {
        double[] q = softmax(Arrays.copyOfRange(value(v, "in.t"), 3 * row, 3 * row + 3));
        double[] p = softmax(Arrays.copyOfRange(value(v, "in.p"), 3 * row, 3 * row + 3));
        for (int k = 0; k < 3; k++) {
          sum += q[k] * Math.log(q[k] / p[k]) / 6;
        }
      }
      return new double[] {sum};
    }, 1);
    agrees("gaussian_nll", "{\"full\": true, \"note\": \"variance = t*t + 0.25, sum reduction\"}", "", given, v -> {
      double sum = 0;
      for (int i = 0; i < 6; i++) {
        double t = value(v, "in.t")[i];
        double variance = t * t + 0.25;
        sum += (Math.log(2 * Math.PI * variance) + Math.pow(value(v, "in.p")[i] - t, 2) / variance) / 2;
      }
      return new double[] {sum};
    }, 1);
  }

  @Test
  void binaryCrossEntropyWeighsPositivesAndElements() throws IOException {
    Map<String, NumericArray> given = new LinkedHashMap<>(Map.of("in.p", P, "in.t", T));
    given.put("in.pos_weight", values(2, 0.5f, 1.5f));
    given.put("in.weight", matrix(2, 3, 1, 2, 0.5f, 1, 1, 3));
    agrees("bce_with_logits", "{\"note\": \"target = sigmoid(t)\"}", "", given, v -> {
      double sum = 0;
      for (int i = 0; i < 6; i++) {
        double p = 1 / (1 + Math.exp(-value(v, "in.p")[i]));
        double t = 1 / (1 + Math.exp(-value(v, "in.t")[i]));
        sum -= value(v, "in.weight")[i] / 6
            * (value(v, "in.pos_weight")[i % 3] * t * Math.log(p) + (1 - t) * Math.log(1 - p));
      }
      return new double[] {sum};
    }, 1);
  }

  @Test
  void crossEntropyIgnoresALabelAndTakesLaterAxes() throws IOException { // [N 1, C 2, d 3], the last label left out
    Map<String, NumericArray> given = Map.of("in.logits", NumericArray.of(Shape.of(1, 2, 3), 1f, -1, 2, 0.5f, 0, 1),
        "in.target", NumericArray.of(Shape.of(1, 3), new long[] {0, 1, 7}));
    Map<String, NumericArray> arrays = new LinkedHashMap<>(given);
    double first = 1 / (1 + Math.exp(-0.5)); // of 1 against 0.5
    double second = 1 / (1 + Math.exp(-1)); // of 0 against -1
    arrays.put("out.y", NumericArray.of(Shape.of(1), -(Math.log(first) + Math.log(second)) / 2));
    arrays.put("probe.y", values(1));
    arrays.put("grad.in.logits", NumericArray.of(Shape.of(1, 2, 3), (first - 1) / 2, (1 - second) / 2, 0,
        (1 - first) / 2, (second - 1) / 2, 0));
    assertEquals("PASS", judge(arrays, "cross_entropy", "{\"ignore_index\": 7}", "").kind().name());
  }

  @Test
  void crossEntropyTakesProbabilities() throws IOException {
    agrees("cross_entropy", "{\"label_smoothing\": 0.1}", "",
        Map.of("in.logits", P, "in.target", matrix(2, 3, 0.2f, 0.3f, 0.5f, 1, 0, 0)), v -> {
          double sum = 0;
          for (int i = 0; i < 6; i++) {
            double[] p = softmax(Arrays.copyOfRange(value(v, "in.logits"), i / 3 * 3, i / 3 * 3 + 3));
            sum -= (0.9 * value(v, "in.target")[i] + 0.1 / 3) * Math.log(p[i % 3]) / 2;
          }
          return new double[] {sum};
        }, 1);
  }

  @Test
  void optimizersHaveTheReferencesRatesAndMayClimb() throws IOException { // mean (w - 1)^2 at 3: gradient 4
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("in.a", matrix(1, 1, 1));
    arrays.put("in.b", values(1));
    arrays.put("in.w0", values(3));
    arrays.put("out.trajectory", matrix(1, 1, 3.4f));
    assertEquals("PASS", judge(arrays, "optimizer_sgd",
        "{\"lr\": 0.1, \"maximize\": true, \"foreach\": null, \"differentiable\": false}", "").kind().name());
    assertEquals("UNSUPPORTED", judge(arrays, "optimizer_sgd", "{}", "").kind().name());
    arrays.put("out.trajectory", matrix(1, 1, 2.999f)); // Adam's first step is the rate
    assertEquals("PASS", judge(arrays, "optimizer_adam", "{\"capturable\": false}", "").kind().name());
    arrays.put("out.trajectory", matrix(1, 1, 2.99f)); // and Adagrad's
    assertEquals("PASS", judge(arrays, "optimizer_adagrad", "{}", "").kind().name());
    arrays.put("out.trajectory", matrix(1, 1, 2.9f)); // RMSprop's is the rate over the root of 0.01
    assertEquals("PASS", judge(arrays, "optimizer_rmsprop", "{}", "").kind().name());
  }

  @Test
  void aCycleIsAsLongAsItsEpochs() throws IOException { // up in one step of 4, then down
    Map<String, NumericArray> rates = Map.of("out.lr", values(0.5f, 1, 0.5f, 0));
    assertEquals("PASS", judge(rates, "schedule_one_cycle",
        "{\"max_lr\": 1, \"epochs\": 2, \"steps_per_epoch\": 2, \"total_steps\": null, \"pct_start\": 0.5, "
            + "\"anneal_strategy\": \"linear\", \"div_factor\": 2, \"final_div_factor\": 1e9, \"last_epoch\": -1, "
            + "\"verbose\": false, \"cycle_momentum\": true, \"base_momentum\": 0.85, \"max_momentum\": 0.95}",
        "").kind().name());
  }

  @Test
  void whatIsNotUnderstoodIsUnsupported() throws IOException {
    Map<String, NumericArray> square = new LinkedHashMap<>(Map.of("in.x", values(3), "out.y", values(9)));
    assertEquals("PASS", judge(square, "square", "{\"out\": null}", "").kind().name());
    assertEquals("UNSUPPORTED", judge(square, "square", "{\"last_epoch\": 3}", "").kind().name());
    square.put("in.mask", values(1));
    assertEquals("nothing reads in.mask", judge(square, "square", "{}", "").detail());
    Map<String, NumericArray> sum = Map.of("in.x", values(3), "out.y", values(3));
    assertEquals("UNSUPPORTED", judge(sum, "reduce_sum", "{\"dim\": \"rows\"}", "").kind().name());
    assertEquals("UNSUPPORTED", judge(sum, "softmax", "{\"dim\": [0]}", "").kind().name());
  }

  @Test
  void aCaseWithoutOutputsFails() throws IOException {
    assertEquals("FAIL", judge(Map.of("in.x", values(3)), "square", "{}", "").kind().name());
  }

  private void elementwise(String op, String config, String note, Map<String, NumericArray> given,
      DoubleUnaryOperator function) throws IOException {
    agrees(op, config, note, given, v -> Arrays.stream(value(v, "in.x")).map(function).toArray(), 4);
  }

  private interface OfGroup {
    double of(double[] group);
  }

  /// Of the four entries of `[2, 3, 2]` that share the middle index, in turn.
  private static double[] overFirstAndLast(Map<String, double[]> values, OfGroup function) {
    double[] x = value(values, "in.x");
    double[] y = new double[3];
    Arrays.setAll(y, j -> function.of(new double[] {x[2 * j], x[2 * j + 1], x[6 + 2 * j], x[7 + 2 * j]}));
    return y;
  }

  private static double variance(double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    return Arrays.stream(x).map(each -> (each - mean) * (each - mean)).average().orElseThrow();
  }

  private static double[] softmax(double[] x) {
    double sum = Arrays.stream(x).map(Math::exp).sum();
    return Arrays.stream(x).map(each -> Math.exp(each) / sum).toArray();
  }

  private static double[] each(Map<String, double[]> values, DoubleUnaryOperator ofDifference) {
    double[] y = new double[6];
    Arrays.setAll(y, i -> ofDifference.applyAsDouble(value(values, "in.p")[i] - value(values, "in.t")[i]));
    return y;
  }

  private static double[] value(Map<String, double[]> values, String key) {
    return Objects.requireNonNull(values.get(key));
  }

  private void agrees(String op, String config, String note, Map<String, NumericArray> given, Formula formula,
      int... shape) throws IOException {
    Formula.requirePass(folder, Map.of("op", op, "config", config, "note", note), given, formula, shape);
  }

  private Verdict judge(Map<String, NumericArray> arrays, String op, String config, String note) throws IOException {
    Path file = folder.resolve("case.safetensors");
    SafeTensors.of(arrays, Map.of("op", op, "config", config, "note", note)).write(file);
    return Conformance.judge("test/case", file);
  }

  private static NumericArray values(float... values) {
    return NumericArray.of(Shape.of(values.length), values);
  }

  private static NumericArray matrix(int rows, int columns, float... values) {
    return NumericArray.of(Shape.of(rows, columns), values);
  }
}
