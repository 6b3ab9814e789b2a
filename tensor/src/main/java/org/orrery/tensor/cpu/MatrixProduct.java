package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Product;

/// c[i, j] = sum_k a[i, k] b[k, j]. The way is chosen by the sizes alone:
///
/// - few columns: a dot product for each result, which streams through a once;
/// - few results from many k, as in a weight gradient: slabs of k, each with an accumulator of its own, added in order;
/// - else b is packed once into panels `[panel][k][width]` and blocks of rows of a, read in place, run over them.
///
/// The sum over k runs in blocks of [#INNER_BLOCK], each ascending, added in order: it does not depend on how rows and
/// columns are shared out.
final class MatrixProduct {
  private static final int INNER_BLOCK = 1024;
  private static final int SLAB_BLOCK = 256;
  private static final int LEAST_SLAB = 2048;
  private static final int MOST_SLABS = 32;
  private static final int MOST_SLAB_RESULTS = 1 << 16;
  private static final int ROW_GROUP = 24;
  private static final int MOST_ROWS = 960;
  private static final long CHUNK_WORK = 1 << 22;
  private static final int FEW_ROWS = 16;
  private static final int DOT_BLOCK = 1024;

  private final Machine machine;
  private final ProductTiles tiles;
  private final Matrix a;
  private final Matrix b;
  private final int rows;
  private final int inner;
  private final int columns;
  private final float[] c;
  private final int cStart;

  /// Entry (i, j) of a stored matrix is values[start + i rowStep + j columnStep].
  @SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
  private record Matrix(float[] values, int start, int rowStep, int columnStep) {
    Matrix transposed() {
      return new Matrix(values, start, columnStep, rowStep);
    }
  }

  private MatrixProduct(Machine machine, Matrix a, Matrix b, int rows, int inner, int columns, float[] c, int cStart) {
    this.machine = machine;
    this.tiles = machine.kernels().tiles();
    this.a = a;
    this.b = b;
    this.rows = rows;
    this.inner = inner;
    this.columns = columns;
    this.c = c;
    this.cStart = cStart;
  }

  static void run(Machine machine, Product sizes, float[] a, float[] b, float @Nullable [] bias, float[] c) {
    int results = sizes.rows() * sizes.columns();
    if (sizes.batch() == 0 || results == 0) {
      return;
    }
    if (sizes.inner() == 0) {
      Arrays.fill(c, 0, sizes.batch() * results, 0f);
    } else if (sizes.aBatched() && !sizes.bBatched() && !sizes.transposeA()) {
      one(machine, sizes, sizes.batch() * sizes.rows(), a, 0, b, 0, c, 0);
    } else {
      batch(machine, sizes, a, b, c);
    }
    if (bias != null) {
      addBias(machine, c, sizes.batch() * sizes.rows(), bias, sizes.columns());
    }
  }

  private static void batch(Machine machine, Product sizes, float[] a, float[] b, float[] c) {
    int aSize = sizes.aBatched() ? sizes.rows() * sizes.inner() : 0;
    int bSize = sizes.bBatched() ? sizes.inner() * sizes.columns() : 0;
    int cSize = sizes.rows() * sizes.columns();
    long work = (long) cSize * sizes.inner();
    int perChunk = (int) Math.max(1, (CHUNK_WORK >> 4) / work);
    Parallel.Body products = (from, to) -> {
      for (int n = from; n < to; n++) {
        one(machine, sizes, sizes.rows(), a, n * aSize, b, n * bSize, c, n * cSize);
      }
    };
    if (work > 8 * CHUNK_WORK) {
      products.run(0, sizes.batch()); // each is large enough for all threads
    } else {
      machine.parallel().forChunks(sizes.batch(), perChunk, products);
    }
  }

  private static void one(Machine machine, Product sizes, int rows, float[] a, int aStart, float[] b, int bStart,
      float[] c, int cStart) {
    Matrix left = sizes.transposeA()
        ? new Matrix(a, aStart, 1, rows)
        : new Matrix(a, aStart, sizes.inner(), 1);
    Matrix right = sizes.transposeB()
        ? new Matrix(b, bStart, 1, sizes.inner())
        : new Matrix(b, bStart, sizes.columns(), 1);
    new MatrixProduct(machine, left, right, rows, sizes.inner(), sizes.columns(), c, cStart).run();
  }

  private static void addBias(Machine machine, float[] c, int rows, float[] bias, int columns) {
    ElementwiseLoops loops = machine.kernels().elementwise();
    machine.parallel().forChunks(rows, Math.max(1, (1 << 16) / columns), (from, to) -> {
      for (int i = from; i < to; i++) {
        loops.binary(Binary.ADD, c, i * columns, bias, 0, c, i * columns, columns);
      }
    });
  }

  private void run() {
    boolean narrow = 2 * columns <= tiles.lanes();
    if (narrow && a.columnStep == 1 && (inner >= tiles.lanes() || columns == 1)) {
      dots();
    } else if (columns < tiles.lanes() && rows > columns && a.columnStep != 1) {
      transposed();
    } else if (inner >= 2 * LEAST_SLAB && inner / 8 >= Math.max(rows, columns)
        && (long) rows * columns <= MOST_SLAB_RESULTS) {
      slabs();
    } else {
      panels();
    }
  }

  /// c[i, j] as a dot product of row i of a and column j of b.
  private void dots() {
    float[] packed = b.rowStep == 1 ? null : machine.pool().take(inner * columns);
    if (packed != null) {
      for (int k = 0; k < inner; k++) {
        for (int j = 0; j < columns; j++) {
          packed[j * inner + k] = b.values[b.start + k * b.rowStep + j * b.columnStep];
        }
      }
    }
    float[] right = packed == null ? b.values : packed;
    int start = packed == null ? b.start : 0;
    int step = packed == null ? b.columnStep : inner;
    int chunk = (int) Math.max(1, (1 << 18) / ((long) inner * columns));
    machine.parallel().forChunks(rows, chunk, (from, to) -> {
      for (int i = from; i < to; i++) {
        for (int j = 0; j < columns; j++) {
          c[cStart + i * columns + j] = dot(a.values, a.start + i * a.rowStep, right, start + j * step);
        }
      }
    });
    if (packed != null) {
      machine.pool().give(packed);
    }
  }

  private float dot(float[] x, int xAt, float[] y, int yAt) {
    RunReductions runs = machine.kernels().runs();
    if (inner <= DOT_BLOCK) {
      return runs.dot(x, xAt, y, yAt, inner);
    }
    double sum = 0;
    for (int k = 0; k < inner; k += DOT_BLOCK) {
      sum += runs.dot(x, xAt + k, y, yAt + k, Math.min(DOT_BLOCK, inner - k));
    }
    return (float) sum;
  }

  /// c^T = b^T a^T: the long side becomes the columns.
  private void transposed() {
    float[] turned = machine.pool().take(rows * columns);
    new MatrixProduct(machine, b.transposed(), a.transposed(), columns, inner, rows, turned, 0).run();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        c[cStart + i * columns + j] = turned[j * rows + i];
      }
    }
    machine.pool().give(turned);
  }

  private int padded() {
    return (columns + tiles.lanes() - 1) / tiles.lanes() * tiles.lanes();
  }

  /// Slabs of k, each summed into an accumulator of its own.
  private void slabs() {
    int padded = padded();
    int slab = Math.max(LEAST_SLAB, (inner + MOST_SLABS * SLAB_BLOCK - 1) / (MOST_SLABS * SLAB_BLOCK) * SLAB_BLOCK);
    int count = (inner + slab - 1) / slab;
    float[][] sums = new float[count][];
    machine.parallel().forChunks(inner, slab, (from, to) -> {
      float[] sum = machine.pool().take(rows * padded);
      float[] packed = machine.pool().take(SLAB_BLOCK * padded);
      for (int k = from; k < to; k += SLAB_BLOCK) {
        int block = Math.min(SLAB_BLOCK, to - k);
        for (int j = 0; j < padded; j += tiles.widest()) {
          int width = Math.min(tiles.widest(), padded - j);
          pack(k, block, j, width, packed, j * block);
          tiles.multiply(a.values, a.start + k * a.columnStep, a.rowStep, a.columnStep, rows, packed, j * block, width,
              block, width, sum, j, padded, k > from);
        }
      }
      machine.pool().give(packed);
      sums[from / slab] = sum;
    });
    ElementwiseLoops loops = machine.kernels().elementwise();
    for (int s = 1; s < count; s++) {
      loops.binary(Binary.ADD, sums[0], 0, sums[s], 0, sums[0], 0, rows * padded);
      machine.pool().give(sums[s]);
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(sums[0], i * padded, c, cStart + i * columns, columns);
    }
    machine.pool().give(sums[0]);
  }

  /// Entries (k, j) of b for k from `firstRow` and j from `firstColumn` as rows of `width` numbers; zeros where b ends.
  private void pack(int firstRow, int count, int firstColumn, int width, float[] packed, int at) {
    int real = Math.min(width, columns - firstColumn);
    int from = b.start + firstRow * b.rowStep + firstColumn * b.columnStep;
    if (b.columnStep == 1) {
      for (int k = 0; k < count; k++) {
        System.arraycopy(b.values, from + k * b.rowStep, packed, at + k * width, real);
      }
    } else {
      for (int j = 0; j < real; j++) {
        for (int k = 0; k < count; k++) {
          packed[at + k * width + j] = b.values[from + k * b.rowStep + j * b.columnStep];
        }
      }
    }
    if (real < width) {
      for (int k = 0; k < count; k++) {
        Arrays.fill(packed, at + k * width + real, at + (k + 1) * width, 0f);
      }
    }
  }

  private void panels() {
    int padded = padded();
    int whole = rows <= FEW_ROWS && b.columnStep == 1 ? columns / tiles.lanes() * tiles.lanes() : 0;
    float[] packed = whole == padded ? b.values : packAll(whole, padded);
    int rowChunk = rowChunk();
    int rowChunks = (rows + rowChunk - 1) / rowChunk;
    int columnChunk = rowChunks >= 16 ? padded : columnChunk(padded, rowChunk);
    int columnChunks = (padded + columnChunk - 1) / columnChunk;
    machine.parallel().forChunks(rowChunks * columnChunks, 1, (from, to) -> {
      for (int task = from; task < to; task++) {
        int row = task / columnChunks * rowChunk;
        int column = task % columnChunks * columnChunk;
        int end = Math.min(padded, column + columnChunk);
        for (int k = 0; k < inner; k += INNER_BLOCK) {
          block(row, Math.min(rowChunk, rows - row), column, end, k, whole, padded, packed);
        }
      }
    });
    if (whole < padded) {
      machine.pool().give(packed);
    }
  }

  private int rowChunk() {
    long wanted = CHUNK_WORK / ((long) inner * columns) / ROW_GROUP * ROW_GROUP;
    return (int) Math.max(ROW_GROUP, Math.min(MOST_ROWS, wanted));
  }

  /// So many panels that a chunk is worth a thread.
  private int columnChunk(int padded, int rowChunk) {
    long panelWork = (long) Math.min(rows, rowChunk) * inner * tiles.widest();
    long panels = Math.max(1, (CHUNK_WORK >> 3) / panelWork);
    return (int) Math.min(padded, panels * tiles.widest());
  }

  /// The columns from `whole` on of b, panel after panel within each block of k.
  private float[] packAll(int whole, int padded) {
    int width = padded - whole;
    float[] packed = machine.pool().take(inner * width);
    int panels = (width + tiles.widest() - 1) / tiles.widest();
    int blocks = (inner + INNER_BLOCK - 1) / INNER_BLOCK;
    int panelsPerChunk = Math.max(1, (1 << 15) / (Math.min(inner, INNER_BLOCK) * tiles.widest()));
    machine.parallel().forChunks(panels * blocks, panelsPerChunk, (from, to) -> {
      for (int task = from; task < to; task++) {
        int k = task / panels * INNER_BLOCK;
        int j = task % panels * tiles.widest();
        int count = Math.min(INNER_BLOCK, inner - k);
        pack(k, count, whole + j, Math.min(tiles.widest(), width - j), packed, k * width + j * count);
      }
    });
    return packed;
  }

  /// Adds the products over one block of k to a block of results. Columns below `whole` are read from b in place.
  private void block(int row, int count, int column, int end, int k, int whole, int padded, float[] packed) {
    int depth = Math.min(INNER_BLOCK, inner - k);
    int aAt = a.start + row * a.rowStep + k * a.columnStep;
    int cAt = cStart + row * columns;
    int width;
    for (int j = column; j < end; j += width) {
      boolean inPlace = j < whole;
      width = Math.min(tiles.widest(), Math.min(end, inPlace ? whole : end) - j);
      float[] right = inPlace ? b.values : packed;
      int bAt = inPlace ? b.start + k * b.rowStep + j : k * (padded - whole) + (j - whole) * depth;
      int bStep = inPlace ? b.rowStep : width;
      if (j + width <= columns) {
        tiles.multiply(a.values, aAt, a.rowStep, a.columnStep, count, right, bAt, bStep, depth, width, c, cAt + j,
            columns, k > 0);
      } else {
        ragged(aAt, count, right, bAt, bStep, depth, width, cAt + j, columns - j, k > 0);
      }
    }
  }

  /// The last panel, wider than what is left of c: through a small block of results.
  private void ragged(int aAt, int count, float[] right, int bAt, int bStep, int depth, int width, int cAt, int real,
      boolean accumulate) {
    float[] results = new float[Math.min(count, ROW_GROUP) * width];
    for (int first = 0; first < count; first += ROW_GROUP) {
      int group = Math.min(ROW_GROUP, count - first);
      for (int i = 0; accumulate && i < group; i++) {
        System.arraycopy(c, cAt + (first + i) * columns, results, i * width, real);
      }
      tiles.multiply(a.values, aAt + first * a.rowStep, a.rowStep, a.columnStep, group, right, bAt, bStep, depth, width,
          results, 0, width, accumulate);
      for (int i = 0; i < group; i++) {
        System.arraycopy(results, i * width, c, cAt + (first + i) * columns, real);
      }
    }
  }
}
