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
  /// signed, 64 bits
  I64(8),
  /// signed, 32 bits
  I32(4),
  /// signed, 16 bits
  I16(2),
  /// signed, 8 bits
  I8(1),
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
}
