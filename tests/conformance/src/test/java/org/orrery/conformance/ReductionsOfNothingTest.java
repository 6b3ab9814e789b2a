package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.PlainBackend;

/// Over nothing a sum, a mean and a variance are 0 and a product is 1; an extreme is 0 over a segment and an error along an axis.
class ReductionsOfNothingTest {
  private static Stream<DynamicTest> onEveryBackend(Runnable body) {
    return Stream.<Backend>of(CpuBackend.withThreads(2), new Float64Backend(), new PlainBackend())
        .map(backend -> DynamicTest.dynamicTest(backend.name(), () -> Backends.with(backend, () -> {
          body.run();
          return true;
        })));
  }

  private static void holds(float value, Shape shape, Tensor y, String what) {
    assertEquals(shape, y.shape(), what);
    for (float number : y.toArray()) {
      assertEquals(value, number, what);
    }
  }

  @TestFactory
  Stream<DynamicTest> sumsMeansAndVariancesAre0AndProducts1() {
    return onEveryBackend(() -> {
      for (int axis : new int[] {0, 1}) {
        Tensor none = axis == 0 ? Tensor.zeros(0, 3) : Tensor.zeros(3, 0);
        holds(0, Shape.of(3), none.sum(axis), "sum");
        holds(0, Shape.of(3), none.mean(axis), "mean");
        holds(1, Shape.of(3), none.product(axis), "product");
        holds(0, Shape.of(3), none.variance(axis), "variance");
        holds(0, Shape.of(3), none.standardDeviation(axis), "standard deviation");
        holds(0, Shape.of(3), none.norm(axis), "norm");
        holds(Float.NEGATIVE_INFINITY, Shape.of(3), none.logSumExp(axis), "log sum exp, the logarithm of 0");
        holds(0, Shape.of(), none.sum(), "sum of all");
        holds(0, Shape.of(), none.mean(), "mean of all");
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> anExtremeAlongAnAxisIsAnError() {
    Map<String, Function<Tensor, Object>> extremes = new LinkedHashMap<>();
    extremes.put("max", x -> x.max(0));
    extremes.put("min", x -> x.min(0));
    extremes.put("argmax", x -> x.argmax(0));
    extremes.put("argmin", x -> x.argmin(0));
    return onEveryBackend(() -> {
      extremes.forEach((name, extreme) -> {
        Exception thrown = assertThrows(IllegalArgumentException.class, () -> extreme.apply(Tensor.zeros(0, 3)));
        assertEquals(name + ": [0, 3]; along axis 0, at least one value is required", thrown.getMessage());
      });
      Exception last = assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(2, 0).max(-1));
      assertEquals("max: [2, 0]; along axis 1, at least one value is required", last.getMessage());
      Exception all = assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(0, 3).min());
      assertEquals("min: [0, 3]; at least one value is required", all.getMessage());
    });
  }

  @TestFactory
  Stream<DynamicTest> noResultIsNoExtremeOfNothing() {
    return onEveryBackend(() -> {
      for (Tensor none : List.of(Tensor.zeros(0, 3), Tensor.zeros(0, 0))) {
        holds(0, Shape.of(0), none.max(1), "max");
        holds(0, Shape.of(0), none.min(1), "min");
        assertEquals(0, none.argmax(1).size());
        holds(0, Shape.of(0), none.logSumExp(1), "log sum exp");
        holds(0, none.shape(), none.softmax(1), "softmax");
        holds(0, none.shape(), none.sort(), "sort");
      }
      holds(0, Shape.of(2, 0), Tensor.zeros(2, 0).sort(), "sort");
      holds(0, Shape.of(2, 0), Tensor.zeros(2, 0).topK(0).values(), "topK");
      Exception tooMany = assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(2, 0).topK(1));
      assertEquals("topK: [2, 0]; count 1 must be 0 to the size of the last axis", tooMany.getMessage());
    });
  }

  @TestFactory
  Stream<DynamicTest> overASegmentExtremesAre0Too() {
    return onEveryBackend(() -> {
      Segments segments = Segments.of(Indices.of(1), 2);
      Tensor x = Tensor.of(new float[] {5, -7}, 1, 2);
      assertArrayEquals(new float[] {0, 0, 5, -7}, x.segmentMax(segments).toArray());
      assertArrayEquals(new float[] {0, 0, 5, -7}, x.segmentMin(segments).toArray());
      assertArrayEquals(new float[] {0, 0, 5, -7}, x.segmentMean(segments).toArray());
      assertArrayEquals(new float[] {0, 0, 0, 0}, x.segmentVariance(segments).toArray());
      assertArrayEquals(new float[] {1, 1, 5, -7}, x.segmentReduce(Reduction.PRODUCT, segments).toArray());
    });
  }
}
