package org.orrery.io;

/// How a number is stored in a file; the names are those of the safetensors format.
public enum ElementType {
  /// IEEE 754, 64 bits
  F64(8),
  /// IEEE 754, 32 bits
  F32(4),
  /// IEEE 754, 16 bits
  F16(2),
  /// the upper 16 bits of an F32
  BF16(2),
  /// sign, 4 bits of exponent with bias 7, 3 of fraction; no infinity, and NaN where all bits but the sign are set:
  /// Micikevicius et al. 2022, <https://arxiv.org/abs/2209.05433>
  F8_E4M3(1),
  /// the upper 8 bits of an F16, of the same source
  F8_E5M2(1),
  /// signed, 64 bits
  I64(8),
  /// signed, 32 bits
  I32(4),
  /// signed, 16 bits
  I16(2),
  /// signed, 8 bits
  I8(1),
  /// 0 to 2^64 - 1
  U64(8),
  /// 0 to 2^32 - 1
  U32(4),
  /// 0 to 65535
  U16(2),
  /// 0 to 255
  U8(1),
  /// 0 or 1, in a byte
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /// The bytes that one number takes.
  public int bytes() {
    return bytes;
  }

  /// Whether its numbers are fractions and not whole.
  boolean isFraction() {
    return switch (this) {
      case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> true;
      case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
    };
  }

  /// An array for so many numbers as they are stored: `double[]` and `float[]` for F64 and F32, else the array of whole
  /// numbers of that width.
  Object array(int count) {
    return switch (this) {
      case F64 -> new double[count];
      case F32 -> new float[count];
      case I64, U64 -> new long[count];
      case I32, U32 -> new int[count];
      case F16, BF16, I16, U16 -> new short[count];
      case F8_E4M3, F8_E5M2, I8, U8, BOOL -> new byte[count];
    };
  }

  /// Whether this is what [#array] makes for so many numbers.
  boolean isArray(Object values, long count) {
    int length = switch (values) {
      case double[] doubles -> doubles.length;
      case float[] floats -> floats.length;
      case long[] longs -> longs.length;
      case int[] ints -> ints.length;
      case short[] shorts -> shorts.length;
      case byte[] octets -> octets.length;
      default -> -1;
    };
    return length == count && array(0).getClass() == values.getClass();
  }
}
