package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import org.orrery.tensor.backend.Binary;

/// c = f(a, b) with vectors: the compiler makes none of a loop whose arrays start at different places. The last numbers
/// go through the plain loop, which is exact alike.
final class VectorBinary {
  private VectorBinary() {
  }

  static void run(Binary kind, float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    int whole = kind == Binary.POWER ? 0 : length - length % LANES;
    switch (kind) {
      case POWER -> {
        // no vector loop
      }
      case ADD -> add(a, aStart, b, bStart, c, cStart, whole);
      case SUBTRACT -> subtract(a, aStart, b, bStart, c, cStart, whole);
      case MULTIPLY -> multiply(a, aStart, b, bStart, c, cStart, whole);
      case DIVIDE -> divide(a, aStart, b, bStart, c, cStart, whole);
      case MAXIMUM -> maximum(a, aStart, b, bStart, c, cStart, whole);
      case MINIMUM -> minimum(a, aStart, b, bStart, c, cStart, whole);
      case GREATER -> greater(a, aStart, b, bStart, c, cStart, whole);
      case GREATER_EQUAL -> greaterEqual(a, aStart, b, bStart, c, cStart, whole);
      case EQUAL -> equal(a, aStart, b, bStart, c, cStart, whole);
    }
    if (whole < length) {
      ScalarBinary.run(kind, a, aStart + whole, b, bStart + whole, c, cStart + whole, length - whole);
    }
  }

  private static void add(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      load(a, aStart + i).add(load(b, bStart + i)).intoArray(c, cStart + i);
    }
  }

  private static void subtract(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      load(a, aStart + i).sub(load(b, bStart + i)).intoArray(c, cStart + i);
    }
  }

  private static void multiply(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      load(a, aStart + i).mul(load(b, bStart + i)).intoArray(c, cStart + i);
    }
  }

  private static void divide(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      load(a, aStart + i).div(load(b, bStart + i)).intoArray(c, cStart + i);
    }
  }

  private static void maximum(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      load(a, aStart + i).max(load(b, bStart + i)).intoArray(c, cStart + i);
    }
  }

  private static void minimum(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      load(a, aStart + i).min(load(b, bStart + i)).intoArray(c, cStart + i);
    }
  }

  private static void greater(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      every(0f).blend(1f, load(a, aStart + i).compare(GT, load(b, bStart + i))).intoArray(c, cStart + i);
    }
  }

  private static void greaterEqual(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      every(0f).blend(1f, load(a, aStart + i).compare(GE, load(b, bStart + i))).intoArray(c, cStart + i);
    }
  }

  private static void equal(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int length) {
    for (int i = 0; i < length; i += LANES) {
      every(0f).blend(1f, load(a, aStart + i).compare(EQ, load(b, bStart + i))).intoArray(c, cStart + i);
    }
  }
}
