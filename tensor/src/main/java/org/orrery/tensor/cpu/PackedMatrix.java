package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.cpu.loops.ProductTiles;

/// The right factor b `[inner, columns]` of matrix products, packed once into panels `[panel][k][width]` of a few vectors
/// of columns. Whatever is a matrix product in the end multiplies by it:
///
/// ```java
/// PackedMatrix b = PackedMatrix.of(machine, values, start, rowStep, columnStep, inner, columns);
/// machine.parallel().forChunks(rows, chunk, (from, to) -> b.multiply(a, from * aRowStep, aRowStep, 1, to - from,
///     0, inner, bias, floor, c, from * cRowStep, cRowStep, false));
/// b.release();
/// ```
///
/// Rows of a may overlap and those of c may lie apart: an implicit convolution takes k from the contiguous taps of one
/// kernel row, a row step of stride times channels, and adds up over the kernel rows with `firstInner` running through
/// b. A call runs on the calling thread; the sum over k does not depend on how rows are shared out.
final class PackedMatrix {
  /// So many k run in registers, and that many rows of a panel stay in the first cache; their sums are added in order.
  static final int INNER_BLOCK = 128;
  /// So many k of several runs.
  private static final int RUNS_BLOCK = 2048;
  /// A cache line of each column at a time.
  private static final int TURN = 16;
  private static final float[] NOTHING = new float[0];

  private final Machine machine;
  private final ProductTiles tiles;
  private final int inner;
  private final int columns;
  /// Columns before this are read in place, the others from panels.
  private final int whole;
  private final float[] values;
  private final int start;
  private final int rowStep;
  private final float[] packed;

  private PackedMatrix(Machine machine, int inner, int columns, int whole, float[] values, int start, int rowStep,
      float[] packed) {
    this.machine = machine;
    this.tiles = machine.kernels().tiles();
    this.inner = inner;
    this.columns = columns;
    this.whole = whole;
    this.values = values;
    this.start = start;
    this.rowStep = rowStep;
    this.packed = packed;
  }

  /// Packs b, entry (k, j) of which is `values[start + k rowStep + j columnStep]`. To be released after use.
  static PackedMatrix of(Machine machine, float[] values, int start, int rowStep, int columnStep, int inner,
      int columns) {
    return of(machine, values, start, rowStep, columnStep, inner, columns, 0);
  }

  /// Likewise for products of few rows, which are not worth a copy of b: where its rows are contiguous, only columns that
  /// fill no vector are packed.
  static PackedMatrix inPlace(Machine machine, float[] values, int start, int rowStep, int columnStep, int inner,
      int columns) {
    int lanes = machine.kernels().tiles().lanes();
    return of(machine, values, start, rowStep, columnStep, inner, columns,
        columnStep == 1 ? columns / lanes * lanes : 0);
  }

  private static PackedMatrix of(Machine machine, float[] values, int start, int rowStep, int columnStep, int inner,
      int columns, int whole) {
    ProductTiles tiles = machine.kernels().tiles();
    int width = padded(tiles, columns) - whole;
    float[] packed = width == 0 ? NOTHING : machine.pool().take(inner * width);
    int panels = (width + tiles.widest() - 1) / tiles.widest();
    int blocks = (inner + INNER_BLOCK - 1) / INNER_BLOCK;
    int chunk = Math.max(1, (1 << 15) / (Math.clamp(inner, 1, INNER_BLOCK) * tiles.widest()));
    machine.parallel().forChunks(panels * blocks, chunk, (from, to) -> {
      for (int task = from; task < to; task++) {
        int j = task / blocks * tiles.widest();
        int k = task % blocks * INNER_BLOCK;
        int panelWidth = Math.min(tiles.widest(), width - j);
        int real = Math.min(panelWidth, columns - whole - j);
        int at = inner * j + k * panelWidth;
        int depth = Math.min(INNER_BLOCK, inner - k);
        int column = start + k * rowStep + (whole + j) * columnStep;
        pack(values, column, rowStep, columnStep, depth, real, packed, at, panelWidth);
        if (real < panelWidth && real >= tiles.lanes()) {
          turn(values, column + (real - tiles.lanes()) * columnStep, rowStep, columnStep, depth, tiles.lanes(), packed,
              at + panelWidth - tiles.lanes(), panelWidth);
        }
      }
    });
    return new PackedMatrix(machine, inner, columns, whole, values, start, rowStep, packed);
  }

  /// The columns of a matrix with zeros up to a whole vector.
  static int padded(ProductTiles tiles, int columns) {
    return (columns + tiles.lanes() - 1) / tiles.lanes() * tiles.lanes();
  }

  /// Writes `rows` rows of `width` numbers, `real` of them from a strided matrix and zeros after them.
  static void pack(float[] values, int from, int rowStep, int columnStep, int rows, int real, float[] packed, int at,
      int width) {
    if (columnStep == 1 && rowStep == width && real == width) {
      System.arraycopy(values, from, packed, at, rows * width);
    } else if (columnStep == 1) {
      for (int k = 0; k < rows; k++) {
        System.arraycopy(values, from + k * rowStep, packed, at + k * width, real);
      }
    } else {
      for (int k = 0; k < rows; k += TURN) {
        turn(values, from + k * rowStep, rowStep, columnStep, Math.min(TURN, rows - k), real, packed, at + k * width,
            width);
      }
    }
    if (real < width) {
      for (int k = 0; k < rows; k++) {
        Arrays.fill(packed, at + k * width + real, at + (k + 1) * width, 0f);
      }
    }
  }

  private static void turn(float[] values, int from, int rowStep, int columnStep, int rows, int columns,
      float[] packed, int at, int width) {
    for (int j = 0; j < columns; j++) {
      for (int k = 0; k < rows; k++) {
        packed[at + k * width + j] = values[from + k * rowStep + j * columnStep];
      }
    }
  }

  /// `c[cStart + i cStep + j]` = max(s, floor), s = `bias[j]` + the sum over k below `count` of
  /// `a[aStart + i aRowStep + k aInnerStep] b[firstInner + k, j]`, for i below `rows` and all columns j. NaN stays NaN.
  ///
  /// @param bias one number a column; an empty array for none
  /// @param floor -infinity for none
  /// @param accumulate whether s has what c held before in it, in the place of a bias
  void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, int firstInner, int count, float[] bias,
      float floor, float[] c, int cStart, int cStep, boolean accumulate) {
    multiply(a, aStart, aRowStep, aInnerStep, rows, firstInner, count, 0, columns, bias, floor, c, cStart, cStep,
        accumulate);
  }

  /// Likewise for the columns from `firstColumn`, a multiple of the widest tile, up to `endColumn`, another or the last.
  void multiply(float[] a, int aStart, int aRowStep, int aInnerStep, int rows, int firstInner, int count,
      int firstColumn, int endColumn, float[] bias, float floor, float[] c, int cStart, int cStep,
      boolean accumulate) {
    for (int k = 0; k < count; k += INNER_BLOCK) {
      int depth = Math.min(INNER_BLOCK, count - k);
      boolean adds = accumulate || k > 0;
      float least = k + depth < count ? Float.NEGATIVE_INFINITY : floor;
      int width;
      for (int j = firstColumn; j < endColumn; j += width) {
        boolean here = j < whole;
        width = Math.min(tiles.widest(), padded(tiles, (here ? Math.min(whole, endColumn) : endColumn) - j));
        int real = Math.min(width, columns - j);
        boolean isNarrow = real < tiles.lanes() && bias.length > 0;
        float[] init = adds ? c : bias.length == 0 ? tiles.zeros() : isNarrow ? padded(bias, j, real, width) : bias;
        int initStart = adds ? cStart + j : bias.length == 0 || isNarrow ? 0 : j;
        tiles.multiply(a, aStart + k * aInnerStep, aRowStep, aInnerStep, rows, here ? values : packed,
            here ? start + (firstInner + k) * rowStep + j : inner * (j - whole) + (firstInner + k) * width,
            here ? rowStep : width, depth, 1, 0, width, init, initStart, adds ? cStep : 0, least, c, cStart + j, cStep,
            real);
      }
    }
  }

  /// Likewise for k in `runs` runs of `count` each, run r at `aStart + r runStep` and k after k in it: the kernel
  /// rows of a convolution. The columns must fill vectors, and so must the bias.
  void multiplyRuns(float[] a, int aStart, int aRowStep, int rows, int firstInner, int count, int runs, int runStep,
      float[] bias, float floor, float[] c, int cStart, int cStep, boolean accumulate) {
    int atOnce = runsAtOnce(count);
    for (int r = 0; r < runs; r += atOnce) {
      boolean adds = accumulate || r > 0;
      int width;
      for (int j = 0; j < columns; j += width) {
        width = Math.min(tiles.widest(), columns - j);
        float[] init = adds ? c : bias.length == 0 ? tiles.zeros() : bias;
        int initStart = adds ? cStart + j : bias.length == 0 ? 0 : j;
        tiles.multiply(a, aStart + r * runStep, aRowStep, 1, rows, packed,
            inner * j + (firstInner + r * count) * width, width, count, Math.min(atOnce, runs - r), runStep, width,
            init,
            initStart, adds ? cStep : 0, r + atOnce < runs ? Float.NEGATIVE_INFINITY : floor, c, cStart + j, cStep,
            width);
      }
    }
  }

  /// How many runs of so many k are summed before they are written.
  static int runsAtOnce(int count) {
    return Math.max(1, RUNS_BLOCK / count);
  }

  private static float[] padded(float[] bias, int from, int real, int width) {
    return Arrays.copyOf(Arrays.copyOfRange(bias, from, from + real), width);
  }

  /// Gives the memory of the panels back.
  void release() {
    machine.pool().give(packed);
  }
}
