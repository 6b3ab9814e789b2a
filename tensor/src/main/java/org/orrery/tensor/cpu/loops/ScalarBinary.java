package org.orrery.tensor.cpu.loops;

import org.orrery.tensor.backend.Binary;

/// c = f(a, b) in plain Java.
public final class ScalarBinary {
  private ScalarBinary() {
  }

  /// `c[cStart + i] = f(a[aStart + i], b[bStart + i])` for i below `length`.
  public static void run(Binary kind, float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    switch (kind) {
      case ADD -> add(a, aStart, b, bStart, c, cStart, length);
      case SUBTRACT -> subtract(a, aStart, b, bStart, c, cStart, length);
      case MULTIPLY -> multiply(a, aStart, b, bStart, c, cStart, length);
      case DIVIDE -> divide(a, aStart, b, bStart, c, cStart, length);
      case MAXIMUM -> maximum(a, aStart, b, bStart, c, cStart, length);
      case MINIMUM -> minimum(a, aStart, b, bStart, c, cStart, length);
      case POWER -> power(a, aStart, b, bStart, c, cStart, length);
      case GREATER -> greater(a, aStart, b, bStart, c, cStart, length);
      case GREATER_EQUAL -> greaterEqual(a, aStart, b, bStart, c, cStart, length);
      case EQUAL -> equal(a, aStart, b, bStart, c, cStart, length);
    }
  }

  private static void add(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] + b[bStart + i];
    }
  }

  private static void subtract(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] - b[bStart + i];
    }
  }

  private static void multiply(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] * b[bStart + i];
    }
  }

  private static void divide(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] / b[bStart + i];
    }
  }

  private static void maximum(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = Math.max(a[aStart + i], b[bStart + i]);
    }
  }

  private static void minimum(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = Math.min(a[aStart + i], b[bStart + i]);
    }
  }

  private static void power(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = ScalarMath.power(a[aStart + i], b[bStart + i]);
    }
  }

  private static void greater(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] > b[bStart + i] ? 1f : 0f;
    }
  }

  private static void greaterEqual(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] >= b[bStart + i] ? 1f : 0f;
    }
  }

  private static void equal(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i++) {
      c[cStart + i] = a[aStart + i] == b[bStart + i] ? 1f : 0f;
    }
  }
}
