package org.orrery.tensor.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/// Blocks of a matrix product with vectors. A tile of c, some rows by some vectors, stays in registers while k runs: at
/// 512 bit 5 rows by 4 vectors, 12 rows where there is one vector. A vector of b serves all rows of the tile, and the
/// taller the tile the fewer loads: those of b cross a cache line each, for arrays do not start on one. A machine with 16
/// registers takes two vectors at most, since more would spill.
///
/// Rows that fill no tile are done by one that overlaps those before it and writes the same numbers again; where they are
/// added to, or fewer than a tile has, they go one by one.
///
/// The tiles are written out: loops over registers are not kept in registers. Columns of a last vector that are not all
/// c's go through a block of results of several tiles: reading at once what a tile has just written would wait for it.
final class VectorTiles implements ProductTiles {
  private static final int WIDEST = LANES == 8 ? 2 : 4;
  private static final int GROUP = 40;
  private static final float[] ZEROS = new float[WIDEST * LANES];

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int widest() {
    return WIDEST * LANES;
  }

  @Override
  public float[] zeros() {
    return ZEROS;
  }

  @Override
  public void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart, int bStep,
      int inner, int runs, int runStep, int width, float[] init, int initStart, int initStep, float floor, float[] c,
      int cStart, int cStep,
      int real) {
    if (real == width) {
      whole(a, aStart, aRowStep, aInnerStep, rows, b, bStart, bStep, inner, runs, runStep - inner * aInnerStep,
          width / LANES, init, initStart, initStep,
          floor, c, cStart, cStep);
      return;
    }
    float[] results = new float[Math.min(rows, GROUP) * width];
    for (int first = 0; first < rows; first += GROUP) {
      int count = Math.min(GROUP, rows - first);
      boolean repeated = initStep == 0;
      for (int i = 0; i < count && !repeated; i++) {
        System.arraycopy(init, initStart + (first + i) * initStep, results, i * width, real);
      }
      whole(a, aStart + first * aRowStep, aRowStep, aInnerStep, count, b, bStart, bStep, inner, runs,
          runStep - inner * aInnerStep, width / LANES,
          repeated ? init : results, repeated ? initStart : 0, repeated ? 0 : width, floor, results, 0, width);
      for (int i = 0; i < count; i++) {
        copy(results, i * width, c, cStart + (first + i) * cStep, real);
      }
    }
  }

  private static void copy(float[] results, int from, float[] c, int to, int length) {
    int j = 0;
    for (; j <= length - LANES; j += LANES) {
      fromArray(SPECIES, results, from + j).intoArray(c, to + j);
    }
    for (; j < length; j++) {
      c[to + j] = results[from + j];
    }
  }

  private static void whole(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, int vectors, float[] init, int initStart, int initStep, float floor,
      float[] c, int cStart,
      int cStep) {
    boolean mayOverlap = initStep == 0;
    int i = 0;
    while (i < rows) {
      int first = mayOverlap ? first(vectors, i, rows) : i;
      i = first + tile(vectors, rows - first, a, aStart + first * aRowStep, aRowStep, aInnerStep, b, bStart, bStep,
          inner, runs, jump, init, initStart + first * initStep, initStep, floor, c, cStart + first * cStep, cStep);
    }
  }

  /// The rows of the tallest tile of so many vectors.
  private static int tallest(int vectors) {
    return switch (vectors) {
      case 4 -> 5;
      case 3 -> 8;
      case 2 -> LANES == 8 ? 6 : 8;
      default -> 12;
    };
  }

  /// Where the tile for row i starts: before i where the rows that are left fill none and there are enough before them.
  private static int first(int vectors, int i, int rows) {
    int left = rows - i;
    int tall = (vectors == 1 && left <= 4) || (vectors == 4 && left == 4) ? 4 : tallest(vectors);
    return left < tall && rows >= tall ? rows - tall : i;
  }

  /// The largest tile that fits; how many rows it has.
  private static int tile(int vectors, int rows, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b,
      int bStart, int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor,
      float[] c, int cStart,
      int cStep) {
    return switch (vectors) {
      case 4 -> rows >= 5
          ? tile5x4(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
              floor, c,
              cStart, cStep)
          : rows == 4
              ? tile4x4(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
                  floor, c,
                  cStart, cStep)
              : tile1x4(a, aStart, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, floor, c, cStart);
      case 3 -> rows >= 8
          ? tile8x3(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
              floor, c,
              cStart, cStep)
          : tile1x3(a, aStart, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, floor, c, cStart);
      case 2 -> LANES != 8 && rows >= 8
          ? tile8x2(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
              floor, c,
              cStart, cStep)
          : LANES == 8 && rows >= 6
              ? tile6x2(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
                  floor, c,
                  cStart,
                  cStep)
              : tile1x2(a, aStart, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, floor, c, cStart);
      case 1 -> rows >= 12
          ? tile12x1(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
              floor, c,
              cStart,
              cStep)
          : rows >= 4
              ? tile4x1(a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, initStep,
                  floor, c,
                  cStart,
                  cStep)
              : tile1x1(a, aStart, aInnerStep, b, bStart, bStep, inner, runs, jump, init, initStart, floor, c, cStart);
      default -> throw new IllegalArgumentException("a block of " + vectors + " vectors");
    };
  }

  private static int tile5x4(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c0c = FloatVector.zero(SPECIES);
    FloatVector c0d = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c1b = FloatVector.zero(SPECIES);
    FloatVector c1c = FloatVector.zero(SPECIES);
    FloatVector c1d = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c2b = FloatVector.zero(SPECIES);
    FloatVector c2c = FloatVector.zero(SPECIES);
    FloatVector c2d = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    FloatVector c3b = FloatVector.zero(SPECIES);
    FloatVector c3c = FloatVector.zero(SPECIES);
    FloatVector c3d = FloatVector.zero(SPECIES);
    FloatVector c4a = FloatVector.zero(SPECIES);
    FloatVector c4b = FloatVector.zero(SPECIES);
    FloatVector c4c = FloatVector.zero(SPECIES);
    FloatVector c4d = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector bc = fromArray(SPECIES, b, q + 2 * LANES);
        FloatVector bd = fromArray(SPECIES, b, q + 3 * LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        c0c = x.fma(bc, c0c);
        c0d = x.fma(bd, c0d);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        c1b = x.fma(bb, c1b);
        c1c = x.fma(bc, c1c);
        c1d = x.fma(bd, c1d);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        c2b = x.fma(bb, c2b);
        c2c = x.fma(bc, c2c);
        c2d = x.fma(bd, c2d);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        c3b = x.fma(bb, c3b);
        c3c = x.fma(bc, c3c);
        c3d = x.fma(bd, c3d);
        x = broadcast(SPECIES, a[p + 4 * aRowStep]);
        c4a = x.fma(ba, c4a);
        c4b = x.fma(bb, c4b);
        c4c = x.fma(bc, c4c);
        c4d = x.fma(bd, c4d);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c0c.add(fromArray(SPECIES, init, initStart + 2 * LANES)).max(floor).intoArray(c, cStart + 2 * LANES);
    c0d.add(fromArray(SPECIES, init, initStart + 3 * LANES)).max(floor).intoArray(c, cStart + 3 * LANES);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c1b.add(fromArray(SPECIES, init, initStart + initStep + LANES)).max(floor).intoArray(c, cStart + cStep + LANES);
    c1c.add(fromArray(SPECIES, init, initStart + initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + cStep + 2 * LANES);
    c1d.add(fromArray(SPECIES, init, initStart + initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + cStep + 3 * LANES);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c2b.add(fromArray(SPECIES, init, initStart + 2 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + LANES);
    c2c.add(fromArray(SPECIES, init, initStart + 2 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + 2 * LANES);
    c2d.add(fromArray(SPECIES, init, initStart + 2 * initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + 3 * LANES);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    c3b.add(fromArray(SPECIES, init, initStart + 3 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + LANES);
    c3c.add(fromArray(SPECIES, init, initStart + 3 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + 2 * LANES);
    c3d.add(fromArray(SPECIES, init, initStart + 3 * initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + 3 * LANES);
    c4a.add(fromArray(SPECIES, init, initStart + 4 * initStep)).max(floor).intoArray(c, cStart + 4 * cStep);
    c4b.add(fromArray(SPECIES, init, initStart + 4 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + LANES);
    c4c.add(fromArray(SPECIES, init, initStart + 4 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + 2 * LANES);
    c4d.add(fromArray(SPECIES, init, initStart + 4 * initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + 3 * LANES);
    return 5;
  }

  private static int tile4x4(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c0c = FloatVector.zero(SPECIES);
    FloatVector c0d = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c1b = FloatVector.zero(SPECIES);
    FloatVector c1c = FloatVector.zero(SPECIES);
    FloatVector c1d = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c2b = FloatVector.zero(SPECIES);
    FloatVector c2c = FloatVector.zero(SPECIES);
    FloatVector c2d = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    FloatVector c3b = FloatVector.zero(SPECIES);
    FloatVector c3c = FloatVector.zero(SPECIES);
    FloatVector c3d = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector bc = fromArray(SPECIES, b, q + 2 * LANES);
        FloatVector bd = fromArray(SPECIES, b, q + 3 * LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        c0c = x.fma(bc, c0c);
        c0d = x.fma(bd, c0d);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        c1b = x.fma(bb, c1b);
        c1c = x.fma(bc, c1c);
        c1d = x.fma(bd, c1d);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        c2b = x.fma(bb, c2b);
        c2c = x.fma(bc, c2c);
        c2d = x.fma(bd, c2d);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        c3b = x.fma(bb, c3b);
        c3c = x.fma(bc, c3c);
        c3d = x.fma(bd, c3d);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c0c.add(fromArray(SPECIES, init, initStart + 2 * LANES)).max(floor).intoArray(c, cStart + 2 * LANES);
    c0d.add(fromArray(SPECIES, init, initStart + 3 * LANES)).max(floor).intoArray(c, cStart + 3 * LANES);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c1b.add(fromArray(SPECIES, init, initStart + initStep + LANES)).max(floor).intoArray(c, cStart + cStep + LANES);
    c1c.add(fromArray(SPECIES, init, initStart + initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + cStep + 2 * LANES);
    c1d.add(fromArray(SPECIES, init, initStart + initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + cStep + 3 * LANES);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c2b.add(fromArray(SPECIES, init, initStart + 2 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + LANES);
    c2c.add(fromArray(SPECIES, init, initStart + 2 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + 2 * LANES);
    c2d.add(fromArray(SPECIES, init, initStart + 2 * initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + 3 * LANES);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    c3b.add(fromArray(SPECIES, init, initStart + 3 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + LANES);
    c3c.add(fromArray(SPECIES, init, initStart + 3 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + 2 * LANES);
    c3d.add(fromArray(SPECIES, init, initStart + 3 * initStep + 3 * LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + 3 * LANES);
    return 4;
  }

  private static int tile1x4(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      int runs, int jump,
      float[] init, int initStart, float floor, float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c0c = FloatVector.zero(SPECIES);
    FloatVector c0d = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector bc = fromArray(SPECIES, b, q + 2 * LANES);
        FloatVector bd = fromArray(SPECIES, b, q + 3 * LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        c0c = x.fma(bc, c0c);
        c0d = x.fma(bd, c0d);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c0c.add(fromArray(SPECIES, init, initStart + 2 * LANES)).max(floor).intoArray(c, cStart + 2 * LANES);
    c0d.add(fromArray(SPECIES, init, initStart + 3 * LANES)).max(floor).intoArray(c, cStart + 3 * LANES);
    return 1;
  }

  private static int tile8x3(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c0c = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c1b = FloatVector.zero(SPECIES);
    FloatVector c1c = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c2b = FloatVector.zero(SPECIES);
    FloatVector c2c = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    FloatVector c3b = FloatVector.zero(SPECIES);
    FloatVector c3c = FloatVector.zero(SPECIES);
    FloatVector c4a = FloatVector.zero(SPECIES);
    FloatVector c4b = FloatVector.zero(SPECIES);
    FloatVector c4c = FloatVector.zero(SPECIES);
    FloatVector c5a = FloatVector.zero(SPECIES);
    FloatVector c5b = FloatVector.zero(SPECIES);
    FloatVector c5c = FloatVector.zero(SPECIES);
    FloatVector c6a = FloatVector.zero(SPECIES);
    FloatVector c6b = FloatVector.zero(SPECIES);
    FloatVector c6c = FloatVector.zero(SPECIES);
    FloatVector c7a = FloatVector.zero(SPECIES);
    FloatVector c7b = FloatVector.zero(SPECIES);
    FloatVector c7c = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector bc = fromArray(SPECIES, b, q + 2 * LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        c0c = x.fma(bc, c0c);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        c1b = x.fma(bb, c1b);
        c1c = x.fma(bc, c1c);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        c2b = x.fma(bb, c2b);
        c2c = x.fma(bc, c2c);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        c3b = x.fma(bb, c3b);
        c3c = x.fma(bc, c3c);
        x = broadcast(SPECIES, a[p + 4 * aRowStep]);
        c4a = x.fma(ba, c4a);
        c4b = x.fma(bb, c4b);
        c4c = x.fma(bc, c4c);
        x = broadcast(SPECIES, a[p + 5 * aRowStep]);
        c5a = x.fma(ba, c5a);
        c5b = x.fma(bb, c5b);
        c5c = x.fma(bc, c5c);
        x = broadcast(SPECIES, a[p + 6 * aRowStep]);
        c6a = x.fma(ba, c6a);
        c6b = x.fma(bb, c6b);
        c6c = x.fma(bc, c6c);
        x = broadcast(SPECIES, a[p + 7 * aRowStep]);
        c7a = x.fma(ba, c7a);
        c7b = x.fma(bb, c7b);
        c7c = x.fma(bc, c7c);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c0c.add(fromArray(SPECIES, init, initStart + 2 * LANES)).max(floor).intoArray(c, cStart + 2 * LANES);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c1b.add(fromArray(SPECIES, init, initStart + initStep + LANES)).max(floor).intoArray(c, cStart + cStep + LANES);
    c1c.add(fromArray(SPECIES, init, initStart + initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + cStep + 2 * LANES);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c2b.add(fromArray(SPECIES, init, initStart + 2 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + LANES);
    c2c.add(fromArray(SPECIES, init, initStart + 2 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + 2 * LANES);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    c3b.add(fromArray(SPECIES, init, initStart + 3 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + LANES);
    c3c.add(fromArray(SPECIES, init, initStart + 3 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + 2 * LANES);
    c4a.add(fromArray(SPECIES, init, initStart + 4 * initStep)).max(floor).intoArray(c, cStart + 4 * cStep);
    c4b.add(fromArray(SPECIES, init, initStart + 4 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + LANES);
    c4c.add(fromArray(SPECIES, init, initStart + 4 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + 2 * LANES);
    c5a.add(fromArray(SPECIES, init, initStart + 5 * initStep)).max(floor).intoArray(c, cStart + 5 * cStep);
    c5b.add(fromArray(SPECIES, init, initStart + 5 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 5 * cStep + LANES);
    c5c.add(fromArray(SPECIES, init, initStart + 5 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 5 * cStep + 2 * LANES);
    c6a.add(fromArray(SPECIES, init, initStart + 6 * initStep)).max(floor).intoArray(c, cStart + 6 * cStep);
    c6b.add(fromArray(SPECIES, init, initStart + 6 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 6 * cStep + LANES);
    c6c.add(fromArray(SPECIES, init, initStart + 6 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 6 * cStep + 2 * LANES);
    c7a.add(fromArray(SPECIES, init, initStart + 7 * initStep)).max(floor).intoArray(c, cStart + 7 * cStep);
    c7b.add(fromArray(SPECIES, init, initStart + 7 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 7 * cStep + LANES);
    c7c.add(fromArray(SPECIES, init, initStart + 7 * initStep + 2 * LANES)).max(floor).intoArray(c,
        cStart + 7 * cStep + 2 * LANES);
    return 8;
  }

  private static int tile1x3(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      int runs, int jump,
      float[] init, int initStart, float floor, float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c0c = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector bc = fromArray(SPECIES, b, q + 2 * LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        c0c = x.fma(bc, c0c);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c0c.add(fromArray(SPECIES, init, initStart + 2 * LANES)).max(floor).intoArray(c, cStart + 2 * LANES);
    return 1;
  }

  private static int tile8x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c1b = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c2b = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    FloatVector c3b = FloatVector.zero(SPECIES);
    FloatVector c4a = FloatVector.zero(SPECIES);
    FloatVector c4b = FloatVector.zero(SPECIES);
    FloatVector c5a = FloatVector.zero(SPECIES);
    FloatVector c5b = FloatVector.zero(SPECIES);
    FloatVector c6a = FloatVector.zero(SPECIES);
    FloatVector c6b = FloatVector.zero(SPECIES);
    FloatVector c7a = FloatVector.zero(SPECIES);
    FloatVector c7b = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        c1b = x.fma(bb, c1b);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        c2b = x.fma(bb, c2b);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        c3b = x.fma(bb, c3b);
        x = broadcast(SPECIES, a[p + 4 * aRowStep]);
        c4a = x.fma(ba, c4a);
        c4b = x.fma(bb, c4b);
        x = broadcast(SPECIES, a[p + 5 * aRowStep]);
        c5a = x.fma(ba, c5a);
        c5b = x.fma(bb, c5b);
        x = broadcast(SPECIES, a[p + 6 * aRowStep]);
        c6a = x.fma(ba, c6a);
        c6b = x.fma(bb, c6b);
        x = broadcast(SPECIES, a[p + 7 * aRowStep]);
        c7a = x.fma(ba, c7a);
        c7b = x.fma(bb, c7b);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c1b.add(fromArray(SPECIES, init, initStart + initStep + LANES)).max(floor).intoArray(c, cStart + cStep + LANES);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c2b.add(fromArray(SPECIES, init, initStart + 2 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + LANES);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    c3b.add(fromArray(SPECIES, init, initStart + 3 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + LANES);
    c4a.add(fromArray(SPECIES, init, initStart + 4 * initStep)).max(floor).intoArray(c, cStart + 4 * cStep);
    c4b.add(fromArray(SPECIES, init, initStart + 4 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + LANES);
    c5a.add(fromArray(SPECIES, init, initStart + 5 * initStep)).max(floor).intoArray(c, cStart + 5 * cStep);
    c5b.add(fromArray(SPECIES, init, initStart + 5 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 5 * cStep + LANES);
    c6a.add(fromArray(SPECIES, init, initStart + 6 * initStep)).max(floor).intoArray(c, cStart + 6 * cStep);
    c6b.add(fromArray(SPECIES, init, initStart + 6 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 6 * cStep + LANES);
    c7a.add(fromArray(SPECIES, init, initStart + 7 * initStep)).max(floor).intoArray(c, cStart + 7 * cStep);
    c7b.add(fromArray(SPECIES, init, initStart + 7 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 7 * cStep + LANES);
    return 8;
  }

  private static int tile6x2(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c1b = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c2b = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    FloatVector c3b = FloatVector.zero(SPECIES);
    FloatVector c4a = FloatVector.zero(SPECIES);
    FloatVector c4b = FloatVector.zero(SPECIES);
    FloatVector c5a = FloatVector.zero(SPECIES);
    FloatVector c5b = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        c1b = x.fma(bb, c1b);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        c2b = x.fma(bb, c2b);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        c3b = x.fma(bb, c3b);
        x = broadcast(SPECIES, a[p + 4 * aRowStep]);
        c4a = x.fma(ba, c4a);
        c4b = x.fma(bb, c4b);
        x = broadcast(SPECIES, a[p + 5 * aRowStep]);
        c5a = x.fma(ba, c5a);
        c5b = x.fma(bb, c5b);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c1b.add(fromArray(SPECIES, init, initStart + initStep + LANES)).max(floor).intoArray(c, cStart + cStep + LANES);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c2b.add(fromArray(SPECIES, init, initStart + 2 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 2 * cStep + LANES);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    c3b.add(fromArray(SPECIES, init, initStart + 3 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 3 * cStep + LANES);
    c4a.add(fromArray(SPECIES, init, initStart + 4 * initStep)).max(floor).intoArray(c, cStart + 4 * cStep);
    c4b.add(fromArray(SPECIES, init, initStart + 4 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 4 * cStep + LANES);
    c5a.add(fromArray(SPECIES, init, initStart + 5 * initStep)).max(floor).intoArray(c, cStart + 5 * cStep);
    c5b.add(fromArray(SPECIES, init, initStart + 5 * initStep + LANES)).max(floor).intoArray(c,
        cStart + 5 * cStep + LANES);
    return 6;
  }

  private static int tile1x2(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      int runs, int jump,
      float[] init, int initStart, float floor, float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c0b = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c0b.add(fromArray(SPECIES, init, initStart + LANES)).max(floor).intoArray(c, cStart + LANES);
    return 1;
  }

  private static int tile12x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    FloatVector c4a = FloatVector.zero(SPECIES);
    FloatVector c5a = FloatVector.zero(SPECIES);
    FloatVector c6a = FloatVector.zero(SPECIES);
    FloatVector c7a = FloatVector.zero(SPECIES);
    FloatVector c8a = FloatVector.zero(SPECIES);
    FloatVector c9a = FloatVector.zero(SPECIES);
    FloatVector c10a = FloatVector.zero(SPECIES);
    FloatVector c11a = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        x = broadcast(SPECIES, a[p + 4 * aRowStep]);
        c4a = x.fma(ba, c4a);
        x = broadcast(SPECIES, a[p + 5 * aRowStep]);
        c5a = x.fma(ba, c5a);
        x = broadcast(SPECIES, a[p + 6 * aRowStep]);
        c6a = x.fma(ba, c6a);
        x = broadcast(SPECIES, a[p + 7 * aRowStep]);
        c7a = x.fma(ba, c7a);
        x = broadcast(SPECIES, a[p + 8 * aRowStep]);
        c8a = x.fma(ba, c8a);
        x = broadcast(SPECIES, a[p + 9 * aRowStep]);
        c9a = x.fma(ba, c9a);
        x = broadcast(SPECIES, a[p + 10 * aRowStep]);
        c10a = x.fma(ba, c10a);
        x = broadcast(SPECIES, a[p + 11 * aRowStep]);
        c11a = x.fma(ba, c11a);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    c4a.add(fromArray(SPECIES, init, initStart + 4 * initStep)).max(floor).intoArray(c, cStart + 4 * cStep);
    c5a.add(fromArray(SPECIES, init, initStart + 5 * initStep)).max(floor).intoArray(c, cStart + 5 * cStep);
    c6a.add(fromArray(SPECIES, init, initStart + 6 * initStep)).max(floor).intoArray(c, cStart + 6 * cStep);
    c7a.add(fromArray(SPECIES, init, initStart + 7 * initStep)).max(floor).intoArray(c, cStart + 7 * cStep);
    c8a.add(fromArray(SPECIES, init, initStart + 8 * initStep)).max(floor).intoArray(c, cStart + 8 * cStep);
    c9a.add(fromArray(SPECIES, init, initStart + 9 * initStep)).max(floor).intoArray(c, cStart + 9 * cStep);
    c10a.add(fromArray(SPECIES, init, initStart + 10 * initStep)).max(floor).intoArray(c, cStart + 10 * cStep);
    c11a.add(fromArray(SPECIES, init, initStart + 11 * initStep)).max(floor).intoArray(c, cStart + 11 * cStep);
    return 12;
  }

  private static int tile4x1(float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart, int bStep,
      int inner, int runs, int jump, float[] init, int initStart, int initStep, float floor, float[] c, int cStart,
      int cStep) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    FloatVector c1a = FloatVector.zero(SPECIES);
    FloatVector c2a = FloatVector.zero(SPECIES);
    FloatVector c3a = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        x = broadcast(SPECIES, a[p + aRowStep]);
        c1a = x.fma(ba, c1a);
        x = broadcast(SPECIES, a[p + 2 * aRowStep]);
        c2a = x.fma(ba, c2a);
        x = broadcast(SPECIES, a[p + 3 * aRowStep]);
        c3a = x.fma(ba, c3a);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    c1a.add(fromArray(SPECIES, init, initStart + initStep)).max(floor).intoArray(c, cStart + cStep);
    c2a.add(fromArray(SPECIES, init, initStart + 2 * initStep)).max(floor).intoArray(c, cStart + 2 * cStep);
    c3a.add(fromArray(SPECIES, init, initStart + 3 * initStep)).max(floor).intoArray(c, cStart + 3 * cStep);
    return 4;
  }

  private static int tile1x1(float[] a, int aStart, int aInnerStep, float[] b, int bStart, int bStep, int inner,
      int runs, int jump,
      float[] init, int initStart, float floor, float[] c, int cStart) {
    FloatVector c0a = FloatVector.zero(SPECIES);
    int p = aStart;
    int q = bStart;
    for (int run = 0; run < runs; run++) {
      for (int k = 0; k < inner; k++) {
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        p += aInnerStep;
        q += bStep;
      }
      p += jump;
    }
    c0a.add(fromArray(SPECIES, init, initStart)).max(floor).intoArray(c, cStart);
    return 1;
  }
}
