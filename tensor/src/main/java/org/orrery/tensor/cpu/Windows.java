package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.AxisMap;

/// Sums and maxima over windows of images, channels last, and maps along one axis. Plain loops over the channels, which the
/// compiler makes vectors of. What gathers runs over rows of outputs; what spreads runs image by image, output by output, in order.
final class Windows {
  private static final int CHUNK = 1 << 15;

  private final Parallel parallel;
  private final Geometry g;
  private final int batch;
  private final int channels;

  Windows(Machine machine, org.orrery.tensor.Window window, int batch, int channels) {
    this.parallel = machine.parallel();
    this.g = Geometry.of(window);
    this.batch = batch;
    this.channels = channels;
  }

  /// What happens at an output and the cell that a tap of it sees.
  private interface Step {
    void at(int output, int cell);
  }

  private void forRows(Row body) {
    int rows = batch * g.outputRows();
    long each = (long) g.columns().outputs() * channels * g.kernelRows() * g.columns().kernel();
    parallel.forChunks(rows, (int) Math.max(1, CHUNK / Math.max(1, each)), (from, to) -> {
      for (int row = from; row < to; row++) {
        body.run(row);
      }
    });
  }

  private interface Row {
    void run(int row);
  }

  /// Walks over the taps of a row of outputs, tap by tap; places are those of the first channel.
  private void forTaps(int row, Step step) {
    int image = row / g.outputRows();
    for (int q = 0; q < g.kernelRows(); q++) {
      int cellRow = g.cellRow(row % g.outputRows(), q);
      if (cellRow < 0) {
        continue;
      }
      int cells = (image * g.planes().size() * g.rows().size() + cellRow) * g.columns().size();
      for (int t = 0; t < g.columns().kernel(); t++) {
        int end = g.endInside(t);
        for (int o = g.firstInside(t); o < end; o++) {
          step.at((row * g.columns().outputs() + o) * channels, (cells + g.columns().cell(o, t)) * channels);
        }
      }
    }
  }

  void sum(float[] x, float[] y) {
    int width = g.columns().outputs() * channels;
    forRows(row -> {
      Arrays.fill(y, row * width, (row + 1) * width, 0f);
      forTaps(row, (output, cell) -> {
        for (int c = 0; c < channels; c++) {
          y[output + c] += x[cell + c];
        }
      });
    });
  }

  void spread(float[] y, float[] x) {
    forImages(x, row -> forTaps(row, (output, cell) -> {
      for (int c = 0; c < channels; c++) {
        x[cell + c] += y[output + c];
      }
    }));
  }

  private void forImages(float[] x, Row body) {
    int size = g.cells() * channels;
    parallel.forChunks(batch, Math.max(1, CHUNK / Math.max(1, size)), (from, to) -> {
      Arrays.fill(x, from * size, to * size, 0f);
      for (int row = from * g.outputRows(); row < to * g.outputRows(); row++) {
        body.run(row);
      }
    });
  }

  void maximum(float[] x, float[] y) {
    int width = g.columns().outputs() * channels;
    forRows(row -> {
      Arrays.fill(y, row * width, (row + 1) * width, Float.NEGATIVE_INFINITY);
      forTaps(row, (output, cell) -> {
        for (int c = 0; c < channels; c++) {
          y[output + c] = Math.max(y[output + c], x[cell + c]);
        }
      });
    });
  }

  /// To the first tap that holds the maximum, and none after it.
  void maximumGradient(float[] x, float[] y, float[] upstream, float[] share) {
    int width = g.columns().outputs() * channels;
    forImages(share, row -> {
      boolean[] given = new boolean[width];
      int start = row * width;
      forTaps(row, (output, cell) -> {
        for (int c = 0; c < channels; c++) {
          float value = x[cell + c];
          float most = y[output + c];
          if (!given[output - start + c] && (value == most || (Float.isNaN(value) && Float.isNaN(most)))) {
            given[output - start + c] = true;
            share[cell + c] += upstream[output + c];
          }
        }
      });
    });
  }

  int[] maximumCells(float[] x) {
    int width = g.columns().outputs() * channels;
    int size = g.cells() * channels;
    int[] cells = new int[batch * g.outputs() * channels];
    forRows(row -> {
      Arrays.fill(cells, row * width, (row + 1) * width, -1);
      int image = row / g.outputRows() * size;
      forTaps(row, (output, cell) -> {
        for (int c = 0; c < channels; c++) {
          int known = cells[output + c];
          float most = known < 0 ? Float.NEGATIVE_INFINITY : x[image + known * channels + c];
          float value = x[cell + c];
          if (known < 0 || value > most || (Float.isNaN(value) && !Float.isNaN(most))) {
            cells[output + c] = (cell - image) / channels;
          }
        }
      });
    });
    return cells;
  }

  /// See [org.orrery.tensor.backend.GridKernels#resample].
  static void resample(Machine machine, float[] x, int outer, int inner, AxisMap map, float[] y) {
    int rows = map.rows();
    float[] weights = new float[map.terms()];
    for (int p = 0; p < weights.length; p++) {
      weights[p] = (float) map.weight(p);
    }
    machine.parallel().forChunks(outer * rows, Math.max(1, CHUNK / Math.max(1, inner)), (from, to) -> {
      for (int row = from; row < to; row++) {
        int at = row * inner;
        int start = row / rows * map.columns();
        Arrays.fill(y, at, at + inner, 0f);
        for (int p = map.offset(row % rows); p < map.offset(row % rows + 1); p++) {
          add(weights[p], x, (start + map.column(p)) * inner, y, at, inner);
        }
      }
    });
  }

  private static void add(float weight, float[] x, int from, float[] y, int at, int count) {
    for (int i = 0; i < count; i++) {
      y[at + i] = Math.fma(weight, x[from + i], y[at + i]);
    }
  }
}
