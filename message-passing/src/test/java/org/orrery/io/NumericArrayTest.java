package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.orrery.tensor.Shape;

class NumericArrayTest {
  private static final Shape TWO = Shape.of(2);

  private static void refuses(String message, Executable conversion) {
    assertEquals(message, assertThrows(ArithmeticException.class, conversion).getMessage());
  }

  @Test
  void numbersThatFitAreConverted() {
    assertArrayEquals(new float[] {1, 16777216}, NumericArray.of(TWO, 1, 16777216).floats());
    assertArrayEquals(new float[] {0.1f, Float.POSITIVE_INFINITY},
        NumericArray.of(TWO, 0.1, Double.POSITIVE_INFINITY).floats());
    assertArrayEquals(new double[] {0.1f, -3}, NumericArray.of(TWO, 0.1f, -3f).doubles());
    assertArrayEquals(new double[] {1L << 60, Long.MIN_VALUE},
        NumericArray.of(TWO, 1L << 60, Long.MIN_VALUE).doubles());
    assertArrayEquals(new long[] {3, -4}, NumericArray.of(TWO, 3.0, -4.0).longs());
    assertArrayEquals(new long[] {Long.MIN_VALUE, 1}, NumericArray.of(TWO, -0x1p63f, 1f).longs());
    assertArrayEquals(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
        NumericArray.of(TWO, (long) Integer.MIN_VALUE, (long) Integer.MAX_VALUE).ints());
  }

  @Test
  void numbersThatDoNotFitAreNamed() {
    refuses("array I32 [2]: entry 1 is 16777217; a whole number that a float holds is required",
        () -> NumericArray.of(TWO, 1, 16777217).floats());
    refuses("array F64 [2]: entry 0 is 1.0E39; the range of a float is required",
        () -> NumericArray.of(TWO, 1e39, 1).floats());
    refuses("array I64 [2]: entry 1 is 9007199254740993; a whole number that a double holds is required",
        () -> NumericArray.of(TWO, 1L, (1L << 53) + 1).doubles());
    refuses("array I64 [2]: entry 0 is 9223372036854775807; a whole number that a double holds is required",
        () -> NumericArray.of(TWO, Long.MAX_VALUE, 1).doubles());
    refuses("array I64 [2]: entry 0 is 9223372036854775807; a whole number that a float holds is required",
        () -> NumericArray.of(TWO, Long.MAX_VALUE, 1).floats());
    refuses("array I64 [2]: entry 1 is 2147483648; a whole number of 32 bits is required",
        () -> NumericArray.of(TWO, 1L, 1L << 31).ints());
    refuses("array F32 [2]: entry 1 is 1.5; a whole number of 64 bits is required",
        () -> NumericArray.of(TWO, 1f, 1.5f).ints());
    refuses("array F64 [2]: entry 0 is NaN; a whole number of 64 bits is required",
        () -> NumericArray.of(TWO, Double.NaN, 1).longs());
    refuses("array F64 [2]: entry 0 is 9.223372036854776E18; a whole number of 64 bits is required",
        () -> NumericArray.of(TWO, 0x1p63, 1).longs());
  }

  @Test
  void shapeAndValuesAgree() {
    assertEquals("array [2, 3] of 5 values; 6 are required", assertThrows(IllegalArgumentException.class,
        () -> NumericArray.of(Shape.of(2, 3), new float[5])).getMessage());
  }

  @Test
  void anArrayIsAValue() {
    float[] values = {1, Float.NaN};
    NumericArray array = NumericArray.of(TWO, values);
    NumericArray equal = NumericArray.of(TWO, 1f, Float.NaN);
    values[0] = 2;
    array.floats()[0] = 3;
    assertEquals(equal, array);
    assertEquals(equal.hashCode(), array.hashCode());
    assertNotEquals(equal, NumericArray.of(Shape.of(2, 1), 1f, Float.NaN));
    assertNotEquals(equal, NumericArray.of(TWO, 1.0, Double.NaN));
    assertNotEquals(equal, NumericArray.of(TWO, 1f, 2f));
    assertEquals("F32 [2]", array.toString());
  }
}
