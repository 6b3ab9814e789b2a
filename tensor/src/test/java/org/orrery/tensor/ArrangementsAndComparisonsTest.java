package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// Expected values are those of NumPy's `roll`, `flip`, `pad` and comparisons.
class ArrangementsAndComparisonsTest {
  private static final Tensor M = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  @Test
  void whatRollsOutAtOneEndEntersAtTheOther() {
    assertArrayEquals(new float[] {3, 1, 2, 6, 4, 5}, M.roll(1, 1).toArray());
    assertArrayEquals(new float[] {2, 3, 1, 5, 6, 4}, M.roll(-1, -1).toArray());
    assertArrayEquals(new float[] {2, 3, 1, 5, 6, 4}, M.roll(1, 5).toArray());
    assertArrayEquals(M.toArray(), M.roll(0, 2).toArray());
    assertEquals(Shape.of(0, 3), Tensor.zeros(0, 3).roll(0, 2).shape());
  }

  @Test
  void severalAxesRunBackwards() {
    assertArrayEquals(new float[] {6, 5, 4, 3, 2, 1}, M.flip(0, 1).toArray());
    assertArrayEquals(M.toArray(), M.flip(1, -1).toArray());
    assertEquals(Shape.of(0, 3), Tensor.zeros(0, 3).flip(0, 1).shape());
  }

  @Test
  void paddingTakesAnyValue() {
    assertArrayEquals(new float[] {9, 1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9}, M.pad(1, 1, 2, 9).toArray());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, NAN, NAN, NAN}, M.pad(0, 0, 1, NAN).toArray());
    assertArrayEquals(new float[] {7, 7}, Tensor.zeros(0).pad(0, 1, 1, 7).toArray());
    assertEquals("pad: -1 before and 0 after; neither may be negative",
        assertThrows(IllegalArgumentException.class, () -> M.pad(0, -1, 0, 1)).getMessage());
  }

  @Test
  void comparisonsTreatNaNAsNumPyDoes() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, NAN, INF}, 5);
    Tensor b = Tensor.of(new float[] {2, 2, 2, NAN, INF}, 5);
    assertArrayEquals(new float[] {1, 1, 0, 0, 1}, a.lessOrEqual(b).toArray());
    assertArrayEquals(new float[] {1, 1, 0, 0, 0}, a.lessOrEqual(2).toArray());
    assertArrayEquals(new float[] {0, 1, 1, 0, 1}, a.greaterOrEqual(2).toArray());
    assertArrayEquals(new float[] {1, 0, 1, 1, 0}, a.notEqualTo(b).toArray());
    assertArrayEquals(new float[] {1, 0, 1, 1, 1}, a.notEqualTo(2).toArray());
    assertEquals(Shape.of(0), Tensor.zeros(0).notEqualTo(2).shape());
  }

  @Test
  void notANumberAndInfinityAreTold() {
    Tensor x = Tensor.of(new float[] {0, NAN, INF, -INF, Float.MAX_VALUE}, 5);
    assertArrayEquals(new float[] {0, 1, 0, 0, 0}, x.isNaN().toArray());
    assertArrayEquals(new float[] {1, 0, 0, 0, 1}, x.isFinite().toArray());
    assertEquals(Shape.of(0), Tensor.zeros(0).isFinite().shape());
  }
}
