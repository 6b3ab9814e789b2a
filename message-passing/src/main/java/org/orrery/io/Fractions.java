package org.orrery.io;

/// The small binary fractions of [ElementType], to floats, which hold each of them exactly, and back.
final class Fractions {
  private static final int KINDS = 256;
  private static final float[] E4M3 = new float[KINDS];

  static {
    for (int bits = 0; bits < KINDS; bits++) {
      int exponent = bits >> 3 & 0xf;
      int fraction = bits & 0x7;
      float size = exponent == 0xf && fraction == 0x7
          ? Float.NaN
          : exponent == 0 ? fraction * 0x1p-9f : Math.scalb(1 + fraction / 8f, exponent - 7);
      E4M3[bits] = bits >= KINDS / 2 ? -size : size;
    }
  }

  private Fractions() {
  }

  static float ofBrain(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }

  static float ofE4M3(byte bits) {
    return E4M3[Byte.toUnsignedInt(bits)];
  }

  static float ofE5M2(byte bits) {
    return Float.float16ToFloat((short) (bits << Byte.SIZE));
  }

  /// The bits of a number that the type holds; of another the bits of another.
  static short narrow(ElementType type, float value) {
    return switch (type) {
      case F16 -> Float.floatToFloat16(value);
      case BF16 -> (short) (Float.floatToRawIntBits(value) >>> Short.SIZE);
      case F8_E5M2 -> (short) (Float.floatToFloat16(value) >> Byte.SIZE);
      case F8_E4M3 -> {
        int found = 0;
        for (int bits = 0; bits < KINDS; bits++) {
          if (Float.floatToIntBits(E4M3[bits]) == Float.floatToIntBits(value)) {
            found = bits;
          }
        }
        yield (short) found;
      }
      default -> throw new AssertionError(type);
    };
  }
}
