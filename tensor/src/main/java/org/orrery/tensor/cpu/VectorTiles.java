package org.orrery.tensor.cpu;

import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.every;
import static org.orrery.tensor.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;

/// Blocks of a matrix product with vectors. A tile of c, some rows by some vectors, stays in registers while k runs: at
/// 512 bit 4 rows by 4 vectors, 12 rows where there is one vector. A machine with 16 registers takes two vectors at
/// most, since more would spill.
///
/// The tiles are written out: loops over registers are not kept in registers. They only write; what accumulates goes
/// through a small block of results, because a tile that also added would be too large for the compiler to inline.
final class VectorTiles implements ProductTiles {
  private static final int WIDEST = LANES == 8 ? 2 : 4;
  private static final int TALLEST = 12;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int widest() {
    return WIDEST * LANES;
  }

  @Override
  public void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart, int bStep,
      int inner, int width, float[] c, int cStart, int cStep, boolean accumulate) {
    int vectors = width / LANES;
    float[] results = accumulate ? new float[TALLEST * WIDEST * LANES] : c;
    int i = 0;
    while (i < rows) {
      int at = aStart + i * aRowStep;
      int to = cStart + i * cStep;
      int done = accumulate
          ? tile(vectors, rows - i, a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, results, 0, width)
          : tile(vectors, rows - i, a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep);
      for (int row = 0; accumulate && row < done; row++) {
        add(results, row * width, c, to + row * cStep, width);
      }
      i += done;
    }
  }

  private static void add(float[] results, int from, float[] c, int to, int width) {
    for (int j = 0; j < width; j += LANES) {
      load(c, to + j).add(load(results, from + j)).intoArray(c, to + j);
    }
  }

  /// The largest tile that fits; how many rows it has.
  private static int tile(int vectors, int rows, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b,
      int bStart, int bStep, int inner, float[] c, int cStart, int cStep) {
    return switch (vectors) {
      case 4 -> rows >= 4
          ? tile4x4(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, c, cStart, cStep)
          : tile1x4(a, aStart, aInnerStep, b, bStart, bStep, inner, c, cStart);
      case 3 -> rows >= 4
          ? tile4x3(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, c, cStart, cStep)
          : tile1x3(a, aStart, aInnerStep, b, bStart, bStep, inner, c, cStart);
      case 2 -> rows >= 6
          ? tile6x2(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, c, cStart, cStep)
          : rows >= 2
              ? tile2x2(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, c, cStart, cStep)
              : tile1x2(a, aStart, aInnerStep, b, bStart, bStep, inner, c, cStart);
      case 1 -> rows >= 12
          ? tile12x1(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, c, cStart, cStep)
          : rows >= 4
              ? tile4x1(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, c, cStart, cStep)
              : tile1x1(a, aStart, aInnerStep, b, bStart, bStep, inner, c, cStart);
      default -> throw new IllegalArgumentException("a block of " + vectors + " vectors");
    };
  }

  private static int tile4x4(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0d = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1d = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2d = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3d = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector bc = load(b, q + 2 * LANES);
      FloatVector bd = load(b, q + 3 * LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      c0d = x.fma(bd, c0d);
      x = every(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      c1c = x.fma(bc, c1c);
      c1d = x.fma(bd, c1d);
      x = every(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      c2b = x.fma(bb, c2b);
      c2c = x.fma(bc, c2c);
      c2d = x.fma(bd, c2d);
      x = every(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      c3b = x.fma(bb, c3b);
      c3c = x.fma(bc, c3c);
      c3d = x.fma(bd, c3d);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    c0c.intoArray(c, cStart + 2 * LANES);
    c0d.intoArray(c, cStart + 3 * LANES);
    c1a.intoArray(c, cStart + cStep);
    c1b.intoArray(c, cStart + cStep + LANES);
    c1c.intoArray(c, cStart + cStep + 2 * LANES);
    c1d.intoArray(c, cStart + cStep + 3 * LANES);
    c2a.intoArray(c, cStart + 2 * cStep);
    c2b.intoArray(c, cStart + 2 * cStep + LANES);
    c2c.intoArray(c, cStart + 2 * cStep + 2 * LANES);
    c2d.intoArray(c, cStart + 2 * cStep + 3 * LANES);
    c3a.intoArray(c, cStart + 3 * cStep);
    c3b.intoArray(c, cStart + 3 * cStep + LANES);
    c3c.intoArray(c, cStart + 3 * cStep + 2 * LANES);
    c3d.intoArray(c, cStart + 3 * cStep + 3 * LANES);
    return 4;
  }

  private static int tile1x4(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0d = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector bc = load(b, q + 2 * LANES);
      FloatVector bd = load(b, q + 3 * LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      c0d = x.fma(bd, c0d);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    c0c.intoArray(c, cStart + 2 * LANES);
    c0d.intoArray(c, cStart + 3 * LANES);
    return 1;
  }

  private static int tile4x3(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2c = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3c = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector bc = load(b, q + 2 * LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      x = every(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      c1c = x.fma(bc, c1c);
      x = every(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      c2b = x.fma(bb, c2b);
      c2c = x.fma(bc, c2c);
      x = every(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      c3b = x.fma(bb, c3b);
      c3c = x.fma(bc, c3c);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    c0c.intoArray(c, cStart + 2 * LANES);
    c1a.intoArray(c, cStart + cStep);
    c1b.intoArray(c, cStart + cStep + LANES);
    c1c.intoArray(c, cStart + cStep + 2 * LANES);
    c2a.intoArray(c, cStart + 2 * cStep);
    c2b.intoArray(c, cStart + 2 * cStep + LANES);
    c2c.intoArray(c, cStart + 2 * cStep + 2 * LANES);
    c3a.intoArray(c, cStart + 3 * cStep);
    c3b.intoArray(c, cStart + 3 * cStep + LANES);
    c3c.intoArray(c, cStart + 3 * cStep + 2 * LANES);
    return 4;
  }

  private static int tile1x3(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0c = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector bc = load(b, q + 2 * LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    c0c.intoArray(c, cStart + 2 * LANES);
    return 1;
  }

  private static int tile6x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c4a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c4b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c5a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c5b = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      x = every(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      x = every(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      c2b = x.fma(bb, c2b);
      x = every(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      c3b = x.fma(bb, c3b);
      x = every(a[p + 4 * aRowStep]);
      c4a = x.fma(ba, c4a);
      c4b = x.fma(bb, c4b);
      x = every(a[p + 5 * aRowStep]);
      c5a = x.fma(ba, c5a);
      c5b = x.fma(bb, c5b);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    c1a.intoArray(c, cStart + cStep);
    c1b.intoArray(c, cStart + cStep + LANES);
    c2a.intoArray(c, cStart + 2 * cStep);
    c2b.intoArray(c, cStart + 2 * cStep + LANES);
    c3a.intoArray(c, cStart + 3 * cStep);
    c3b.intoArray(c, cStart + 3 * cStep + LANES);
    c4a.intoArray(c, cStart + 4 * cStep);
    c4b.intoArray(c, cStart + 4 * cStep + LANES);
    c5a.intoArray(c, cStart + 5 * cStep);
    c5b.intoArray(c, cStart + 5 * cStep + LANES);
    return 6;
  }

  private static int tile2x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1b = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      x = every(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    c1a.intoArray(c, cStart + cStep);
    c1b.intoArray(c, cStart + cStep + LANES);
    return 2;
  }

  private static int tile1x2(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c0b.intoArray(c, cStart + LANES);
    return 1;
  }

  private static int tile12x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c4a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c5a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c6a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c7a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c8a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c9a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c10a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c11a = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      x = every(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      x = every(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      x = every(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      x = every(a[p + 4 * aRowStep]);
      c4a = x.fma(ba, c4a);
      x = every(a[p + 5 * aRowStep]);
      c5a = x.fma(ba, c5a);
      x = every(a[p + 6 * aRowStep]);
      c6a = x.fma(ba, c6a);
      x = every(a[p + 7 * aRowStep]);
      c7a = x.fma(ba, c7a);
      x = every(a[p + 8 * aRowStep]);
      c8a = x.fma(ba, c8a);
      x = every(a[p + 9 * aRowStep]);
      c9a = x.fma(ba, c9a);
      x = every(a[p + 10 * aRowStep]);
      c10a = x.fma(ba, c10a);
      x = every(a[p + 11 * aRowStep]);
      c11a = x.fma(ba, c11a);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c1a.intoArray(c, cStart + cStep);
    c2a.intoArray(c, cStart + 2 * cStep);
    c3a.intoArray(c, cStart + 3 * cStep);
    c4a.intoArray(c, cStart + 4 * cStep);
    c5a.intoArray(c, cStart + 5 * cStep);
    c6a.intoArray(c, cStart + 6 * cStep);
    c7a.intoArray(c, cStart + 7 * cStep);
    c8a.intoArray(c, cStart + 8 * cStep);
    c9a.intoArray(c, cStart + 9 * cStep);
    c10a.intoArray(c, cStart + 10 * cStep);
    c11a.intoArray(c, cStart + 11 * cStep);
    return 12;
  }

  private static int tile4x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3a = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      x = every(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      x = every(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      x = every(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    c1a.intoArray(c, cStart + cStep);
    c2a.intoArray(c, cStart + 2 * cStep);
    c3a.intoArray(c, cStart + 3 * cStep);
    return 4;
  }

  private static int tile1x1(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector x = every(a[p]);
      c0a = x.fma(ba, c0a);
      p += aInnerStep;
      q += bStep;
    }
    c0a.intoArray(c, cStart);
    return 1;
  }
}
