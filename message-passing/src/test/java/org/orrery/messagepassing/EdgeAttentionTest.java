package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

class EdgeAttentionTest {
  private static final Key KEY = Key.of(606);

  /// Senders, receivers, edges, heads, channels; whether the edges come in receiver order.
  record Size(int senders, int receivers, int edges, int heads, int channels, boolean sorted) {
  }

  static Stream<Size> sizes() {
    return Stream.of(new Size(3, 2, 0, 2, 5, true), new Size(1, 1, 1, 1, 1, true), new Size(9, 13, 60, 1, 16, false),
        new Size(50, 40, 300, 4, 16, false), new Size(50, 40, 300, 8, 8, true), new Size(20, 30, 200, 3, 11, false),
        new Size(30, 30, 257, 2, 32, true), new Size(30, 20, 100, 2, 100, false), new Size(700, 2, 1500, 4, 16, true),
        new Size(2000, 1500, 9000, 1, 64, false), new Size(900, 2, 5000, 4, 16, true),
        new Size(40, 30, 200, 17, 4, true),
        new Size(40, 30, 400, 6, 32, false), new Size(40, 30, 400, 5, 24, true), new Size(40, 30, 400, 8, 16, false),
        new Size(60, 50, 500, 4, 32, true));
  }

  private static Sparse edges(Size size) {
    int[] from = KEY.fold("from").integers(size.edges, size.senders);
    int[] to = KEY.fold("to").integers(size.edges, size.receivers);
    if (size.sorted) {
      Arrays.sort(to);
    }
    return Sparse.of(size.senders, size.receivers, Indices.wrap(from), Indices.wrap(to), null);
  }

  private static Tensor normal(String name, int rows, int columns) {
    return Tensor.normal(KEY.fold(name), rows, columns);
  }

  /// A score of some operands.
  private record Kind(String name, List<Tensor> operands, Function<List<Tensor>, AttentionScore> score) {
  }

  private static List<Kind> kinds(Size size) {
    int width = size.heads * size.channels;
    Tensor s = normal("s", size.senders, size.heads);
    Tensor t = normal("t", size.receivers, size.heads);
    Tensor e = normal("e", size.edges, size.heads);
    Tensor l = normal("l", size.senders, width);
    Tensor r = normal("r", size.receivers, width);
    Tensor v = normal("v", 1, width).reshape(width);
    return List.of(
        new Kind("additive", List.of(s, t), x -> new AttentionScore.Additive(x.get(0), x.get(1), null, 0.2)),
        new Kind("additive with edges", List.of(s, t, e),
            x -> new AttentionScore.Additive(x.get(0), x.get(1), x.get(2), 0.2)),
        new Kind("rectified", List.of(l, r, v),
            x -> new AttentionScore.Rectified(x.get(0), x.get(1), x.get(2), size.heads, 0.2)),
        new Kind("scaled product", List.of(l, r),
            x -> new AttentionScore.ScaledProduct(x.get(0), x.get(1), size.heads, 0.3)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void agreesWithItsDefinitionForwardAndBackward(Size size) {
    Sparse edges = edges(size);
    Tensor values = normal("values", size.senders, size.heads * size.channels);
    Tensor probe = normal("probe", size.receivers, size.heads * size.channels);
    Tensor factors = Tensor.uniform(KEY.fold("kept"), size.edges, size.heads).greater(0.4).multiply(1 / 0.6);
    for (Kind kind : kinds(size)) {
      for (Tensor noise : new Tensor[] {null, factors}) {
        List<Tensor> inputs = new ArrayList<>(kind.operands);
        inputs.add(values);
        List<Tensor> fused = results(inputs, probe, x -> attended(attention(edges, kind, x, noise)));
        List<Tensor> plain = results(inputs, probe, x -> attention(edges, kind, x, noise).definition());
        for (int i = 0; i < fused.size(); i++) {
          close(plain.get(i), fused.get(i), kind.name + (noise == null ? "" : " with factors") + ", result " + i);
        }
      }
    }
  }

  /// Forward keeps the maximum and the sum of the powers of a row: their logarithm would lose the digits behind the point of scores
  /// of ten thousand.
  @Test
  void largeScoresLoseNothingBackward() {
    Size size = new Size(50, 40, 300, 4, 16, true);
    Sparse edges = edges(size);
    Tensor offset = normal("offset", size.receivers, size.heads).multiply(2e4);
    Tensor s = normal("s", size.senders, size.heads);
    Tensor values = normal("values", size.senders, size.heads * size.channels);
    Tensor probe = normal("probe", size.receivers, size.heads * size.channels);
    List<Tensor> near = results(List.of(s, values), probe, x -> EdgeAttention.of(edges,
        new AttentionScore.Additive(round(x.get(0)), Tensor.zeros(size.receivers, size.heads), null, 1), x.get(1),
        null));
    List<Tensor> far = results(List.of(s, values), probe, x -> EdgeAttention.of(edges,
        new AttentionScore.Additive(round(x.get(0)), round(offset), null, 1), x.get(1), null));
    for (int i = 0; i < near.size(); i++) {
      close(near.get(i), far.get(i), "result " + i);
    }
  }

  /// x, tracked, plus what makes it a multiple of 1/256, which numbers up to 2^16 hold exactly.
  private static Tensor round(Tensor x) {
    float[] values = x.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(values[i] * 256) / 256f - values[i];
    }
    return x.add(Tensor.of(x.shape(), values));
  }

  /// One sender, one receiver, and a million edges between them: what is summed is equal, so that every sum is known.
  @Test
  void sumsOfManyTermsKeepTheirDigits() {
    int count = 1 << 20;
    Sparse edges = Sparse.of(1, 1, Indices.wrap(new int[count]), Indices.wrap(new int[count]), null);
    float third = 1f / 3;
    Tensor score = Tensor.zeros(1, 2).tracked();
    Tensor values = Tensor.full(Shape.of(1, 32), third).tracked();
    Tensor y = EdgeAttention.of(edges, new AttentionScore.Additive(score, Tensor.zeros(1, 2), null, 0.2), values, null);
    Gradients gradients = Gradients.of(y.sum(), values, score);
    for (int j = 0; j < 32; j++) {
      assertEquals(third, y.toArray()[j], 1e-6);
      assertEquals(1, gradients.withRespectTo(values).toArray()[j], 3e-6);
    }
    assertEquals(0, gradients.withRespectTo(score).toArray()[0], 1e-5);
  }

  /// Where gradients are differentiated again, the definition runs.
  @Test
  void secondDerivativesAgreeWithTheDefinition() {
    Size size = new Size(9, 13, 60, 2, 5, true);
    Sparse edges = edges(size);
    Tensor values = normal("values", size.senders, 10);
    Tensor probe = normal("probe", size.receivers, 10);
    for (Kind kind : kinds(size)) {
      List<Tensor> inputs = new ArrayList<>(kind.operands);
      inputs.add(values);
      List<Tensor> fused = curvature(inputs, probe, x -> attended(attention(edges, kind, x, null)));
      List<Tensor> plain = curvature(inputs, probe, x -> attention(edges, kind, x, null).definition());
      for (int i = 0; i < fused.size(); i++) {
        close(plain.get(i), fused.get(i), kind.name + ", input " + i);
      }
    }
  }

  /// The gradient of the sum of the squares of the gradients by all inputs.
  private static List<Tensor> curvature(List<Tensor> inputs, Tensor probe, Function<List<Tensor>, Tensor> run) {
    List<Tensor> tracked = inputs.stream().map(Tensor::tracked).toList();
    Gradients first = Gradients.differentiable(run.apply(tracked).multiply(probe).sum(), tracked);
    Tensor squares = tracked.stream().map(x -> first.withRespectTo(x).square().sum()).reduce(Tensor::add).orElseThrow();
    Gradients second = Gradients.of(squares, tracked);
    return tracked.stream().map(second::withRespectTo).toList();
  }

  private static EdgeAttention attention(Sparse edges, Kind kind, List<Tensor> x, @Nullable Tensor factors) {
    int last = x.size() - 1;
    return new EdgeAttention(edges, kind.score.apply(x.subList(0, last)), x.get(last), factors);
  }

  private static Tensor attended(EdgeAttention sum) {
    return EdgeAttention.of(sum.edges(), sum.score(), sum.values(), sum.factors());
  }

  /// The result and the gradients by all inputs.
  private static List<Tensor> results(List<Tensor> inputs, Tensor probe, Function<List<Tensor>, Tensor> run) {
    List<Tensor> tracked = inputs.stream().map(Tensor::tracked).toList();
    Tensor y = run.apply(tracked);
    Gradients gradients = Gradients.of(y.multiply(probe).sum(), tracked);
    List<Tensor> all = new ArrayList<>(List.of(y));
    tracked.forEach(x -> all.add(gradients.withRespectTo(x)));
    return all;
  }

  private static void close(Tensor expected, Tensor actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    double[] a = expected.toDoubles();
    double[] b = actual.toDoubles();
    double scale = 1;
    for (double value : a) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < a.length; i++) {
      assertTrue(Math.abs(a[i] - b[i]) <= 2e-5 * scale, what + " at " + i + ": " + a[i] + " and " + b[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void hasTheSameBitsForAnyNumberOfThreads(Size size) {
    List<float[]> one = onThreads(1, size);
    List<float[]> three = onThreads(3, size);
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i), three.get(i));
    }
  }

  private static List<float[]> onThreads(int threads, Size size) {
    Supplier<List<float[]>> run = () -> {
      Tensor values = normal("values", size.senders, size.heads * size.channels);
      Tensor probe = normal("probe", size.receivers, size.heads * size.channels);
      Sparse edges = edges(size);
      List<float[]> all = new ArrayList<>();
      for (Kind kind : kinds(size)) {
        List<Tensor> inputs = new ArrayList<>(kind.operands);
        inputs.add(values);
        results(inputs, probe, x -> attended(attention(edges, kind, x, null))).forEach(y -> all.add(y.toArray()));
      }
      return all;
    };
    return Backends.with(CpuBackend.withThreads(threads), run);
  }

  @Test
  void refusesOperandsThatDoNotFit() {
    Sparse edges = Sparse.of(3, Indices.of(0, 1), Indices.of(1, 2));
    Tensor two = Tensor.zeros(3, 2);
    AttentionScore score = new AttentionScore.Additive(two, two, null, 0.2);
    assertEquals("edge attention: values [3, 5] and 2 heads; one row for each of 3 senders and a width that divides "
        + "are required",
        assertThrows(IllegalArgumentException.class,
            () -> new EdgeAttention(edges, score, Tensor.zeros(3, 5), null))
            .getMessage());
    assertThrows(IllegalArgumentException.class,
        () -> new EdgeAttention(edges, score, Tensor.zeros(3, 4), Tensor.zeros(3, 2)));
    assertThrows(IllegalArgumentException.class, () -> new EdgeAttention(edges,
        new AttentionScore.Additive(two, Tensor.zeros(4, 2), null, 0.2), Tensor.zeros(3, 4), null));
  }
}
