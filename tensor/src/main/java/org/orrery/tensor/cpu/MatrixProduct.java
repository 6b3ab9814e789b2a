package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;
import org.orrery.tensor.cpu.loops.ProductTiles;
import org.orrery.tensor.cpu.loops.RunReductions;

/// c[i, j] = sum_k a[i, k] b[k, j]. The way is chosen by the sizes alone:
///
/// - one or two columns: a dot product for each result, which streams through a once;
/// - few results from many k, as in a weight gradient: slabs of k, each with an accumulator of its own, added in order;
/// - else b is packed once into panels and blocks of rows of a run over them, see [PackedMatrix].
///
/// The sum over k does not depend on how rows and columns are shared out.
final class MatrixProduct {
  private static final int LEAST_SLAB = 1024;
  private static final int LEAST_BLOCK = 96;
  private static final int MOST_BLOCK = 256;
  private static final int LINE = 16;
  private static final int FIRST_CACHES = 1 << 14;
  private static final int MOST_SLABS = 32;
  private static final int MOST_SLAB_RESULTS = 1 << 16;
  /// So many results of slabs are worth a thread when they are added up.
  private static final int SUM_WORK = 1 << 13;
  private static final int ROW_GROUP = 24;
  private static final int MOST_ROWS = 960;
  private static final int FEW_CHUNKS = 32;
  /// The number of blocks of rows is a multiple of this.
  private static final int SHARED = 4;
  private static final long CHUNK_WORK = 1 << 20;
  /// So much of a stays in the second cache while panels of b pass by.
  private static final long LEFT_BLOCK = 1 << 17;
  /// Rows of b up to this many columns are read where they lie; panels of wider ones, 512 bytes and more apart, crowd into a part
  /// of the first cache.
  private static final int MOST_IN_PLACE = 112;
  private static final int FEW_ROWS = 16;
  private static final int DOT_BLOCK = 1024;
  /// So many results stay in the first cache, or the second, until they meet their slopes.
  private static final int SLOPE_BLOCK = 1 << 13;
  private static final float[] NOTHING = new float[0];

  private final Machine machine;
  private final ProductTiles tiles;
  private final Matrix a;
  private final Matrix b;
  private final int rows;
  private final int inner;
  private final int columns;
  private final float[] c;
  private final int cStart;
  private final Epilogue ending;
  /// Whether the product is added to what c holds.
  private final boolean accumulate;

  /// Entry (i, j) of a stored matrix is values[start + i rowStep + j columnStep].
  @SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
  private record Matrix(float[] values, int start, int rowStep, int columnStep) {
    Matrix transposed() {
      return new Matrix(values, start, columnStep, rowStep);
    }
  }

  private MatrixProduct(Machine machine, Matrix a, Matrix b, int rows, int inner, int columns, float[] c, int cStart,
      Epilogue ending, boolean accumulate) {
    this.machine = machine;
    this.tiles = machine.kernels().tiles();
    this.a = a;
    this.b = b;
    this.rows = rows;
    this.inner = inner;
    this.columns = columns;
    this.c = c;
    this.cStart = cStart;
    this.ending = ending;
    this.accumulate = accumulate;
  }

  static void run(Machine machine, Product sizes, float[] a, float[] b, Epilogue ending, float[] c) {
    int results = sizes.rows() * sizes.columns();
    if (sizes.batch() == 0 || results == 0) {
      return;
    }
    if (sizes.inner() == 0) {
      Arrays.fill(c, 0, sizes.batch() * results, 0f);
      ending.run(machine, c, 0, sizes.batch() * sizes.rows(), sizes.columns());
    } else if (sizes.aBatched() && !sizes.bBatched() && !sizes.transposeA()) {
      one(machine, sizes, sizes.batch() * sizes.rows(), a, 0, b, 0, c, 0, ending);
    } else {
      batch(machine, sizes, a, b, c, ending);
    }
  }

  /// c = f(c + a b), where the product is not batched; the ending has no bias.
  static void add(Machine machine, Product sizes, float[] a, float[] b, Epilogue ending, float[] c) {
    if (sizes.rows() * sizes.columns() == 0) {
      return;
    }
    if (sizes.inner() == 0) {
      ending.run(machine, c, 0, sizes.rows(), sizes.columns());
    } else {
      of(machine, sizes, sizes.rows(), a, 0, b, 0, c, 0, ending, true).run();
    }
  }

  /// `y[i, j] = c[i, j] f'(y[i, j])` for the product c, with its bits; a block of rows at a time where there are enough for threads.
  static void timesSlope(Machine machine, Product sizes, float[] a, float[] b, Unary function, float alpha, float[] y) {
    MatrixProduct product = of(machine, sizes, sizes.rows(), a, 0, b, 0, y, 0, Epilogue.NONE, false);
    int results = sizes.rows() * sizes.columns();
    boolean hasBlocks = sizes.rows() >= SHARED * ROW_GROUP && sizes.inner() > 0 && sizes.columns() > 0;
    if (hasBlocks && !product.isOfDots() && !product.isOfSlabs()) {
      product.blocksTimesSlope(function, alpha);
      return;
    }
    float[] c = machine.pool().take(results);
    run(machine, sizes, a, b, Epilogue.NONE, c);
    machine.parallel().forChunks(results, 1 << 16,
        (from, to) -> machine.kernels().elementwise().unaryGradient(function, alpha, y, y, c, y, from, to));
    machine.pool().give(c);
  }

  /// Blocks of rows are made aside, for the slopes come from what c held.
  private void blocksTimesSlope(Unary function, float alpha) {
    PackedMatrix right = PackedMatrix.of(machine, b.values, b.start, b.rowStep, b.columnStep, inner, columns);
    int height = Math.max(1, SLOPE_BLOCK / columns / ROW_GROUP) * ROW_GROUP;
    machine.parallel().forChunks(rows, Math.max(height, rowChunk()), (from, to) -> {
      float[] block = machine.pool().take(Math.min(height, to - from) * columns);
      for (int i = from; i < to; i += height) {
        int count = Math.min(height, to - i);
        right.multiply(a.values, a.start + i * a.rowStep, a.rowStep, a.columnStep, count, 0, inner, NOTHING,
            Float.NEGATIVE_INFINITY, block, 0, columns, false);
        machine.kernels().elementwise().slopeOver(function, alpha, block, 0, c, cStart + i * columns, count * columns);
      }
      machine.pool().give(block);
    });
    right.release();
  }

  private static void batch(Machine machine, Product sizes, float[] a, float[] b, float[] c, Epilogue ending) {
    int aSize = sizes.aBatched() ? sizes.rows() * sizes.inner() : 0;
    int bSize = sizes.bBatched() ? sizes.inner() * sizes.columns() : 0;
    int cSize = sizes.rows() * sizes.columns();
    long work = (long) cSize * sizes.inner();
    int perChunk = (int) Math.max(1, (CHUNK_WORK >> 2) / work);
    Parallel.Body products = (from, to) -> {
      for (int n = from; n < to; n++) {
        one(machine, sizes, sizes.rows(), a, n * aSize, b, n * bSize, c, n * cSize, ending);
      }
    };
    if (work > 32 * CHUNK_WORK) {
      products.run(0, sizes.batch()); // each is large enough for all threads
    } else {
      machine.parallel().forChunks(sizes.batch(), perChunk, products);
    }
  }

  /// One product of matrices that start somewhere in their arrays.
  static void run(Machine machine, Product sizes, float[] a, int aStart, float[] b, int bStart, Epilogue ending,
      float[] c,
      int cStart) {
    int results = sizes.rows() * sizes.columns();
    if (sizes.inner() == 0) {
      Arrays.fill(c, cStart, cStart + results, 0f);
    } else if (results > 0) {
      one(machine, sizes, sizes.rows(), a, aStart, b, bStart, c, cStart, ending);
    }
  }

  private static void one(Machine machine, Product sizes, int rows, float[] a, int aStart, float[] b, int bStart,
      float[] c, int cStart, Epilogue ending) {
    of(machine, sizes, rows, a, aStart, b, bStart, c, cStart, ending, false).run();
  }

  private static MatrixProduct of(Machine machine, Product sizes, int rows, float[] a, int aStart, float[] b,
      int bStart, float[] c, int cStart, Epilogue ending, boolean accumulate) {
    Matrix left = sizes.transposeA()
        ? new Matrix(a, aStart, 1, rows)
        : new Matrix(a, aStart, sizes.inner(), 1);
    Matrix right = sizes.transposeB()
        ? new Matrix(b, bStart, 1, sizes.inner())
        : new Matrix(b, bStart, sizes.columns(), 1);
    return new MatrixProduct(machine, left, right, rows, sizes.inner(), sizes.columns(), c, cStart, ending, accumulate);
  }

  private void run() {
    if (accumulate && !(columns > 2 && a.columnStep == 1)) {
      runAside();
      return;
    }
    if (isOfDots()) {
      dots();
      ending.run(machine, c, cStart, rows, columns);
    } else if (columns < tiles.lanes() && rows > columns && a.columnStep != 1) {
      transposed();
      ending.run(machine, c, cStart, rows, columns);
    } else if (!accumulate && isOfSlabs()) {
      slabs();
      ending.run(machine, c, cStart, rows, columns);
    } else {
      panels();
    }
  }

  private boolean isOfDots() { return a.columnStep == 1 && (columns == 1 || (columns == 2 && inner >= tiles.lanes())); }

  private boolean isOfSlabs() {
    return inner >= 4 * LEAST_SLAB && inner / 8 >= Math.max(rows, columns)
        && (long) rows * columns <= MOST_SLAB_RESULTS;
  }

  /// Adds a product that was made elsewhere.
  private void runAside() {
    float[] product = machine.pool().take(rows * columns);
    new MatrixProduct(machine, a, b, rows, inner, columns, product, 0, Epilogue.NONE, false).run();
    machine.parallel().forChunks(rows * columns, 1 << 16, (from, to) -> machine.kernels().elementwise()
        .binary(Binary.ADD, c, cStart + from, product, from, c, cStart + from, to - from));
    machine.pool().give(product);
    ending.run(machine, c, cStart, rows, columns);
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
    new MatrixProduct(machine, b.transposed(), a.transposed(), columns, inner, rows, turned, 0, Epilogue.NONE, false)
        .run();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        c[cStart + i * columns + j] = turned[j * rows + i];
      }
    }
    machine.pool().give(turned);
  }

  /// Slabs of k, each summed into an accumulator of its own. Their number is even, and they are of about the same length, so that
  /// two threads end together.
  private void slabs() {
    int padded = PackedMatrix.padded(tiles, columns);
    int count = Math.min(MOST_SLABS, inner / LEAST_SLAB / 2 * 2);
    int slab = (inner + count * LINE - 1) / (count * LINE) * LINE;
    float[][] sums = new float[(inner + slab - 1) / slab][];
    machine.parallel().forChunks(inner, slab, (from, to) -> sums[from / slab] = slab(from, to, padded));
    ElementwiseLoops loops = machine.kernels().elementwise();
    machine.parallel().forChunks(rows, Math.max(1, SUM_WORK / padded), (from, to) -> {
      for (int s = 1; s < sums.length; s++) {
        loops.binary(Binary.ADD, sums[0], from * padded, sums[s], from * padded, sums[0], from * padded,
            (to - from) * padded);
      }
      for (int i = from; i < to; i++) {
        System.arraycopy(sums[0], i * padded, c, cStart + i * columns, columns);
      }
    });
    for (float[] sum : sums) {
      machine.pool().give(sum);
    }
  }

  /// The sum over one slab, block by block of k, so that both factors of a block stay in the first caches. Narrow rows of b are
  /// read where they lie: the last vector of a row takes numbers of the next one into columns that nobody reads.
  private float[] slab(int from, int to, int padded) {
    int most = Math.max(LEAST_BLOCK, Math.min(MOST_BLOCK, FIRST_CACHES / (rows + padded)));
    float[] sum = machine.pool().take(rows * padded);
    float[] right = machine.pool().take(most * padded + 1);
    for (int k = from; k < to; k += most) {
      int block = Math.min(most, to - k);
      int row = b.start + k * b.rowStep;
      boolean inPlace = b.columnStep == 1 && columns <= MOST_IN_PLACE
          && row + (block - 1L) * b.rowStep + padded <= b.values.length;
      boolean first = k == from;
      if (a.rowStep == 1) {
        right[right.length - 1] = readInOrder(a.values, a.start + k * a.columnStep, block * rows);
      }
      for (int j = 0; j < padded; j += tiles.widest()) {
        int width = Math.min(tiles.widest(), padded - j);
        if (!inPlace) {
          PackedMatrix.pack(b.values, row + j * b.columnStep, b.rowStep, b.columnStep, block,
              Math.min(width, columns - j), right, j * block, width);
        }
        tiles.multiply(a.values, a.start + k * a.columnStep, a.rowStep, a.columnStep, rows, inPlace ? b.values : right,
            inPlace ? row + j : j * block, inPlace ? b.rowStep : width, block, 1, 0, width,
            first ? tiles.zeros() : sum, first ? 0 : j, first ? 0 : padded, Float.NEGATIVE_INFINITY,
            sum,
            j, padded, width);
      }
    }
    machine.pool().give(right);
    return sum;
  }

  /// Reads a number of each cache line, so that a block comes from memory as a stream: the tiles, which read down its
  /// columns, would wait for each line. The sum only keeps the reads from being left out.
  private static float readInOrder(float[] x, int from, int length) {
    float even = 0;
    float odd = 0;
    for (int i = from; i < from + length - LINE; i += 2 * LINE) {
      even += x[i];
      odd += x[i + LINE];
    }
    return even + odd;
  }

  private void panels() {
    PackedMatrix right = rows <= FEW_ROWS
        ? PackedMatrix.inPlace(machine, b.values, b.start, b.rowStep, b.columnStep, inner, columns)
        : PackedMatrix.of(machine, b.values, b.start, b.rowStep, b.columnStep, inner, columns);
    int rowChunk = rowChunk();
    int rowChunks = (rows + rowChunk - 1) / rowChunk;
    int columnChunk = columnChunk(rowChunk, rowChunks);
    int columnChunks = (columns + columnChunk - 1) / columnChunk;
    boolean turned = a.columnStep != 1 && columns > tiles.widest();
    machine.parallel().forChunks(rowChunks * columnChunks, 1, (from, to) -> {
      for (int task = from; task < to; task++) {
        int row = task / columnChunks * rowChunk;
        int column = task % columnChunks * columnChunk;
        rows(right, row, Math.min(rowChunk, rows - row), column, Math.min(columns, column + columnChunk), turned);
      }
    });
    right.release();
  }

  /// A block of results. Where k steps far in a and the block is wide, its rows of a are turned first, so that the tiles
  /// find them together.
  private void rows(PackedMatrix right, int row, int count, int column, int end, boolean turned) {
    int cAt = cStart + row * columns;
    int aAt = a.start + row * a.rowStep;
    if (turned) {
      float[] block = machine.pool().take(count * inner);
      PackedMatrix.pack(a.values, aAt, a.columnStep, a.rowStep, inner, count, block, 0, count);
      right.multiply(block, 0, 1, count, count, 0, inner, column, end, ending.bias(), ending.floor(),
          c, cAt, columns, accumulate);
      machine.pool().give(block);
    } else {
      right.multiply(a.values, aAt, a.rowStep, a.columnStep, count, 0, inner, column, end,
          ending.bias(), ending.floor(), c, cAt, columns, accumulate);
    }
    ending.finish(machine.kernels().elementwise(), c, cAt, count, columns, column, end);
  }

  /// So many rows that a chunk is worth a thread, or fills the cache, and still leaves something to share. Chunks are of about
  /// the same length and their number is a multiple of [#SHARED], so that threads end together.
  private int rowChunk() {
    long wanted = Math.max(CHUNK_WORK / ((long) inner * columns), Math.min(LEFT_BLOCK / inner, rows / 8));
    int most = (int) Math.max(1, Math.min(MOST_ROWS, wanted) / ROW_GROUP) * ROW_GROUP;
    if (rows <= most) {
      return most;
    }
    int chunks = (rows + most * SHARED - 1) / (most * SHARED) * SHARED;
    return (rows + chunks * ROW_GROUP - 1) / (chunks * ROW_GROUP) * ROW_GROUP;
  }

  /// Where rows make few chunks, so many panels of columns that there are enough, each of them worth a thread.
  private int columnChunk(int rowChunk, int rowChunks) {
    int groups = Math.max(1, FEW_CHUNKS / rowChunks);
    long panelWork = (long) Math.min(rows, rowChunk) * inner * tiles.widest();
    long shared = (columns + (long) groups * tiles.widest() - 1) / ((long) groups * tiles.widest());
    return (int) Math.min(columns, Math.max(shared, (CHUNK_WORK >> 2) / panelWork) * tiles.widest());
  }
}
