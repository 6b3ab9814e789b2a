package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.compat.GroupNorm;
import org.orrery.layers.GraphLayerNorm;
import org.orrery.layers.GraphNorm;
import org.orrery.layers.GraphwiseNorm;
import org.orrery.layers.InstanceNorm;
import org.orrery.layers.MeanSubtraction;
import org.orrery.layers.PairNorm;
import org.orrery.messagepassing.Aggregation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Mode;
import org.orrery.nn.RunningMoments;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.PlainBackend;
import org.orrery.training.Scaler;

/// Equal numbers have no variance, however large they are, and numbers that differ a little around a large one have the variance of what
/// they differ by.
class ConstantsHaveNoVarianceTest {
  private static final float[] CONSTANTS = {10000003f, -123456.7f, 0.1f, 3e7f};
  private static final int[][] SIZES = {{1000, 1}, {1000, 5}, {999, 16}, {130, 37}, {3000, 3}};
  private static final Mode TRAINING = Mode.training(Key.of(1));

  private static List<Backend> backends() {
    return List.of(CpuBackend.withThreads(2), new Float64Backend(), new PlainBackend());
  }

  /// Two graphs, whose rows stand in turn.
  private static Segments graphs(int rows) {
    return Segments.of(Indices.of(IntStream.range(0, rows).map(i -> i % 2).toArray()), 2);
  }

  private static UnaryOperator<Tensor> graphwise(Supplier<GraphwiseNorm> norm, int rows) {
    return x -> norm.get().apply(x, graphs(rows), TRAINING);
  }

  /// What gives 0 for equal rows.
  private static Map<String, UnaryOperator<Tensor>> downRows(int rows, int width) {
    Map<String, UnaryOperator<Tensor>> all = new LinkedHashMap<>();
    all.put("variance", x -> x.variance(0));
    all.put("standard deviation", x -> x.standardDeviation(0));
    all.put("segment variance", x -> x.segmentVariance(graphs(rows)));
    all.put("standard deviation aggregation", x -> Aggregation.standardDeviation().apply(x, graphs(rows)));
    all.put("column moments", x -> x.columnMoments().select(0, 1));
    all.put("BatchNorm", x -> BatchNorm.create(width).apply(x, TRAINING));
    all.put("GraphNorm", graphwise(() -> GraphNorm.create(width), rows));
    all.put("GraphLayerNorm", graphwise(() -> GraphLayerNorm.create(width), rows));
    all.put("InstanceNorm", graphwise(() -> InstanceNorm.create(width), rows));
    all.put("PairNorm", graphwise(PairNorm::create, rows));
    all.put("MeanSubtraction", graphwise(MeanSubtraction::new, rows));
    return all;
  }

  private static Map<String, UnaryOperator<Tensor>> alongRows(int width) {
    Map<String, UnaryOperator<Tensor>> all = new LinkedHashMap<>();
    all.put("variance", x -> x.variance(1));
    all.put("LayerNorm", x -> LayerNorm.create(width).apply(x, TRAINING));
    all.put("normalize", x -> x.normalizeLast(1e-5));
    all.put("GroupNorm", x -> GroupNorm.create(1, width).apply(x));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> equalNumbersHaveNone() {
    return backends().stream().flatMap(backend -> Stream.of(SIZES).flatMap(n -> Stream.concat(
        downRows(n[0], n[1]).entrySet().stream().map(e -> equal(backend, e.getKey(), e.getValue(), n[0], n[1])),
        alongRows(n[0]).entrySet().stream().map(e -> equal(backend, e.getKey(), e.getValue(), n[1], n[0])))));
  }

  private static DynamicTest equal(Backend backend, String name, UnaryOperator<Tensor> function, int rows, int width) {
    return DynamicTest.dynamicTest(backend.name() + " " + name + " [" + rows + ", " + width + "]",
        () -> Backends.with(backend, () -> {
          for (float constant : CONSTANTS) {
            float[] values = new float[rows * width];
            Arrays.fill(values, constant);
            Tensor y = function.apply(Tensor.of(values, rows, width));
            assertArrayEquals(new float[y.shape().elements()], y.toArray(), 1e-3f, "of " + constant);
          }
          return true;
        }));
  }

  /// Whole numbers up to 8 on 10 million, which float32 holds: the moments are those without the 10 million.
  @TestFactory
  Stream<DynamicTest> whatDiffersALittleHasTheVarianceOfItsDifferences() {
    return backends().stream().flatMap(backend -> Stream.of(SIZES).map(n -> DynamicTest.dynamicTest(
        backend.name() + " [" + n[0] + ", " + n[1] + "]", () -> Backends.with(backend, () -> {
          float[] small = new float[n[0] * n[1]];
          float[] large = new float[small.length];
          int[] drawn = Key.of(3).integers(small.length, 9);
          for (int i = 0; i < small.length; i++) {
            small[i] = drawn[i];
            large[i] = 1e7f + drawn[i];
          }
          Tensor x = Tensor.of(small, n[0], n[1]);
          Tensor far = Tensor.of(large, n[0], n[1]);
          for (String name : List.of("variance", "standard deviation", "segment variance", "column moments",
              "GraphNorm",
              "GraphLayerNorm", "InstanceNorm", "PairNorm", "MeanSubtraction")) {
            UnaryOperator<Tensor> function = Objects.requireNonNull(downRows(n[0], n[1]).get(name), name);
            assertArrayEquals(function.apply(x).toArray(), function.apply(far).toArray(), 1e-4f, name);
          }
          return true;
        }))));
  }

  /// The gradient of the variance, 2 (x - mean) / n, is that of the differences too.
  @TestFactory
  Stream<DynamicTest> gradientsOfVariancesAreThoseOfTheDifferences() {
    return backends().stream()
        .map(backend -> DynamicTest.dynamicTest(backend.name(), () -> Backends.with(backend, () -> {
          for (int width : new int[] {1, 16, 20}) {
            int[] drawn = Key.of(4).integers(40 * width, 9);
            float[] small = new float[drawn.length];
            float[] large = new float[drawn.length];
            for (int i = 0; i < drawn.length; i++) {
              small[i] = drawn[i];
              large[i] = 1e7f + drawn[i];
            }
            assertArrayEquals(gradient(small, width), gradient(large, width), 1e-5f);
          }
          return true;
        })));
  }

  private static float[] gradient(float[] values, int width) {
    Tensor x = Tensor.of(values, 40, width).tracked();
    return Gradients.of(x.segmentVariance(graphs(40)).sum(), x).withRespectTo(x).toArray();
  }

  @TestFactory
  Stream<DynamicTest> runningMomentsAndScalersKeepThem() {
    return backends().stream()
        .map(backend -> DynamicTest.dynamicTest(backend.name(), () -> Backends.with(backend, () -> {
          float[] values = new float[3000];
          Arrays.fill(values, 10000003f);
          Tensor x = Tensor.of(values, 1000, 3);
          BatchNorm batch = BatchNorm.create(3);
          InstanceNorm instance = InstanceNorm.create(3).withRunning(OptionalDouble.of(1));
          batch.apply(x, TRAINING);
          instance.apply(x, graphs(1000), TRAINING);
          RunningMoments moments = Objects.requireNonNull(instance.running());
          assertEquals(10000003f, moments.mean().value().toArray()[0]);
          assertEquals(0, moments.variance().value().toArray()[0], 1e-6f);
          assertEquals(0.9f, Objects.requireNonNull(batch.running()).variance().value().toArray()[0], 1e-6f); // momentum 0.1 of a variance of 0
          assertArrayEquals(new float[3000], Scaler.standard(x).apply(x).toArray());
          return true;
        })));
  }
}
