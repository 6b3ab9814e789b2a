package org.orrery.formats;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.orrery.io.FormatException;

/// Numbers of HDF5 from their bytes: integers of 1 to 8 bytes, also of 3, 5, 6 and 7, whole bits of which may be
/// padding; IEEE fractions of 2, 4 and 8 bytes; either order of bytes.
final class Hdf5Numbers {
  private Hdf5Numbers() {
  }

  static boolean isNumeric(DataType type) {
    return type instanceof FixedPoint || type instanceof FloatingPoint;
  }

  static Column column(String what, String name, DataType type, int components,
      ByteBuffer bytes) throws FormatException {
    int size = type.getSize();
    int count = size > 0 ? bytes.remaining() / size : 0;
    return switch (type) {
      case FixedPoint whole -> Column.wrap(name, components, wholes(what, whole, bytes, count));
      case FloatingPoint fraction ->
        Column.wrap(name, Quantity.UNSTATED, components, fractions(what, fraction, bytes, count));
      default -> throw new FormatException(what + ": numbers of type " + type.getClass().getSimpleName()
          + "; integers or fractions are required");
    };
  }

  private static long[] wholes(String what, FixedPoint type, ByteBuffer bytes, int count) throws FormatException {
    int size = type.getSize();
    int precision = type.getBitPrecision();
    if (size < 1 || size > Long.BYTES || precision < 1 || precision > Byte.SIZE * size || type.getBitOffset() != 0) {
      throw new FormatException(what + ": integers of " + size + " bytes with " + precision + " bits from bit "
          + type.getBitOffset() + "; 1 to 8 bytes with bits from 0 are required");
    }
    boolean isLittle = type.getByteOrder() == ByteOrder.LITTLE_ENDIAN;
    int unused = Long.SIZE - precision;
    int start = bytes.position();
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      long value = 0;
      for (int b = 0; b < size; b++) {
        int at = isLittle ? size - 1 - b : b;
        value = (value << Byte.SIZE) | (bytes.get(start + i * size + at) & 0xff);
      }
      values[i] = type.isSigned() ? value << unused >> unused : value << unused >>> unused;
      if (!type.isSigned() && values[i] < 0) {
        throw new FormatException(what + ": entry " + i + " is " + Long.toUnsignedString(values[i])
            + "; at most 2^63 - 1 is required");
      }
    }
    return values;
  }

  private static double[] fractions(String what, FloatingPoint type, ByteBuffer bytes, int count)
      throws FormatException {
    int size = type.getSize();
    int exponent = type.getExponentSize();
    if (exponent != exponentOf(size)) {
      throw new FormatException(what + ": fractions of " + size + " bytes with an exponent of " + exponent
          + " bits; those of IEEE 754 with 2, 4 or 8 bytes are required");
    }
    ByteBuffer ordered = bytes.slice().order(type.getByteOrder());
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = switch (size) {
        case 2 -> Float.float16ToFloat(ordered.getShort(2 * i));
        case 4 -> ordered.getFloat(4 * i);
        default -> ordered.getDouble(8 * i);
      };
    }
    return values;
  }

  /// The bits of the exponent in IEEE 754, -1 for other sizes.
  private static int exponentOf(int bytes) {
    return switch (bytes) {
      case 2 -> 5;
      case 4 -> 8;
      case 8 -> 11;
      default -> -1;
    };
  }
}
