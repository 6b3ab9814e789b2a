package org.orrery.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

class InitializerTest {
  private static final Key KEY = Key.of(21);
  private static final Shape WIDE = Shape.of(300, 100);

  @Test
  void fansCountTheKernel() {
    Shape convolution = Shape.of(8, 4, 3, 3);
    assertEquals(4 * 9, Initializer.fan(convolution, Initializer.Fan.IN));
    assertEquals(8 * 9, Initializer.fan(convolution, Initializer.Fan.OUT));
    assertThrows(IllegalArgumentException.class, () -> Initializer.fan(Shape.of(3), Initializer.Fan.IN));
  }

  @Test
  void variancesAreThoseOfTheirFormulas() {
    check(Initializer.uniform(-2, 4), 1, 36 / 12.0);
    check(Initializer.normal(3, 0.5), 3, 0.25);
    check(Initializer.glorotUniform(1), 0, 2.0 / 400);
    check(Initializer.glorotNormal(2), 0, 4 * 2.0 / 400);
    check(Initializer.kaimingUniform(Math.sqrt(2), Initializer.Fan.IN), 0, 2.0 / 100);
    check(Initializer.kaimingNormal(Math.sqrt(2), Initializer.Fan.OUT), 0, 2.0 / 300);
    check(Initializer.constant(7), 7, 0);
    check(Initializer.zeros(), 0, 0);
    check(Initializer.ones(), 1, 0);
  }

  /// Of 30000 numbers the mean lies within 5 standard errors; their variance, of relative error sqrt(2 / 30000) for
  /// normal numbers, within 5 of these.
  private static void check(Initializer initializer, double mean, double variance) {
    Tensor values = initializer.values(WIDE, KEY).flatten();
    assertEquals(mean, values.mean().item(), 5 * Math.sqrt(variance / 30000) + 1e-6);
    assertEquals(variance, values.variance(0).item(), 5 * variance * Math.sqrt(2.0 / 30000) + 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"4, 9", "9, 4", "6, 6", "1, 1"})
  void theShorterSideOfAnOrthogonalMatrixIsOrthonormal(int rows, int columns) {
    Tensor w = Initializer.orthogonal(2).values(Shape.of(rows, columns), KEY);
    Tensor products = rows <= columns ? w.matmulTransposed(w) : w.transposedMatmul(w);
    assertArrayEquals(Tensor.identity(Math.min(rows, columns)).multiply(4).flatten().toArray(),
        products.flatten().toArray(), 1e-5f);
  }

  @Test
  void theSameKeyGivesTheSameValues() {
    Initializer initializer = Initializer.glorotUniform(1);
    assertArrayEquals(initializer.values(WIDE, KEY).toArray(), initializer.values(WIDE, KEY).toArray());
  }
}
