package org.orrery.io;

import java.util.Arrays;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// An immutable array of numbers as it stands in a file: element type, shape, and the numbers in row-major order.
///
/// The numbers can be asked for as another type where each of them fits: whole numbers that the other type cannot hold,
/// or fractions where whole numbers are asked for, are refused with an [ArithmeticException] that names the first.
/// Only the rounding of F64 to float is not an error.
public final class NumericArray {
  private static final long FLOAT_WHOLE = 1L << 24; // up to here a float holds every whole number
  private static final long DOUBLE_WHOLE = 1L << 53;

  private final ElementType type;
  private final Shape shape;
  private final Object values; // double[] for F64, float[] for other fractions, long[] for I64, int[] for other integers

  private NumericArray(ElementType type, Shape shape, Object values, int size) {
    if (shape.elements() != size) {
      throw new IllegalArgumentException(
          "array " + shape + " of " + size + " values; " + shape.elements() + " are required");
    }
    this.type = type;
    this.shape = shape;
    this.values = values;
  }

  /// An array of F32.
  ///
  /// @throws IllegalArgumentException where shape and number of values disagree
  public static NumericArray of(Shape shape, float... values) {
    return wrap(ElementType.F32, shape, values.clone());
  }

  /// An array of F64.
  ///
  /// @throws IllegalArgumentException where shape and number of values disagree
  public static NumericArray of(Shape shape, double... values) {
    return wrap(ElementType.F64, shape, values.clone());
  }

  /// An array of I64.
  ///
  /// @throws IllegalArgumentException where shape and number of values disagree
  public static NumericArray of(Shape shape, long... values) {
    return wrap(ElementType.I64, shape, values.clone());
  }

  /// An array of I32.
  ///
  /// @throws IllegalArgumentException where shape and number of values disagree
  public static NumericArray of(Shape shape, int... values) {
    return wrap(ElementType.I32, shape, values.clone());
  }

  /// An array of these values, not a copy, of which each fits into the type.
  static NumericArray wrap(ElementType type, Shape shape, Object values) {
    int size = switch (values) {
      case float[] floats -> floats.length;
      case double[] doubles -> doubles.length;
      case long[] longs -> longs.length;
      case int[] ints -> ints.length;
      default -> throw new IllegalArgumentException("array of " + values.getClass());
    };
    return new NumericArray(type, shape, values, size);
  }

  /// How the numbers are stored in a file.
  public ElementType type() {
    return type;
  }

  /// The sizes of the axes.
  public Shape shape() {
    return shape;
  }

  /// The values themselves, not a copy, in the array that suits the type.
  Object values() {
    return values;
  }

  /// The numbers as floats; F64 is rounded.
  ///
  /// @throws ArithmeticException where rounding would make a finite F64 infinite, or a whole number another one
  public float[] floats() {
    if (values instanceof float[] floats) {
      return floats.clone();
    }
    float[] converted = new float[shape.elements()];
    for (int i = 0; i < converted.length; i++) {
      if (values instanceof double[] doubles) {
        converted[i] = (float) doubles[i];
        require(Float.isFinite(converted[i]) || !Double.isFinite(doubles[i]), i, doubles[i], "the range of a float");
      } else {
        converted[i] = whole(i);
        require(Math.abs(whole(i)) <= FLOAT_WHOLE || isExact(whole(i), converted[i]), i, whole(i),
            "a whole number that a float holds");
      }
    }
    return converted;
  }

  /// A tensor of the numbers as [#floats()].
  ///
  /// @throws ArithmeticException as there
  public Tensor tensor() {
    return Tensor.of(shape, floats());
  }

  /// The numbers as doubles.
  ///
  /// @throws ArithmeticException where an I64 is a whole number that a double does not hold
  public double[] doubles() {
    if (values instanceof double[] doubles) {
      return doubles.clone();
    }
    double[] converted = new double[shape.elements()];
    for (int i = 0; i < converted.length; i++) {
      if (values instanceof float[] floats) {
        converted[i] = floats[i];
      } else {
        converted[i] = whole(i);
        require(Math.abs(whole(i)) <= DOUBLE_WHOLE || isExact(whole(i), converted[i]), i, whole(i),
            "a whole number that a double holds");
      }
    }
    return converted;
  }

  /// 2^63 would come back as 2^63 - 1, so it is not exact.
  private static boolean isExact(long whole, double converted) {
    return converted != 0x1p63 && (long) converted == whole;
  }

  /// The numbers as longs.
  ///
  /// @throws ArithmeticException where one is not a whole number of 64 bits
  public long[] longs() {
    long[] converted = new long[shape.elements()];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = whole(i);
    }
    return converted;
  }

  /// The numbers as ints.
  ///
  /// @throws ArithmeticException where one is not a whole number of 32 bits
  public int[] ints() {
    int[] converted = new int[shape.elements()];
    for (int i = 0; i < converted.length; i++) {
      long whole = whole(i);
      require(whole == (int) whole, i, whole, "a whole number of 32 bits");
      converted[i] = (int) whole;
    }
    return converted;
  }

  private long whole(int i) {
    return switch (values) {
      case long[] longs -> longs[i];
      case int[] ints -> ints[i];
      case float[] floats -> whole(i, floats[i]);
      case double[] doubles -> whole(i, doubles[i]);
      default -> throw new AssertionError(values.getClass());
    };
  }

  private long whole(int i, double value) {
    require(value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63, i, value, "a whole number of 64 bits");
    return (long) value;
  }

  private void require(boolean holds, int i, Object value, String what) {
    if (!holds) {
      throw new ArithmeticException("array " + type + " " + shape + ": entry " + i + " is " + value + "; " + what
          + " is required");
    }
  }

  /// Equal types, shapes and numbers; NaN equals NaN, and 0 does not equal -0.
  @Override
  public boolean equals(Object other) {
    return other instanceof NumericArray array && type == array.type && shape.equals(array.shape)
        && Arrays.deepEquals(new Object[] {values}, new Object[] {array.values});
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.deepHashCode(new Object[] {type, values});
  }

  /// As in `F32 [5, 3]`.
  @Override
  public String toString() {
    return type + " " + shape;
  }
}
