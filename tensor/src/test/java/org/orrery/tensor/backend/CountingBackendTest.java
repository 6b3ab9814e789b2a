package org.orrery.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;

class CountingBackendTest {
  private final CountingBackend backend = new CountingBackend();

  @Test
  void workIsTheSumOfTheCosts() {
    backend.observe("matmul", Shape.of(), () -> new Cost(100, 7, 40));
    backend.observe("add", Shape.of(), () -> new Cost(10, 3, 60));
    backend.observe("matmul", Shape.of(), () -> new Cost(1000, 20, 50));
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
    Storage c = backend.gatherRows(a, 5, Indices.of(1, 1, 2));
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
  void resultsHaveTheSizeThatTheContractSays() {
    Storage x = backend.fill(24, 0);
    Indices offsets = Indices.of(0, 2, 2, 3);
    Indices columns = Indices.of(1, 0, 2);
    Shape square = Shape.of(24, 24);
    assertEquals(24, backend.unary(Unary.EXP, 0, x).size());
    assertEquals(576, backend.binary(Binary.ADD, x, Shape.of(24, 1), x, Shape.of(24), square).size());
    assertEquals(8, backend.reduce(Reduction.SUM, x, 4, 3, 2).size());
    assertEquals(2 * 5 * 7, backend.matmul(new Product(2, true, true, 5, 9, 7, false, false), x, x, null).size());
    assertEquals(6, backend.copyStrided(x, 0, new int[] {1, 3}, new int[] {3, 2}).size());
    assertEquals(99, backend.placeStrided(x, new int[] {24}, 99, 0, new int[] {2}).size());
    assertEquals(48, backend.concat(List.of(x, x), 2, new int[] {12, 12}).size());
    assertEquals(3 * 8, backend.segmentReduce(Reduction.MAXIMUM, x, 8, offsets, null).size());
    assertEquals(24, backend.prefixSum(x, 4, 3, 2, true).size());
    assertEquals(3 * 8, backend.weightedSum(offsets, columns, null, null, 1, x, 8, null).size());
    assertEquals(3 * 2, backend.edgeDot(offsets, columns, null, x, x, 2, 8).size());
    assertEquals(24, backend.segmentSoftmax(x, 8, offsets, null).size());
    assertEquals(24, backend.normalizeRows(x, 3, 8, 1e-5).size());
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
