package org.orrery.io;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// An immutable array of numbers as it stands in a file: element type, shape, and the numbers in row-major order. It takes
/// the memory that the numbers take in the file.
///
/// The numbers can be asked for as another type where each of them fits: whole numbers that the other type cannot hold,
/// or fractions where whole numbers are asked for, are refused with an [ArithmeticException] that names the first.
/// Only the rounding of F64 to float is not an error.
public final class NumericArray {
  private static final int FLOAT_BITS = 24; // of a whole number, from its first to its last one
  private static final int DOUBLE_BITS = 53;

  private final ElementType type;
  private final Shape shape;
  private final Object values; // as ElementType#array makes them

  private NumericArray(ElementType type, Shape shape, Object values) {
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

  /// An array of any type but F64, I64 and U64.
  ///
  /// @throws IllegalArgumentException where shape and number of values disagree, or the type does not hold a value
  public static NumericArray of(ElementType type, Shape shape, int... values) {
    Object array = type.array(values.length);
    for (int i = 0; i < values.length; i++) {
      switch (array) {
        case byte[] octets -> octets[i] = (byte) narrow(type, values[i]);
        case short[] shorts -> shorts[i] = narrow(type, values[i]);
        case int[] ints -> ints[i] = values[i];
        case float[] floats -> floats[i] = values[i];
        default -> throw new IllegalArgumentException("array of " + type + " from ints; another type is required");
      }
    }
    NumericArray narrow = wrap(type, shape, array);
    for (int i = 0; i < values.length; i++) {
      narrow.requireEqual(i, values[i], (type.isFraction() ? narrow.fraction(i) : narrow.whole(i)) == values[i]
          && !(type == ElementType.BOOL && (values[i] & 1) != values[i]));
    }
    return narrow;
  }

  private static short narrow(ElementType type, int value) {
    return type.isFraction() ? Fractions.narrow(type, value) : (short) value;
  }

  /// An array of F32, F16, BF16 or one of the types of 8 bits.
  ///
  /// @throws IllegalArgumentException where shape and number of values disagree, or the type does not hold a value
  public static NumericArray of(ElementType type, Shape shape, float... values) {
    if (!type.isFraction() || type == ElementType.F64) {
      throw new IllegalArgumentException("array of " + type + " from floats; another type is required");
    }
    Object array = type.array(values.length);
    for (int i = 0; i < values.length; i++) {
      switch (array) {
        case byte[] octets -> octets[i] = (byte) Fractions.narrow(type, values[i]);
        case short[] shorts -> shorts[i] = Fractions.narrow(type, values[i]);
        default -> ((float[]) array)[i] = values[i];
      }
    }
    NumericArray narrow = wrap(type, shape, array);
    for (int i = 0; i < values.length; i++) {
      narrow.requireEqual(i, values[i], Float.compare((float) narrow.fraction(i), values[i]) == 0);
    }
    return narrow;
  }

  private void requireEqual(int i, Object value, boolean equal) {
    if (!equal) {
      throw new IllegalArgumentException("array " + this + ": entry " + i + " is " + value + ", which " + type
          + " does not hold; a number that it holds is required");
    }
  }

  /// An array of these values, not a copy, in the array that [ElementType#array] makes.
  static NumericArray wrap(ElementType type, Shape shape, Object values) {
    if (!type.isArray(values, Array.getLength(values))) {
      throw new IllegalArgumentException("array " + type + " of " + values.getClass().getComponentType());
    }
    if (shape.elements() != Array.getLength(values)) {
      throw new IllegalArgumentException("array " + shape + " of " + Array.getLength(values) + " values; "
          + shape.elements() + " are required");
    }
    return new NumericArray(type, shape, values);
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
      if (type.isFraction()) {
        double value = fraction(i);
        converted[i] = (float) value;
        require(Float.isFinite(converted[i]) || !Double.isFinite(value), i, value, "the range of a float");
      } else {
        converted[i] = (float) exact(i, FLOAT_BITS, "a whole number that a float holds");
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
  /// @throws ArithmeticException where an I64 or U64 is a whole number that a double does not hold
  public double[] doubles() {
    if (values instanceof double[] doubles) {
      return doubles.clone();
    }
    double[] converted = new double[shape.elements()];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = type.isFraction() ? fraction(i) : exact(i, DOUBLE_BITS, "a whole number that a double holds");
    }
    return converted;
  }

  /// A whole number that has at most so many bits, from its first one to its last.
  private double exact(int i, int bits, String what) {
    long number = type == ElementType.U64 ? ((long[]) values)[i] : whole(i);
    boolean wide = type == ElementType.U64 && number < 0; // 2^63 and more
    long size = wide ? number : Math.abs(number);
    int significant = size == 0
        ? 0
        : Long.SIZE - Long.numberOfLeadingZeros(size) - Long.numberOfTrailingZeros(size);
    require(significant <= bits, i, wide ? Long.toUnsignedString(number) : number, what);
    return wide ? (number >>> 1) * 2.0 : number;
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

  private double fraction(int i) {
    return switch (type) {
      case F64 -> ((double[]) values)[i];
      case F32 -> ((float[]) values)[i];
      case F16 -> Float.float16ToFloat(((short[]) values)[i]);
      case BF16 -> Fractions.ofBrain(((short[]) values)[i]);
      case F8_E4M3 -> Fractions.ofE4M3(((byte[]) values)[i]);
      case F8_E5M2 -> Fractions.ofE5M2(((byte[]) values)[i]);
      default -> throw new AssertionError(type);
    };
  }

  private long whole(int i) {
    return switch (type) {
      case I64 -> ((long[]) values)[i];
      case I32 -> ((int[]) values)[i];
      case I16 -> ((short[]) values)[i];
      case I8, BOOL -> ((byte[]) values)[i];
      case U64 -> {
        long number = ((long[]) values)[i];
        require(number >= 0, i, Long.toUnsignedString(number), "a whole number of 64 bits with a sign");
        yield number;
      }
      case U32 -> Integer.toUnsignedLong(((int[]) values)[i]);
      case U16 -> Short.toUnsignedInt(((short[]) values)[i]);
      case U8 -> Byte.toUnsignedInt(((byte[]) values)[i]);
      default -> whole(i, fraction(i));
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
        && (Objects.deepEquals(values, array.values) || (hasManyNaN() && Arrays.equals(floats(), array.floats())));
  }

  /// Whether different bits may be NaN, and are kept.
  private boolean hasManyNaN() {
    return type.isFraction() && type != ElementType.F64 && type != ElementType.F32;
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.deepHashCode(new Object[] {type, hasManyNaN() ? floats() : values});
  }

  /// As in `F32 [5, 3]`.
  @Override
  public String toString() {
    return type + " " + shape;
  }
}
