package org.orrery.tensor.cpu;

import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.load;
import static org.orrery.tensor.cpu.Lanes.of;

import jdk.incubator.vector.FloatVector;

/// Blocks of a matrix product with vectors. A tile of c, some rows by some vectors, stays in registers while k runs: at
/// 512 bit 4 rows by 4 vectors, 12 rows where there is one vector. A machine with 16 registers takes two vectors at
/// most, since more would spill.
///
/// The tiles are written out: loops over registers are not kept in registers.
final class VectorTiles implements ProductTiles {
  private static final int WIDEST = LANES == 8 ? 2 : 4;

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
    int i = 0;
    while (i < rows) {
      int at = aStart + i * aRowStep;
      int to = cStart + i * cStep;
      i += switch (vectors) {
        case 4 -> rows - i >= 4
            ? tile4x4(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate)
            : tile1x4(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate);
        case 3 -> rows - i >= 4
            ? tile4x3(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate)
            : tile1x3(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate);
        case 2 -> rows - i >= 6
            ? tile6x2(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate)
            : rows - i >= 2
            ? tile2x2(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate)
            : tile1x2(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate);
        case 1 -> rows - i >= 12
            ? tile12x1(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate)
            : rows - i >= 4
            ? tile4x1(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate)
            : tile1x1(a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, c, to, cStep, accumulate);
        default -> throw new IllegalArgumentException("a block of " + width + " columns");
      };
    }
  }

  private static int tile4x4(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
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
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      c0d = x.fma(bd, c0d);
      x = of(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      c1c = x.fma(bc, c1c);
      c1d = x.fma(bd, c1d);
      x = of(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      c2b = x.fma(bb, c2b);
      c2c = x.fma(bc, c2c);
      c2d = x.fma(bd, c2d);
      x = of(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      c3b = x.fma(bb, c3b);
      c3c = x.fma(bc, c3c);
      c3d = x.fma(bd, c3d);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    store(c0c, c, cStart + 2 * LANES, accumulate);
    store(c0d, c, cStart + 3 * LANES, accumulate);
    store(c1a, c, cStart + cStep, accumulate);
    store(c1b, c, cStart + cStep + LANES, accumulate);
    store(c1c, c, cStart + cStep + 2 * LANES, accumulate);
    store(c1d, c, cStart + cStep + 3 * LANES, accumulate);
    store(c2a, c, cStart + 2 * cStep, accumulate);
    store(c2b, c, cStart + 2 * cStep + LANES, accumulate);
    store(c2c, c, cStart + 2 * cStep + 2 * LANES, accumulate);
    store(c2d, c, cStart + 2 * cStep + 3 * LANES, accumulate);
    store(c3a, c, cStart + 3 * cStep, accumulate);
    store(c3b, c, cStart + 3 * cStep + LANES, accumulate);
    store(c3c, c, cStart + 3 * cStep + 2 * LANES, accumulate);
    store(c3d, c, cStart + 3 * cStep + 3 * LANES, accumulate);
    return 4;
  }

  private static int tile1x4(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
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
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      c0d = x.fma(bd, c0d);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    store(c0c, c, cStart + 2 * LANES, accumulate);
    store(c0d, c, cStart + 3 * LANES, accumulate);
    return 1;
  }

  private static int tile4x3(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
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
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      x = of(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      c1c = x.fma(bc, c1c);
      x = of(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      c2b = x.fma(bb, c2b);
      c2c = x.fma(bc, c2c);
      x = of(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      c3b = x.fma(bb, c3b);
      c3c = x.fma(bc, c3c);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    store(c0c, c, cStart + 2 * LANES, accumulate);
    store(c1a, c, cStart + cStep, accumulate);
    store(c1b, c, cStart + cStep + LANES, accumulate);
    store(c1c, c, cStart + cStep + 2 * LANES, accumulate);
    store(c2a, c, cStart + 2 * cStep, accumulate);
    store(c2b, c, cStart + 2 * cStep + LANES, accumulate);
    store(c2c, c, cStart + 2 * cStep + 2 * LANES, accumulate);
    store(c3a, c, cStart + 3 * cStep, accumulate);
    store(c3b, c, cStart + 3 * cStep + LANES, accumulate);
    store(c3c, c, cStart + 3 * cStep + 2 * LANES, accumulate);
    return 4;
  }

  private static int tile1x3(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0c = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector bc = load(b, q + 2 * LANES);
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      c0c = x.fma(bc, c0c);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    store(c0c, c, cStart + 2 * LANES, accumulate);
    return 1;
  }

  private static int tile6x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
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
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      x = of(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      x = of(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      c2b = x.fma(bb, c2b);
      x = of(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      c3b = x.fma(bb, c3b);
      x = of(a[p + 4 * aRowStep]);
      c4a = x.fma(ba, c4a);
      c4b = x.fma(bb, c4b);
      x = of(a[p + 5 * aRowStep]);
      c5a = x.fma(ba, c5a);
      c5b = x.fma(bb, c5b);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    store(c1a, c, cStart + cStep, accumulate);
    store(c1b, c, cStart + cStep + LANES, accumulate);
    store(c2a, c, cStart + 2 * cStep, accumulate);
    store(c2b, c, cStart + 2 * cStep + LANES, accumulate);
    store(c3a, c, cStart + 3 * cStep, accumulate);
    store(c3b, c, cStart + 3 * cStep + LANES, accumulate);
    store(c4a, c, cStart + 4 * cStep, accumulate);
    store(c4b, c, cStart + 4 * cStep + LANES, accumulate);
    store(c5a, c, cStart + 5 * cStep, accumulate);
    store(c5b, c, cStart + 5 * cStep + LANES, accumulate);
    return 6;
  }

  private static int tile2x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1b = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      x = of(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      c1b = x.fma(bb, c1b);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    store(c1a, c, cStart + cStep, accumulate);
    store(c1b, c, cStart + cStep + LANES, accumulate);
    return 2;
  }

  private static int tile1x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c0b = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector bb = load(b, q + LANES);
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      c0b = x.fma(bb, c0b);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c0b, c, cStart + LANES, accumulate);
    return 1;
  }

  private static int tile12x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
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
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      x = of(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      x = of(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      x = of(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      x = of(a[p + 4 * aRowStep]);
      c4a = x.fma(ba, c4a);
      x = of(a[p + 5 * aRowStep]);
      c5a = x.fma(ba, c5a);
      x = of(a[p + 6 * aRowStep]);
      c6a = x.fma(ba, c6a);
      x = of(a[p + 7 * aRowStep]);
      c7a = x.fma(ba, c7a);
      x = of(a[p + 8 * aRowStep]);
      c8a = x.fma(ba, c8a);
      x = of(a[p + 9 * aRowStep]);
      c9a = x.fma(ba, c9a);
      x = of(a[p + 10 * aRowStep]);
      c10a = x.fma(ba, c10a);
      x = of(a[p + 11 * aRowStep]);
      c11a = x.fma(ba, c11a);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c1a, c, cStart + cStep, accumulate);
    store(c2a, c, cStart + 2 * cStep, accumulate);
    store(c3a, c, cStart + 3 * cStep, accumulate);
    store(c4a, c, cStart + 4 * cStep, accumulate);
    store(c5a, c, cStart + 5 * cStep, accumulate);
    store(c6a, c, cStart + 6 * cStep, accumulate);
    store(c7a, c, cStart + 7 * cStep, accumulate);
    store(c8a, c, cStart + 8 * cStep, accumulate);
    store(c9a, c, cStart + 9 * cStep, accumulate);
    store(c10a, c, cStart + 10 * cStep, accumulate);
    store(c11a, c, cStart + 11 * cStep, accumulate);
    return 12;
  }

  private static int tile4x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c1a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c2a = FloatVector.zero(Lanes.SPECIES);
    FloatVector c3a = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      x = of(a[p + aRowStep]);
      c1a = x.fma(ba, c1a);
      x = of(a[p + 2 * aRowStep]);
      c2a = x.fma(ba, c2a);
      x = of(a[p + 3 * aRowStep]);
      c3a = x.fma(ba, c3a);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    store(c1a, c, cStart + cStep, accumulate);
    store(c2a, c, cStart + 2 * cStep, accumulate);
    store(c3a, c, cStart + 3 * cStep, accumulate);
    return 4;
  }

  private static int tile1x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, float[] c, int cStart, int cStep, boolean accumulate) {
    FloatVector c0a = FloatVector.zero(Lanes.SPECIES);
    int p = aStart;
    int q = bStart;
    for (int k = 0; k < inner; k++) {
      FloatVector ba = load(b, q);
      FloatVector x = of(a[p]);
      c0a = x.fma(ba, c0a);
      p += aInnerStep;
      q += bStep;
    }
    store(c0a, c, cStart, accumulate);
    return 1;
  }

  private static void store(FloatVector sum, float[] c, int at, boolean accumulate) {
    (accumulate ? sum.add(load(c, at)) : sum).intoArray(c, at);
  }
}
