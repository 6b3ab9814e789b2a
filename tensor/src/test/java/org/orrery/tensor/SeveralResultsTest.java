package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.CountingBackend;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.cpu.CpuBackend;

/// Operations that make several results at once.
class SeveralResultsTest {
  /// a + b, shape of both, and a / b, as a vector.
  private record SumAndQuotient(Tensor a, Tensor b) implements Op {
    @Override
    public String name() {
      return "sum and quotient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(a, b);
    }

    @Override
    public Shape shape() {
      return a.shape();
    }

    @Override
    public void backward(Tensor result, Tensor upstream, Gradients sink) {
      sink.add(a, () -> upstream.multiply(result.besides(0).reshape(a.shape())));
    }

    @Override
    public List<Shape> shapes() {
      return List.of(a.shape(), Shape.of(a.shape().elements()));
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      return List.of(Tensor.unrecorded(() -> a.binary(Binary.ADD, b)).data(),
          Tensor.unrecorded(() -> a.binary(Binary.DIVIDE, b)).data());
    }

    @Override
    public Cost cost() {
      return Cost.ofNumbers(2L * a.shape().elements(), 2L * a.shape().elements(), 2L * a.shape().elements(), 5);
    }
  }

  private final Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
  private final Tensor b = Tensor.of(new float[] {2, 4, 8, 16}, 2, 2);

  @Test
  void resultsHaveTheirShapesAndTheFirstAHistory() {
    List<Tensor> both = Tensor.allOf(new SumAndQuotient(a.tracked(), b));
    assertEquals(List.of(Shape.of(2, 2), Shape.of(4)), both.stream().map(Tensor::shape).toList());
    assertArrayEquals(new float[] {3, 6, 11, 20}, both.get(0).toArray());
    assertArrayEquals(new float[] {0.5f, 0.5f, 0.375f, 0.25f}, both.get(1).toArray());
    assertTrue(both.get(0).isTracked());
    assertFalse(both.get(1).isTracked());
  }

  /// The gradient of the sum of upstream times the quotient, which this operation calls its own: a / b.
  @Test
  void backwardReadsWhatWasMadeBesides() {
    Tensor x = a.tracked();
    Tensor sum = Tensor.of(new SumAndQuotient(x, b));
    assertArrayEquals(new float[] {0.5f, 0.5f, 0.375f, 0.25f}, Gradients.of(sum.sum(), x).withRespectTo(x).toArray());
  }

  @Test
  void aScopeTakesAllOfThemBack() {
    List<Tensor> both = Scope.within(scope -> {
      List<Tensor> made = Tensor.allOf(new SumAndQuotient(a, b));
      assertEquals(2 * 4 * Float.BYTES, scope.liveBytes());
      return made;
    });
    assertTrue(both.stream().allMatch(Tensor::isReleased));
  }

  /// 1 and NaN.
  private record Broken(Tensor x) implements Op {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x);
    }

    @Override
    public Shape shape() {
      return Shape.of(1);
    }

    @Override
    public List<Shape> shapes() {
      return List.of(Shape.of(1), Shape.of(1, 2));
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      return List.of(backend.upload(new float[] {1}), backend.upload(new float[] {1, Float.NaN}));
    }

    @Override
    public Cost cost() {
      return Cost.ofNumbers(0, 3, 0, 0);
    }
  }

  @Test
  void theResultWithNaNIsNamed() {
    assertEquals("broken: NaN in the result [1, 2] at [0, 1]; operand 0 [2, 2] has none",
        assertThrows(ArithmeticException.class, () -> Tensor.checkingForNaN(() -> Tensor.allOf(new Broken(a))))
            .getMessage());
  }

  @Test
  void workIsCountedOnceForAllResults() {
    CountingBackend counting = new CountingBackend();
    Supplier<List<Tensor>> run = () -> Tensor.allOf(new SumAndQuotient(a, b));
    Backends.with(counting, run);
    assertEquals(new CountingBackend.Work(1, 64, 8), counting.byOperation().get("sum and quotient"));
  }

  @Test
  void operandsOfSeveralBackendsAreRefused() {
    Supplier<Tensor> there = () -> Tensor.zeros(2, 2);
    Tensor other = Backends.with(CpuBackend.withThreads(1), there);
    assertThrows(IllegalArgumentException.class, () -> Tensor.allOf(new SumAndQuotient(a, other)));
  }
}
