package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// Expected values are those of NumPy's `sum`, `mean`, `any`, `all` and `var` with `ddof`.
class ReductionsOverAxesTest {
  private static final Tensor CUBE = Tensor.range(24).reshape(2, 3, 4);

  @Test
  void severalAxesGoAwayOrStay() {
    assertArrayEquals(new float[] {60, 92, 124}, CUBE.sum(0, 2).toArray());
    assertArrayEquals(new float[] {60, 92, 124}, CUBE.sum(-1, 0).toArray());
    assertEquals(Shape.of(3), CUBE.sum(0, 2).shape());
    assertEquals(Shape.of(1, 3, 1), CUBE.sumKeeping(0, 2).shape());
    assertArrayEquals(new float[] {5.5f, 17.5f}, CUBE.mean(1, 2).toArray());
    assertEquals(Shape.of(2, 1, 1), CUBE.meanKeeping(1, 2).shape());
  }

  @Test
  void nothingSumsToZeroAndNaNStays() {
    assertArrayEquals(new float[] {0, 0}, Tensor.zeros(2, 0, 3).sum(1, 2).toArray());
    assertArrayEquals(new float[] {0, 0}, Tensor.zeros(2, 0, 3).mean(1, 2).toArray());
    assertEquals(Float.NaN, Tensor.of(new float[] {1, Float.NaN}, 1, 2).sum(0, 1).item());
  }

  @Test
  void anAxisIsNamedOnce() {
    assertEquals("reduction: axes [0, -3] of [2, 3, 4]; each may be named once",
        assertThrows(IllegalArgumentException.class, () -> CUBE.sum(0, -3)).getMessage());
  }

  @Test
  void anyAndAllCountNaNAsTrue() {
    Tensor x = Tensor.of(new float[] {0, 0, 0, 2, Float.NaN, -1}, 3, 2);
    assertArrayEquals(new float[] {0, 1, 1}, x.any(1).toArray());
    assertArrayEquals(new float[] {0, 0, 1}, x.all(1).toArray());
    assertArrayEquals(new float[] {0, 0}, Tensor.zeros(2, 0).any(1).toArray());
    assertArrayEquals(new float[] {1, 1}, Tensor.zeros(2, 0).all(1).toArray());
  }

  @Test
  void varianceIsCorrectedForTheMean() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 1, 1, 1, 5}, 2, 4);
    assertArrayEquals(new float[] {5f / 3, 4}, x.variance(1, 1).toArray(), 1e-6f);
    assertArrayEquals(x.variance(1).toArray(), x.variance(1, 0).toArray(), 1e-6f);
    assertEquals("variance: 1 entries along axis 0 and a correction of 1; it must be at least 0 and below the number "
        + "of entries", assertThrows(IllegalArgumentException.class, () -> Tensor.ones(1).variance(0, 1)).getMessage());
  }
}
