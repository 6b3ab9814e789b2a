package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.messagepassing.Aggregation;
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

/// Where a formula divides 0 by 0 the gradient is that of the function, or 0.
class GradientsAreFiniteAtCornersTest {
  private static final float NOTHING = Float.NEGATIVE_INFINITY;

  private static Stream<DynamicTest> onEveryBackend(Runnable body) {
    return Stream.<Backend>of(CpuBackend.withThreads(2), new Float64Backend(), new PlainBackend())
        .map(backend -> DynamicTest.dynamicTest(backend.name(), () -> Backends.with(backend, () -> {
          body.run();
          return true;
        })));
  }

  private static float[] gradient(UnaryOperator<Tensor> function, Tensor at) {
    Tensor x = at.tracked();
    return Gradients.of(function.apply(x).sum(), x).withRespectTo(x).toArray();
  }

  @TestFactory
  Stream<DynamicTest> logSumExpOfMinusInfinityAloneHasNone() {
    return onEveryBackend(() -> {
      Tensor x = Tensor.of(new float[] {NOTHING, NOTHING, 0, NOTHING, 1, 1}, 3, 2);
      assertArrayEquals(new float[] {0, 0, 1, 0, 0.5f, 0.5f}, gradient(t -> t.logSumExp(1), x), 1e-6f);
      assertArrayEquals(new float[] {NOTHING, 0, 1 + (float) Math.log(2)}, x.logSumExp(1).toArray(), 1e-6f);
    });
  }

  @TestFactory
  Stream<DynamicTest> theNormIsFlatAt0() {
    return onEveryBackend(() -> {
      Tensor x = Tensor.of(new float[] {0, 0, 0, 3, 0, 4}, 2, 3).tracked();
      assertArrayEquals(new float[] {0, 5}, x.norm(1).toArray());
      assertArrayEquals(new float[] {0, 0, 0, 0.6f, 0, 0.8f}, gradient(t -> t.norm(1), x), 1e-6f);
      Tensor first = Gradients.differentiable(x.norm(-1).sum(), x).withRespectTo(x);
      float[] second = Gradients.of(first.sum(), x).withRespectTo(x).toArray(); // (1 - n (n . 1)) / 5
      assertArrayEquals(new float[] {0, 0, 0, 0.032f, 0.2f, -0.024f}, second, 1e-6f);
    });
  }

  @TestFactory
  Stream<DynamicTest> squaresInANormNeitherOverflowNorVanish() {
    return onEveryBackend(() -> {
      Tensor x = Tensor.of(new float[] {3e19f, 4e19f, 3e-25f, 4e-25f, 3, 4, 3e37f, 4e37f, 0, 0, 3e-42f, 4e-42f}, 6, 2);
      float[] lengths = x.norm(1).toArray();
      float[] expected = {5e19f, 5e-25f, 5, 5e37f, 0, 5e-42f};
      for (int i = 0; i < lengths.length; i++) {
        assertEquals(expected[i], lengths[i], 1e-6 * expected[i] + 4e-45, "row " + i);
      }
      float[] slopes = gradient(t -> t.norm(1), x.slice(0, 0, 5));
      assertArrayEquals(new float[] {0.6f, 0.8f, 0.6f, 0.8f, 0.6f, 0.8f, 0.6f, 0.8f, 0, 0}, slopes, 1e-6f);
    });
  }

  /// Other rows of any size leave a length as it is, to the bit.
  @TestFactory
  Stream<DynamicTest> aLengthDoesNotDependOnOtherRows() {
    return onEveryBackend(() -> {
      Tensor x = Tensor.normal(Key.of(1), 50, 3);
      Tensor all = Tensor.concat(0, x, Tensor.of(new float[] {3e19f, 0, 0, 1e-30f, 0, 0, 0, 0, 0}, 3, 3));
      assertArrayEquals(x.norm(1).toArray(), all.norm(1).slice(0, 0, 50).toArray());
    });
  }

  @TestFactory
  Stream<DynamicTest> thePowerMeanOf0HasAFiniteGradient() {
    return onEveryBackend(() -> {
      Segments segments = Segments.of(Indices.of(0, 1, 1), 2);
      for (double p : new double[] {2, 3, 0.5, -1, -2}) {
        for (Aggregation mean : List.of(Aggregation.powerMean(p), Aggregation.learnedPowerMean(p, 1))) {
          Tensor x = Tensor.of(new float[] {0, 2, 0}, 3, 1);
          float[] slopes = gradient(t -> mean.apply(t, segments), x);
          assertEquals(0, slopes[0], 0f, mean + " of 0 alone");
          assertEquals(-1, Tensor.of(slopes, 3).backend().firstNonFinite(Tensor.of(slopes, 3).data()), mean.toString());
        }
      }
      float[] slopes = gradient(t -> Aggregation.powerMean(2).apply(t, segments),
          Tensor.of(new float[] {0, 2, 0}, 3, 1));
      assertArrayEquals(new float[] {0, (float) Math.sqrt(0.5), 0}, slopes, 1e-6f); // x / (2 sqrt(x^2 / 2))
    });
  }
}
