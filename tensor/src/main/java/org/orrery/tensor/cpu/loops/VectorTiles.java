package org.orrery.tensor.cpu.loops;

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
/// The tiles are unrolled when the project is built ([UnrolledTiles]): loops over registers are not kept in registers. The last vector of a block whose columns fill
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
    int height = height(vectors, rows);
    return UnrolledTiles.run(height, vectors, rows / height, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner,
        runs, jump, init, initStart, initStep, c, cStart, cStep, last);
  }

  private static int height(int vectors, int rows) {
    int tallest = tallest(vectors, rows);
    if (rows >= tallest) {
      return tallest;
    }
    return (vectors == 1 && rows >= 4) || (vectors == 4 && rows == 4) ? 4 : 1;
  }
}
