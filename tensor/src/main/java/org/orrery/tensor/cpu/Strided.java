package org.orrery.tensor.cpu;

import java.util.Arrays;

/// Moves numbers between a contiguous array and a strided view of another. Axes are joined where the view allows, runs
/// of step 1 are copied whole, and a transpose goes tile by tile, so that both sides stay in cache.
final class Strided {
  private static final int CHUNK = 1 << 16;
  private static final int TILE = 32;
  private static final int SHORT = 8;

  private final int[] sizes;
  private final int[] steps;

  private Strided(int[] sizes, int[] steps) {
    this.sizes = sizes;
    this.steps = steps;
  }

  /// y[i_0, i_1, ...] = x[offset + sum_d i_d strides_d].
  static void copy(Parallel parallel, float[] x, int offset, int[] strides, int[] sizes, float[] y) {
    move(parallel, x, y, offset, strides, sizes, true);
  }

  /// y[offset + sum_d i_d strides_d] = x[i_0, i_1, ...].
  static void place(Parallel parallel, float[] x, int[] sizes, float[] y, int offset, int[] strides) {
    move(parallel, y, x, offset, strides, sizes, false);
  }

  private static void move(Parallel parallel, float[] view, float[] dense, int offset, int[] strides, int[] sizes,
      boolean read) {
    for (int size : sizes) {
      if (size == 0) {
        return;
      }
    }
    joined(sizes, strides).move(parallel, view, offset, dense, read);
  }

  private static Strided joined(int[] sizes, int[] steps) {
    int[] keptSizes = new int[sizes.length + 2];
    int[] keptSteps = new int[sizes.length + 2];
    int count = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == 1) {
        continue;
      }
      if (count > 0 && keptSteps[count - 1] == steps[d] * sizes[d]) {
        keptSizes[count - 1] *= sizes[d];
        keptSteps[count - 1] = steps[d];
      } else {
        keptSizes[count] = sizes[d];
        keptSteps[count++] = steps[d];
      }
    }
    if (count < 2) { // at least two axes, so that there are rows to share out
      int[] two = {1, count == 0 ? 1 : keptSizes[0]};
      return new Strided(two, new int[] {0, count == 0 ? 1 : keptSteps[0]}).cut();
    }
    return new Strided(Arrays.copyOf(keptSizes, count), Arrays.copyOf(keptSteps, count));
  }

  /// One long run as rows of equal length, where there is such a length.
  private Strided cut() {
    int run = sizes[1];
    if (run > CHUNK && run % 1024 == 0) {
      return new Strided(new int[] {run / 1024, 1024}, new int[] {1024 * steps[1], steps[1]});
    }
    return this;
  }

  /// Loops over all axes but the last two; the last two are a matrix.
  private void move(Parallel parallel, float[] view, int offset, float[] dense, boolean read) {
    int rank = sizes.length;
    int rows = sizes[rank - 2];
    int columns = sizes[rank - 1];
    int band = steps[rank - 2] == 1 ? Math.min(TILE, rows) : Math.max(1, Math.min(rows, CHUNK / columns));
    int bands = (rows + band - 1) / band;
    int matrices = 1;
    for (int d = 0; d < rank - 2; d++) {
      matrices *= sizes[d];
    }
    int perChunk = Math.max(1, CHUNK / (band * columns));
    parallel.forChunks(matrices * bands, perChunk, (from, to) -> {
      for (int task = from; task < to; task++) {
        int matrix = task / bands;
        int first = task % bands * band;
        int count = Math.min(band, rows - first);
        int viewAt = offset + matrixStart(matrix) + first * steps[rank - 2];
        int denseAt = (matrix * rows + first) * columns;
        matrix(view, viewAt, dense, denseAt, count, columns, read);
      }
    });
  }

  private int matrixStart(int matrix) {
    int at = 0;
    for (int d = sizes.length - 3, rest = matrix; d >= 0; d--) {
      at += rest % sizes[d] * steps[d];
      rest /= sizes[d];
    }
    return at;
  }

  private void matrix(float[] view, int viewAt, float[] dense, int denseAt, int rows, int columns, boolean read) {
    int rowStep = steps[steps.length - 2];
    int columnStep = steps[steps.length - 1];
    if (rowStep == 1 && columnStep != 1) {
      float[] square = new float[TILE * TILE];
      for (int first = 0; first < columns; first += TILE) {
        tile(view, viewAt + first * columnStep, columnStep, dense, denseAt + first, columns, rows,
            Math.min(TILE, columns - first), read, square);
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      run(view, viewAt + i * rowStep, columnStep, dense, denseAt + i * columns, columns, read);
    }
  }

  /// dense[i, j] and view[j, i] change places, where the view's rows are contiguous. The view is passed row by row,
  /// through a small square: rows a power of two apart share few places in cache, and column by column each would push
  /// out the others.
  private static void tile(float[] view, int viewAt, int viewStep, float[] dense, int denseAt, int denseStep, int rows,
      int columns, boolean read, float[] square) {
    if (read) {
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < rows; i++) {
          square[i * TILE + j] = view[viewAt + j * viewStep + i];
        }
      }
      for (int i = 0; i < rows; i++) {
        System.arraycopy(square, i * TILE, dense, denseAt + i * denseStep, columns);
      }
    } else {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(dense, denseAt + i * denseStep, square, i * TILE, columns);
      }
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < rows; i++) {
          view[viewAt + j * viewStep + i] = square[i * TILE + j];
        }
      }
    }
  }

  private static void run(float[] view, int viewAt, int step, float[] dense, int denseAt, int length, boolean read) {
    if (step == 1 && length >= SHORT) {
      if (read) {
        System.arraycopy(view, viewAt, dense, denseAt, length);
      } else {
        System.arraycopy(dense, denseAt, view, viewAt, length);
      }
    } else if (read) {
      for (int j = 0; j < length; j++) {
        dense[denseAt + j] = view[viewAt + j * step];
      }
    } else {
      for (int j = 0; j < length; j++) {
        view[viewAt + j * step] = dense[denseAt + j];
      }
    }
  }
}
