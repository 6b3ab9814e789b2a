package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// The reference is what all else is compared with, so its own numbers are worked out by hand.
class Float64BackendTest {
  private final Backend backend = new Float64Backend();

  private Storage numbers(double... values) {
    return backend.upload(values);
  }

  private void holds(Storage actual, double... expected) {
    assertArrayEquals(expected, backend.downloadDouble(actual));
  }

  /// To twenty digits, from arithmetic with 25.
  @ParameterizedTest
  @CsvSource({
    "ERF, 0.5, 0.52049987781304653768", "ERF, 1, 0.84270079294971486934", "ERF, 1.5, 0.96610514647531072707",
    "ERF, -2, -0.99532226501895273416", "ERF, 3.5, 0.99999925690162765859",
    "GELU, -5, -1.433257859395969558e-6", "GELU, -1, -0.15865525393145705142", "GELU, 0.7, 0.53062544344384889548",
    "GELU, 3, 2.9959503059051097164"})
  void functionsHaveTheirValues(Unary kind, double x, double expected) {
    holdsWithin(1e-15, backend.unary(kind, 0, numbers(x)), expected);
  }

  private void holdsWithin(double error, Storage actual, double... expected) {
    assertArrayEquals(expected, backend.downloadDouble(actual), error);
  }

  @Test
  void nothingIsRoundedToFloat() {
    holds(numbers(0.1), 0.1);
    holds(backend.unary(Unary.SCALE, 0.1, numbers(3)), 0.1 * 3);
    holds(backend.fill(1, 1.0 / 3), 1.0 / 3);
  }

  @Test
  void randomNumbersAreThoseOfTheKey() {
    assertArrayEquals(Key.of(3).uniform(5), backend.download(backend.uniform(Key.of(3), 5)));
    assertArrayEquals(Key.of(3).normal(5), backend.download(backend.normal(Key.of(3), 5)));
  }

  @Test
  void smallerOperandsAreRepeated() {
    holds(
        backend.binary(Binary.SUBTRACT, numbers(10, 20), Shape.of(2, 1), numbers(1, 2, 3), Shape.of(3), Shape.of(2, 3)),
        9, 8, 7, 19, 18, 17);
  }

  @Test
  void theMiddleAxisIsReduced() { // [2, 2, 2]
    Storage x = numbers(1, 2, 3, 4, 5, 6, 7, 8);
    holds(backend.reduce(Reduction.SUM, x, 2, 2, 2), 4, 6, 12, 14);
    holds(backend.reduce(Reduction.PRODUCT, x, 2, 2, 2), 3, 8, 35, 48);
    holds(backend.reduce(Reduction.MINIMUM, numbers(), 2, 0, 1), Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    holds(backend.prefixSum(x, 2, 2, 2, false), 1, 2, 4, 6, 5, 6, 12, 14);
    holds(backend.prefixSum(x, 2, 2, 2, true), 4, 6, 3, 4, 12, 14, 7, 8);
    assertEquals(Indices.of(1, 0), backend.argReduce(Reduction.MAXIMUM, numbers(1, 4, 4, 4), 2, 2, 1));
    assertEquals(Indices.of(1), backend.argReduce(Reduction.MINIMUM, numbers(1, Double.NaN, 0), 1, 3, 1));
  }

  @Test
  void matricesAreMultipliedInEachStorageOrder() { // (1 2 3; 4 5 6) (1 0; 0 1; 1 1) = (4 5; 10 11)
    Storage a = numbers(1, 2, 3, 4, 5, 6);
    Storage aTransposed = numbers(1, 4, 2, 5, 3, 6);
    Storage b = numbers(1, 0, 0, 1, 1, 1);
    Storage bTransposed = numbers(1, 0, 1, 0, 1, 1);
    holds(backend.matmul(new Product(1, false, false, 2, 3, 2, false, false), a, b, null), 4, 5, 10, 11);
    holds(backend.matmul(new Product(1, false, false, 2, 3, 2, true, true), aTransposed, bTransposed,
        numbers(100, 200)), 104, 205, 110, 211);
    holds(backend.matmul(new Product(2, true, false, 1, 3, 2, false, false), a, b, null), 4, 5, 10, 11);
  }

  @Test
  void numbersAreMoved() {
    Storage x = numbers(1, 2, 3, 4, 5, 6);
    holds(backend.copyStrided(x, 5, new int[] {-1, -2}, new int[] {2, 3}), 6, 4, 2, 5, 3, 1);
    holds(backend.placeStrided(numbers(1, 2), new int[] {2}, 5, 3, new int[] {-2}), 0, 2, 0, 1, 0);
    holds(backend.concat(List.of(numbers(1, 2), numbers(3, 4, 5, 6)), 2, new int[] {1, 2}), 1, 3, 4, 2, 5, 6);
    holds(backend.gatherRows(x, 2, Indices.of(2, 0, 2)), 5, 6, 1, 2, 5, 6);
    holds(backend.select(numbers(0, -0.0, Double.NaN), numbers(1, 2, 3), numbers(4, 5, 6)), 4, 5, 3);
  }

  @Test
  void segmentsAreReducedInTheirOrder() { // rows 2 and 0, none, row 1
    Storage x = numbers(1, 2, 3, 4, 5, 6);
    Indices offsets = Indices.of(0, 2, 2, 3);
    Indices order = Indices.of(2, 0, 1);
    holds(backend.segmentReduce(Reduction.SUM, x, 2, offsets, order), 6, 8, 0, 0, 3, 4);
    holds(backend.segmentReduce(Reduction.MAXIMUM, x, 2, offsets, order), 5, 6, 0, 0, 3, 4);
    holds(backend.segmentReduce(Reduction.PRODUCT, x, 2, offsets, null), 3, 8, 1, 1, 5, 6);
  }

  @Test
  void sortingIsStableAndNaNTheLargest() {
    Storage x = numbers(2, Double.NaN, 1, 2, 0.0, -0.0);
    assertEquals(Indices.of(4, 5, 2, 0, 3, 1), backend.sort(x, 1, 6, false));
    assertEquals(Indices.of(1, 0, 3, 2, 4, 5), backend.sort(x, 1, 6, true));
  }

  @ParameterizedTest
  @EnumSource(names = {"RELU", "LEAKY_RELU", "TANH", "SIGMOID"})
  void gradientsAreWrittenOverResultsWithoutAKernelForIt(Unary function) {
    Backends.with(backend, () -> {
      Tensor x = Tensor.normal(Key.of(1), 7, 4);
      Tensor w = Tensor.normal(Key.of(2), 4, 4).tracked();
      double[] expected = Gradients.of(x.affine(w, null, function, 0.2).affine(w, null).square().sum(), w)
          .withRespectTo(w).toDoubles();
      Scope.run(scope -> {
        Tensor h = x.affine(w, null, function, 0.2);
        Tensor loss = h.affine(w, null).square().sum();
        assertArrayEquals(expected, Gradients.releasingHistory(loss, List.of(w)).withRespectTo(w).toDoubles());
        assertThrows(IllegalStateException.class, h::toDoubles);
      });
      return 0;
    });
  }

  @Test
  void releasedBuffersAreNotRead() {
    Storage x = numbers(1, 2);
    backend.release(x);
    assertEquals("float64 backend: a released buffer of 2 values was read",
        assertThrows(IllegalStateException.class, () -> backend.download(x)).getMessage());
  }
}
