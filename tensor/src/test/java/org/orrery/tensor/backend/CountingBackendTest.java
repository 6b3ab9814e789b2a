package org.orrery.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Op;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

class CountingBackendTest {
  private final CountingBackend backend = new CountingBackend();

  /// An operation that is told what it costs and how large its results are.
  private record Told(String name, Cost cost, List<Shape> shapes) implements Op {
    @Override
    public List<Tensor> operands() {
      return List.of();
    }

    @Override
    public Shape shape() {
      return shapes.getFirst();
    }
  }

  private List<Storage> run(String name, Cost cost, Shape... shapes) {
    return backend.run(new Told(name, cost, List.of(shapes)));
  }

  @Test
  void workIsTheSumOfTheCosts() {
    run("matmul", new Cost(100, 7, 40), Shape.of());
    run("add", new Cost(10, 3, 60), Shape.of());
    run("matmul", new Cost(1000, 20, 50), Shape.of());
    assertEquals(Map.of("matmul", new CountingBackend.Work(2, 1100, 27), "add", new CountingBackend.Work(1, 10, 3)),
        backend.byOperation());
    assertEquals(new CountingBackend.Work(3, 1110, 30), backend.total());
    assertEquals(60, backend.largestScratch()); // one operation runs at a time
  }

  @Test
  void memoryIsLiveUntilItIsReleased() { // 4 bytes a value
    Storage a = backend.upload(new float[100]);
    Storage b = backend.fill(50, 1);
    assertEquals(600, backend.liveBytes());
    Storage c = run("gather", new Cost(0, 0, 0), Shape.of(3, 5)).getFirst();
    assertEquals(660, backend.liveBytes());
    backend.release(a);
    assertTrue(a.isReleased());
    backend.release(c);
    assertEquals(200, backend.liveBytes());
    backend.release(b);
    assertEquals(0, backend.liveBytes());
    assertEquals(660, backend.peakBytes());
    assertEquals("counting backend: a buffer of 50 values was released twice",
        assertThrows(IllegalStateException.class, () -> backend.release(b)).getMessage());
    assertEquals(0, backend.liveBytes());
  }

  @Test
  void eachResultHasItsSizeAndIsCounted() {
    List<Storage> results = run("both", new Cost(0, 0, 0), Shape.of(3, 5), Shape.of(7));
    assertEquals(List.of(15, 7), results.stream().map(Storage::size).toList());
    assertEquals(88, backend.liveBytes());
  }

  @Test
  void aReshapeTakesNoMemory() {
    Supplier<Tensor> reshaped = () -> Tensor.zeros(4, 6).reshape(24);
    Backends.with(backend, reshaped);
    assertEquals(96, backend.liveBytes());
  }

  /// Two segments of more members than the kernel takes: its definition is what runs, and what is counted.
  @Test
  void whatIsTooLongForAKernelIsCountedAsItsDefinition() {
    Supplier<Tensor> variance = () -> Tensor.zeros(4000, 1).segmentVariance(
        Segments.ofOffsets(Indices.of(0, 2000, 4000)));
    Backends.with(backend, variance);
    assertFalse(backend.byOperation().containsKey("segment variance"));
    assertTrue(backend.byOperation().containsKey("gather"));
  }

  @Test
  void optimizersRefill() {
    Storage parameter = backend.fill(3, 0);
    Storage m = backend.fill(3, 0);
    Storage v = backend.fill(3, 0);
    Storage gradient = backend.fill(3, 0);
    backend.adam(parameter, gradient, m, v, 1e-3, 0.9, 0.999, 1e-8, 0, false, 0.1, 0.001);
    backend.refill(parameter, gradient);
    assertEquals(List.of(2, 1, 1, 0), Stream.of(parameter, m, v, gradient).map(Storage::version).toList());
  }

  static Stream<Executable> whatDependsOnValues() {
    CountingBackend backend = new CountingBackend();
    Storage x = backend.fill(6, 0);
    return Stream.of(
        () -> backend.download(x),
        () -> backend.downloadDouble(x),
        () -> backend.sort(x, 2, 3, false),
        () -> backend.argReduce(Reduction.MAXIMUM, x, 2, 3, 1));
  }

  @Test
  void numbersThatAreCheckedPass() {
    assertEquals(-1, backend.firstNonFinite(backend.upload(new float[] {Float.NaN})));
  }

  @ParameterizedTest
  @MethodSource("whatDependsOnValues")
  void noValueComesOut(Executable read) {
    assertEquals("counting backend: a value was read; it computes nothing",
        assertThrows(IllegalStateException.class, read).getMessage());
  }
}
