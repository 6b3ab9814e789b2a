package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/// Blocks of a matrix product with vectors. A tile of c, some rows by some vectors, stays in registers while k runs: at
/// 512 bit 6 rows by 4 vectors, 12 rows where there is one vector. A vector of b serves all rows of the tile, and the
/// taller the tile the fewer loads: those of b cross a cache line each, for arrays do not start on one. A machine with 16
/// registers takes two vectors at most, since more would spill.
///
/// Rows that fill no tile are done by one that overlaps those before it and writes the same numbers again, or elsewhere where
/// they are added to; fewer than a tile has go one by one.
///
/// Tall tiles read a number of each cache line of the next one's rows while they run: these come from memory in no order
/// that the machine would foresee.
///
/// The runs of k are one loop, which steps over the gap where one ends: with a loop around it the compiler needs 64 instead of
/// 39 MB for the tallest tile.
///
/// The tiles are written out: loops over registers are not kept in registers. The last vector of a block whose columns fill
/// none ends with them and overlaps the one before it; fewer columns than a vector has go through a block of results of
/// several tiles: reading at once what a tile has just written would wait for it.
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
      int cStart, int cStep, int real) {
    int jump = runStep - inner * aInnerStep;
    if (real >= LANES) {
      whole(a, aStart, aRowStep, aInnerStep, rows, b, bStart, bStep, inner, runs, jump, width / LANES, init, initStart,
          initStep, c, cStart, cStep, real - LANES);
      raise(c, cStart, cStep, rows, real, floor);
      return;
    }
    float[] results = new float[Math.min(rows, GROUP) * LANES];
    for (int first = 0; first < rows; first += GROUP) {
      int count = Math.min(GROUP, rows - first);
      boolean repeated = initStep == 0;
      for (int i = 0; i < count && !repeated; i++) {
        System.arraycopy(init, initStart + (first + i) * initStep, results, i * LANES, real);
      }
      whole(a, aStart + first * aRowStep, aRowStep, aInnerStep, count, b, bStart, bStep, inner, runs, jump, 1,
          repeated ? init : results, repeated ? initStart : 0, repeated ? 0 : LANES, results, 0, LANES, 0);
      raise(results, 0, LANES, count, LANES, floor);
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < real; j++) {
          c[cStart + (first + i) * cStep + j] = results[i * LANES + j];
        }
      }
    }
  }

  /// Numbers up to the floor become the floor; NaN stays.
  private static void raise(float[] c, int cStart, int cStep, int rows, int columns, float floor) {
    if (floor == Float.NEGATIVE_INFINITY) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      int at = cStart + i * cStep;
      for (int j = 0; j < columns; j += LANES) {
        int from = at + Math.min(j, columns - LANES);
        FloatVector v = fromArray(SPECIES, c, from);
        v.blend(floor, v.compare(LE, floor)).intoArray(c, from);
      }
    }
  }

  /// @param last where the last vector of columns starts
  private static void whole(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, int vectors, float[] init, int initStart, int initStep, float[] c,
      int cStart, int cStep, int last) {
    boolean mayOverlap = initStep == 0;
    int i = 0;
    while (i < rows) {
      int left = rows - i;
      int tall = tall(vectors, left);
      boolean isRest = left < tall && rows >= tall;
      int first = isRest ? rows - tall : i;
      int at = aStart + first * aRowStep;
      if (isRest && !mayOverlap) {
        float[] rest = new float[tall * (last + LANES)];
        move(init, initStart + i * initStep, initStep, rest, (i - first) * (last + LANES), last + LANES, left,
            last + LANES);
        tiles(vectors, tall, a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, rest, 0, last + LANES,
            rest, 0, last + LANES, last);
        move(rest, (i - first) * (last + LANES), last + LANES, c, cStart + i * cStep, cStep, left, last + LANES);
        return;
      }
      i = first + tiles(vectors, rows - first, a, at, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
          initStart + first * initStep, initStep, c, cStart + first * cStep, cStep, last);
    }
  }

  private static void move(float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep, int rows,
      int columns) {
    for (int i = 0; i < rows; i++) {
      System.arraycopy(from, fromAt + i * fromStep, to, toAt + i * toStep, columns);
    }
  }

  /// The rows of the tallest tile of so many vectors; where few rows are left, of one that computes fewer of them twice.
  private static int tallest(int vectors, int rows) {
    return switch (vectors) {
      case 4 -> 6;
      case 3 -> 8;
      case 2 -> LANES == 8 ? 6 : rows % 12 == 0 || rows >= 48 ? 12 : 8;
      default -> 12;
    };
  }

  /// The rows of the tile for so many that are left: four, where there are no more.
  private static int tall(int vectors, int left) {
    return (vectors == 1 && left <= 4) || (vectors == 4 && left == 4) ? 4 : tallest(vectors, left);
  }

  /// As many of the tallest tiles as fit, or smaller ones; how many rows they have.
  private static int tiles(int vectors, int rows, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b,
      int bStart, int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c,
      int cStart, int cStep, int last) {
    int tall = tallest(vectors, rows);
    int count = rows / tall;
    return switch (vectors) {
      case 4 -> count > 0
          ? tiles6x4(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
              initStart, initStep, c, cStart, cStep, last)
          : rows == 4
              ? tiles4x4(1, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                  initStart, initStep, c, cStart, cStep, last)
              : tiles1x4(rows, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                  initStart, initStep, c, cStart, cStep, last);
      case 3 -> count > 0
          ? tiles8x3(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
              initStart, initStep, c, cStart, cStep, last)
          : tiles1x3(rows, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
              initStart, initStep, c, cStart, cStep, last);
      case 2 -> count == 0
          ? tiles1x2(rows, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
              initStart, initStep, c, cStart, cStep, last)
          : LANES == 8
              ? tiles6x2(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                  initStart, initStep, c, cStart, cStep, last)
              : tall == 12
                  ? tiles12x2(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                      initStart, initStep, c, cStart, cStep, last)
                  : tiles8x2(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                      initStart, initStep, c, cStart, cStep, last);
      case 1 -> count > 0
          ? tiles12x1(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
              initStart, initStep, c, cStart, cStep)
          : rows >= 4
              ? tiles4x1(rows / 4, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                  initStart, initStep, c, cStart, cStep)
              : tiles1x1(rows, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump, init,
                  initStart, initStep, c, cStart, cStep);
      default -> throw new IllegalArgumentException("a block of " + vectors + " vectors");
    };
  }

  private static int tiles6x4(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    int seen = 0;
    int step = aInnerStep == 1 ? 6 : 0;
    for (int tile = 0; tile < count; tile++) {
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
      FloatVector c5a = FloatVector.zero(SPECIES);
      FloatVector c5b = FloatVector.zero(SPECIES);
      FloatVector c5c = FloatVector.zero(SPECIES);
      FloatVector c5d = FloatVector.zero(SPECIES);
      int p = from;
      long next = from + 6L * aRowStep;
      boolean isThere = next + (long) step * inner * runs < a.length;
      int ahead = isThere ? (int) next : from;
      int stride = isThere ? step : 0;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
        x = broadcast(SPECIES, a[p + 5 * aRowStep]);
        c5a = x.fma(ba, c5a);
        c5b = x.fma(bb, c5b);
        c5c = x.fma(bc, c5c);
        c5d = x.fma(bd, c5d);
        seen |= Float.floatToRawIntBits(a[ahead]);
        ahead += stride;
        p += aInnerStep;
        q += bStep;
      }
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + LANES));
      c0c = c0c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c0d = c0d.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + LANES);
      c0c.intoArray(c, to + 2 * LANES);
      c0d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1b = c1b.add(fromArray(SPECIES, init, start + LANES));
      c1c = c1c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c1d = c1d.add(fromArray(SPECIES, init, start + last));
      c1a.intoArray(c, to);
      c1b.intoArray(c, to + LANES);
      c1c.intoArray(c, to + 2 * LANES);
      c1d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2b = c2b.add(fromArray(SPECIES, init, start + LANES));
      c2c = c2c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c2d = c2d.add(fromArray(SPECIES, init, start + last));
      c2a.intoArray(c, to);
      c2b.intoArray(c, to + LANES);
      c2c.intoArray(c, to + 2 * LANES);
      c2d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3b = c3b.add(fromArray(SPECIES, init, start + LANES));
      c3c = c3c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c3d = c3d.add(fromArray(SPECIES, init, start + last));
      c3a.intoArray(c, to);
      c3b.intoArray(c, to + LANES);
      c3c.intoArray(c, to + 2 * LANES);
      c3d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c4a = c4a.add(fromArray(SPECIES, init, start));
      c4b = c4b.add(fromArray(SPECIES, init, start + LANES));
      c4c = c4c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c4d = c4d.add(fromArray(SPECIES, init, start + last));
      c4a.intoArray(c, to);
      c4b.intoArray(c, to + LANES);
      c4c.intoArray(c, to + 2 * LANES);
      c4d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c5a = c5a.add(fromArray(SPECIES, init, start));
      c5b = c5b.add(fromArray(SPECIES, init, start + LANES));
      c5c = c5c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c5d = c5d.add(fromArray(SPECIES, init, start + last));
      c5a.intoArray(c, to);
      c5b.intoArray(c, to + LANES);
      c5c.intoArray(c, to + 2 * LANES);
      c5d.intoArray(c, to + last);
      from += 6 * aRowStep;
      start += initStep;
      to += cStep;
    }
    Lanes.keep(seen);
    return 6 * count;
  }

  private static int tiles4x4(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
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
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + LANES));
      c0c = c0c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c0d = c0d.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + LANES);
      c0c.intoArray(c, to + 2 * LANES);
      c0d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1b = c1b.add(fromArray(SPECIES, init, start + LANES));
      c1c = c1c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c1d = c1d.add(fromArray(SPECIES, init, start + last));
      c1a.intoArray(c, to);
      c1b.intoArray(c, to + LANES);
      c1c.intoArray(c, to + 2 * LANES);
      c1d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2b = c2b.add(fromArray(SPECIES, init, start + LANES));
      c2c = c2c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c2d = c2d.add(fromArray(SPECIES, init, start + last));
      c2a.intoArray(c, to);
      c2b.intoArray(c, to + LANES);
      c2c.intoArray(c, to + 2 * LANES);
      c2d.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3b = c3b.add(fromArray(SPECIES, init, start + LANES));
      c3c = c3c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c3d = c3d.add(fromArray(SPECIES, init, start + last));
      c3a.intoArray(c, to);
      c3b.intoArray(c, to + LANES);
      c3c.intoArray(c, to + 2 * LANES);
      c3d.intoArray(c, to + last);
      from += 4 * aRowStep;
      start += initStep;
      to += cStep;
    }
    return 4 * count;
  }

  private static int tiles1x4(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
      FloatVector c0a = FloatVector.zero(SPECIES);
      FloatVector c0b = FloatVector.zero(SPECIES);
      FloatVector c0c = FloatVector.zero(SPECIES);
      FloatVector c0d = FloatVector.zero(SPECIES);
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + LANES));
      c0c = c0c.add(fromArray(SPECIES, init, start + 2 * LANES));
      c0d = c0d.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + LANES);
      c0c.intoArray(c, to + 2 * LANES);
      c0d.intoArray(c, to + last);
      from += aRowStep;
      start += initStep;
      to += cStep;
    }
    return count;
  }

  private static int tiles8x3(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    int seen = 0;
    int step = aInnerStep == 1 ? 8 : 0;
    for (int tile = 0; tile < count; tile++) {
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
      int p = from;
      long next = from + 8L * aRowStep;
      boolean isThere = next + (long) step * inner * runs < a.length;
      int ahead = isThere ? (int) next : from;
      int stride = isThere ? step : 0;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
        seen |= Float.floatToRawIntBits(a[ahead]);
        ahead += stride;
        p += aInnerStep;
        q += bStep;
      }
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + LANES));
      c0c = c0c.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + LANES);
      c0c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1b = c1b.add(fromArray(SPECIES, init, start + LANES));
      c1c = c1c.add(fromArray(SPECIES, init, start + last));
      c1a.intoArray(c, to);
      c1b.intoArray(c, to + LANES);
      c1c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2b = c2b.add(fromArray(SPECIES, init, start + LANES));
      c2c = c2c.add(fromArray(SPECIES, init, start + last));
      c2a.intoArray(c, to);
      c2b.intoArray(c, to + LANES);
      c2c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3b = c3b.add(fromArray(SPECIES, init, start + LANES));
      c3c = c3c.add(fromArray(SPECIES, init, start + last));
      c3a.intoArray(c, to);
      c3b.intoArray(c, to + LANES);
      c3c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c4a = c4a.add(fromArray(SPECIES, init, start));
      c4b = c4b.add(fromArray(SPECIES, init, start + LANES));
      c4c = c4c.add(fromArray(SPECIES, init, start + last));
      c4a.intoArray(c, to);
      c4b.intoArray(c, to + LANES);
      c4c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c5a = c5a.add(fromArray(SPECIES, init, start));
      c5b = c5b.add(fromArray(SPECIES, init, start + LANES));
      c5c = c5c.add(fromArray(SPECIES, init, start + last));
      c5a.intoArray(c, to);
      c5b.intoArray(c, to + LANES);
      c5c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c6a = c6a.add(fromArray(SPECIES, init, start));
      c6b = c6b.add(fromArray(SPECIES, init, start + LANES));
      c6c = c6c.add(fromArray(SPECIES, init, start + last));
      c6a.intoArray(c, to);
      c6b.intoArray(c, to + LANES);
      c6c.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c7a = c7a.add(fromArray(SPECIES, init, start));
      c7b = c7b.add(fromArray(SPECIES, init, start + LANES));
      c7c = c7c.add(fromArray(SPECIES, init, start + last));
      c7a.intoArray(c, to);
      c7b.intoArray(c, to + LANES);
      c7c.intoArray(c, to + last);
      from += 8 * aRowStep;
      start += initStep;
      to += cStep;
    }
    Lanes.keep(seen);
    return 8 * count;
  }

  private static int tiles1x3(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
      FloatVector c0a = FloatVector.zero(SPECIES);
      FloatVector c0b = FloatVector.zero(SPECIES);
      FloatVector c0c = FloatVector.zero(SPECIES);
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + LANES));
      c0c = c0c.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + LANES);
      c0c.intoArray(c, to + last);
      from += aRowStep;
      start += initStep;
      to += cStep;
    }
    return count;
  }

  private static int tiles12x2(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    int seen = 0;
    int step = aInnerStep == 1 ? 12 : 0;
    for (int tile = 0; tile < count; tile++) {
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
      FloatVector c8a = FloatVector.zero(SPECIES);
      FloatVector c8b = FloatVector.zero(SPECIES);
      FloatVector c9a = FloatVector.zero(SPECIES);
      FloatVector c9b = FloatVector.zero(SPECIES);
      FloatVector c10a = FloatVector.zero(SPECIES);
      FloatVector c10b = FloatVector.zero(SPECIES);
      FloatVector c11a = FloatVector.zero(SPECIES);
      FloatVector c11b = FloatVector.zero(SPECIES);
      int p = from;
      long next = from + 12L * aRowStep;
      boolean isThere = next + (long) step * inner * runs < a.length;
      int ahead = isThere ? (int) next : from;
      int stride = isThere ? step : 0;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
        x = broadcast(SPECIES, a[p + 8 * aRowStep]);
        c8a = x.fma(ba, c8a);
        c8b = x.fma(bb, c8b);
        x = broadcast(SPECIES, a[p + 9 * aRowStep]);
        c9a = x.fma(ba, c9a);
        c9b = x.fma(bb, c9b);
        x = broadcast(SPECIES, a[p + 10 * aRowStep]);
        c10a = x.fma(ba, c10a);
        c10b = x.fma(bb, c10b);
        x = broadcast(SPECIES, a[p + 11 * aRowStep]);
        c11a = x.fma(ba, c11a);
        c11b = x.fma(bb, c11b);
        seen |= Float.floatToRawIntBits(a[ahead]);
        ahead += stride;
        p += aInnerStep;
        q += bStep;
      }
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1b = c1b.add(fromArray(SPECIES, init, start + last));
      c1a.intoArray(c, to);
      c1b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2b = c2b.add(fromArray(SPECIES, init, start + last));
      c2a.intoArray(c, to);
      c2b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3b = c3b.add(fromArray(SPECIES, init, start + last));
      c3a.intoArray(c, to);
      c3b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c4a = c4a.add(fromArray(SPECIES, init, start));
      c4b = c4b.add(fromArray(SPECIES, init, start + last));
      c4a.intoArray(c, to);
      c4b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c5a = c5a.add(fromArray(SPECIES, init, start));
      c5b = c5b.add(fromArray(SPECIES, init, start + last));
      c5a.intoArray(c, to);
      c5b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c6a = c6a.add(fromArray(SPECIES, init, start));
      c6b = c6b.add(fromArray(SPECIES, init, start + last));
      c6a.intoArray(c, to);
      c6b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c7a = c7a.add(fromArray(SPECIES, init, start));
      c7b = c7b.add(fromArray(SPECIES, init, start + last));
      c7a.intoArray(c, to);
      c7b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c8a = c8a.add(fromArray(SPECIES, init, start));
      c8b = c8b.add(fromArray(SPECIES, init, start + last));
      c8a.intoArray(c, to);
      c8b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c9a = c9a.add(fromArray(SPECIES, init, start));
      c9b = c9b.add(fromArray(SPECIES, init, start + last));
      c9a.intoArray(c, to);
      c9b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c10a = c10a.add(fromArray(SPECIES, init, start));
      c10b = c10b.add(fromArray(SPECIES, init, start + last));
      c10a.intoArray(c, to);
      c10b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c11a = c11a.add(fromArray(SPECIES, init, start));
      c11b = c11b.add(fromArray(SPECIES, init, start + last));
      c11a.intoArray(c, to);
      c11b.intoArray(c, to + last);
      from += 12 * aRowStep;
      start += initStep;
      to += cStep;
    }
    Lanes.keep(seen);
    return 12 * count;
  }

  private static int tiles8x2(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
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
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1b = c1b.add(fromArray(SPECIES, init, start + last));
      c1a.intoArray(c, to);
      c1b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2b = c2b.add(fromArray(SPECIES, init, start + last));
      c2a.intoArray(c, to);
      c2b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3b = c3b.add(fromArray(SPECIES, init, start + last));
      c3a.intoArray(c, to);
      c3b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c4a = c4a.add(fromArray(SPECIES, init, start));
      c4b = c4b.add(fromArray(SPECIES, init, start + last));
      c4a.intoArray(c, to);
      c4b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c5a = c5a.add(fromArray(SPECIES, init, start));
      c5b = c5b.add(fromArray(SPECIES, init, start + last));
      c5a.intoArray(c, to);
      c5b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c6a = c6a.add(fromArray(SPECIES, init, start));
      c6b = c6b.add(fromArray(SPECIES, init, start + last));
      c6a.intoArray(c, to);
      c6b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c7a = c7a.add(fromArray(SPECIES, init, start));
      c7b = c7b.add(fromArray(SPECIES, init, start + last));
      c7a.intoArray(c, to);
      c7b.intoArray(c, to + last);
      from += 8 * aRowStep;
      start += initStep;
      to += cStep;
    }
    return 8 * count;
  }

  private static int tiles6x2(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
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
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1b = c1b.add(fromArray(SPECIES, init, start + last));
      c1a.intoArray(c, to);
      c1b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2b = c2b.add(fromArray(SPECIES, init, start + last));
      c2a.intoArray(c, to);
      c2b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3b = c3b.add(fromArray(SPECIES, init, start + last));
      c3a.intoArray(c, to);
      c3b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c4a = c4a.add(fromArray(SPECIES, init, start));
      c4b = c4b.add(fromArray(SPECIES, init, start + last));
      c4a.intoArray(c, to);
      c4b.intoArray(c, to + last);
      start += initStep;
      to += cStep;
      c5a = c5a.add(fromArray(SPECIES, init, start));
      c5b = c5b.add(fromArray(SPECIES, init, start + last));
      c5a.intoArray(c, to);
      c5b.intoArray(c, to + last);
      from += 6 * aRowStep;
      start += initStep;
      to += cStep;
    }
    return 6 * count;
  }

  private static int tiles1x2(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep,
      int last) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
      FloatVector c0a = FloatVector.zero(SPECIES);
      FloatVector c0b = FloatVector.zero(SPECIES);
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector bb = fromArray(SPECIES, b, q + LANES);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        c0b = x.fma(bb, c0b);
        p += aInnerStep;
        q += bStep;
      }
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0b = c0b.add(fromArray(SPECIES, init, start + last));
      c0a.intoArray(c, to);
      c0b.intoArray(c, to + last);
      from += aRowStep;
      start += initStep;
      to += cStep;
    }
    return count;
  }

  private static int tiles12x1(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
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
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c4a = c4a.add(fromArray(SPECIES, init, start));
      c4a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c5a = c5a.add(fromArray(SPECIES, init, start));
      c5a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c6a = c6a.add(fromArray(SPECIES, init, start));
      c6a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c7a = c7a.add(fromArray(SPECIES, init, start));
      c7a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c8a = c8a.add(fromArray(SPECIES, init, start));
      c8a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c9a = c9a.add(fromArray(SPECIES, init, start));
      c9a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c10a = c10a.add(fromArray(SPECIES, init, start));
      c10a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c11a = c11a.add(fromArray(SPECIES, init, start));
      c11a.intoArray(c, to);
      from += 12 * aRowStep;
      start += initStep;
      to += cStep;
    }
    return 12 * count;
  }

  private static int tiles4x1(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
      FloatVector c0a = FloatVector.zero(SPECIES);
      FloatVector c1a = FloatVector.zero(SPECIES);
      FloatVector c2a = FloatVector.zero(SPECIES);
      FloatVector c3a = FloatVector.zero(SPECIES);
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
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
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c1a = c1a.add(fromArray(SPECIES, init, start));
      c1a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c2a = c2a.add(fromArray(SPECIES, init, start));
      c2a.intoArray(c, to);
      start += initStep;
      to += cStep;
      c3a = c3a.add(fromArray(SPECIES, init, start));
      c3a.intoArray(c, to);
      from += 4 * aRowStep;
      start += initStep;
      to += cStep;
    }
    return 4 * count;
  }

  private static int tiles1x1(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b, int bStart,
      int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c, int cStart,
      int cStep) {
    int from = aStart;
    int start = initStart;
    int to = cStart;
    int terms = inner * runs;
    for (int tile = 0; tile < count; tile++) {
      FloatVector c0a = FloatVector.zero(SPECIES);
      int p = from;
      int q = bStart;
      int turn = inner;
      for (int k = 0; k < terms; k++) {
        if (k == turn) {
          p += jump;
          turn += inner;
        }
        FloatVector ba = fromArray(SPECIES, b, q);
        FloatVector x = broadcast(SPECIES, a[p]);
        c0a = x.fma(ba, c0a);
        p += aInnerStep;
        q += bStep;
      }
      c0a = c0a.add(fromArray(SPECIES, init, start));
      c0a.intoArray(c, to);
      from += aRowStep;
      start += initStep;
      to += cStep;
    }
    return count;
  }
}
