package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.cpu.loops.ScalarWindows;
import org.orrery.tensor.cpu.loops.WindowLoops;

/// Sums and maxima over windows of images, channels last, and maps along one axis. Plain loops over the channels, which the
/// compiler makes vectors of. What gathers runs over rows of outputs; what spreads runs image by image, output by output, in order.
final class Windows {
  private static final int CHUNK = 1 << 15;

  private final Parallel parallel;
  private final WindowLoops loops;
  private final Geometry g;
  private final int batch;
  private final int channels;

  Windows(Machine machine, Window window, int batch, int channels) {
    this.parallel = machine.parallel();
    this.loops = machine.kernels().windows();
    this.g = Geometry.of(window);
    this.batch = batch;
    this.channels = channels;
  }

  /// What happens at an output: the place of its first channel, and those of the cells that it sees, tap by tap.
  private interface Body {
    void run(int output, int[] cells, int count);
  }

  /// Rows of outputs, in any order.
  private void forRows(Body body) {
    long each = (long) g.columns().outputs() * channels * g.kernelRows() * g.columns().kernel();
    parallel.forChunks(batch * g.outputRows(), (int) Math.max(1, CHUNK / Math.max(1, each)), (from, to) -> {
      int[] cells = new int[g.kernelRows() * g.columns().kernel()];
      for (int row = from; row < to; row++) {
        forOutputs(row, cells, body);
      }
    });
  }

  /// Images, the outputs of each in order.
  private void forImages(float[] x, Body body) {
    int size = g.cells() * channels;
    parallel.forChunks(batch, Math.max(1, CHUNK / Math.max(1, size)), (from, to) -> {
      Arrays.fill(x, from * size, to * size, 0f);
      int[] cells = new int[g.kernelRows() * g.columns().kernel()];
      for (int row = from * g.outputRows(); row < to * g.outputRows(); row++) {
        forOutputs(row, cells, body);
      }
    });
  }

  private void forOutputs(int row, int[] cells, Body body) {
    int[] first = new int[cells.length];
    int taps = 0;
    int image = row / g.outputRows() * g.planes().size() * g.rows().size();
    for (int q = 0; q < g.kernelRows(); q++) {
      int cellRow = g.cellRow(row % g.outputRows(), q);
      for (int t = 0; t < g.columns().kernel() && cellRow >= 0; t++) {
        first[taps++] = (image + cellRow) * g.columns().size() + g.columns().cell(0, t);
      }
    }
    for (int o = 0; o < g.columns().outputs(); o++) {
      boolean inside = g.columns().cell(o, 0) >= 0
          && g.columns().cell(o, g.columns().kernel() - 1) < g.columns().size();
      int count = 0;
      for (int i = 0; i < taps; i++) {
        cells[count] = (first[i] + o * g.columns().stride()) * channels;
        count += inside || isInside(o, i % g.columns().kernel()) ? 1 : 0;
      }
      body.run((row * g.columns().outputs() + o) * channels, cells, count);
    }
  }

  private boolean isInside(int output, int tap) {
    int cell = g.columns().cell(output, tap);
    return cell >= 0 && cell < g.columns().size();
  }

  void sum(float[] x, float[] y) {
    forRows((output, cells, count) -> {
      for (int c = 0; c < channels; c++) {
        float sum = 0;
        for (int t = 0; t < count; t++) {
          sum += x[cells[t] + c];
        }
        y[output + c] = sum;
      }
    });
  }

  void spread(float[] y, float[] x) {
    forImages(x, (output, cells, count) -> {
      for (int t = 0; t < count; t++) {
        for (int c = 0; c < channels; c++) {
          x[cells[t] + c] += y[output + c];
        }
      }
    });
  }

  private int endOfRow(int output) {
    int width = g.columns().outputs() * channels;
    return (output / width + 1) * width;
  }

  void maximum(float[] x, float[] y) {
    forRows((output, cells, count) -> loops.maximum(x, cells, count, channels, y, output, endOfRow(output)));
  }

  /// To the first tap that holds the maximum.
  void maximumGradient(float[] x, float[] y, float[] upstream, float[] share) {
    boolean apart = isApart(g.planes()) && isApart(g.rows()) && isApart(g.columns()) && g.columns().before() == 0;
    forImages(share, (output, cells, count) -> loops.maximumGradient(x, cells, count, channels, apart, y, upstream,
        share, output, endOfRow(output)));
  }

  /// Whether no two windows share a cell.
  private static boolean isApart(Axis axis) {
    return axis.dilation() == 1 && axis.stride() >= axis.kernel();
  }

  int[] maximumCells(float[] x) {
    int size = g.cells() * channels;
    int outputs = g.outputs() * channels;
    int[] chosen = new int[batch * outputs];
    forRows((output, cells, count) -> {
      for (int c = 0; c < channels; c++) {
        float most = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < count; t++) {
          most = Math.max(most, x[cells[t] + c]);
        }
        chosen[output + c] = ScalarWindows.place(x, cells, count, c, most) % size / channels;
      }
    });
    return chosen;
  }

  /// See [org.orrery.tensor.backend.ResampleKernels#resample].
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
