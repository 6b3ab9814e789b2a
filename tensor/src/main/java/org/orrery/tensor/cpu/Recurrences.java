package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.backend.RecurrentKernels;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.CellLoops;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;

/// Recurrent cells over all steps. SequenceGraphs do not know of each other: a thread takes a few of them through all steps,
/// with one matrix product a step by weights that were packed once, and nobody waits for the others in between.
final class Recurrences {
  /// At least so many sequences share each read of the weights.
  private static final int LEAST = 16;
  private static final int MOST = 64;
  private static final int SHARES = 16;
  private static final float[] NOTHING = new float[0];

  private final Machine machine;
  private final RecurrentKernels.Run run;
  private final RecurrentCell cell;
  private final int width;
  private final int across;
  private final int[] offsets;
  private final float[] gates;
  private final float[] start;
  private final float[] bias;

  Recurrences(Machine machine, RecurrentKernels.Run run) {
    this.machine = machine;
    this.run = run;
    this.cell = run.cell();
    this.width = run.width();
    this.across = cell.gates() * width;
    this.offsets = run.offsets().raw();
    this.gates = CpuStorage.valuesOf(run.gates());
    this.start = CpuStorage.valuesOf(run.start());
    this.bias = run.bias() == null ? NOTHING : CpuStorage.valuesOf(run.bias());
  }

  /// How many sequences a thread takes at a time.
  static int chunk(int sequences) {
    return Math.max(LEAST, Math.min(MOST, sequences / SHARES));
  }

  /// Fills the planes of y and, where there is a trace, what is noted for the way back.
  void run(float[] y, float @Nullable [] trace) {
    if (run.rows() == 0 || width == 0) {
      return;
    }
    PackedMatrix weight = PackedMatrix.of(machine, CpuStorage.valuesOf(run.weight()), 0, 1, width, width, across);
    machine.parallel().forChunks(run.sequences(), chunk(run.sequences()),
        (from, to) -> steps(weight, from, to, y, trace));
    weight.release();
  }

  private void steps(PackedMatrix weight, int from, int to, float[] y, float @Nullable [] trace) {
    float[] u = machine.pool().take((to - from) * across);
    float[] work = machine.pool().take((to - from) * (cell.traced() + 1) * width);
    for (int t = 0; t < offsets.length - 1; t++) {
      int count = Math.min(to, offsets[t + 1] - offsets[t]) - from;
      if (count <= 0) {
        break;
      }
      float[] before = t == 0 ? start : y;
      int beforeRow = t == 0 ? from : offsets[t - 1] + from;
      weight.multiply(before, beforeRow * width, width, 1, count, 0, width, bias, Float.NEGATIVE_INFINITY, u, 0, across,
          false);
      int row = offsets[t] + from;
      switch (cell) {
        case TANH -> simple(Unary.TANH, u, row, count, y);
        case RELU -> simple(Unary.RELU, u, row, count, y);
        case LSTM -> {
          int cBefore = t == 0 ? run.sequences() + from : run.rows() + beforeRow;
          lstm(u, row, count, before, cBefore * width, y, trace, work);
        }
        case GRU -> gru(u, row, count, before, beforeRow * width, y, trace, work);
      }
    }
    machine.pool().give(work);
    machine.pool().give(u);
  }

  private void simple(Unary function, float[] u, int row, int count, float[] y) {
    ElementwiseLoops loops = machine.kernels().elementwise();
    int at = row * width;
    loops.binary(Binary.ADD, u, 0, gates, at, y, at, count * width);
    loops.unary(function, 0f, y, y, at, at + count * width);
  }

  private void lstm(float[] u, int row, int count, float[] before, int beforeAt, float[] y, float @Nullable [] trace,
      float[] work) {
    ElementwiseLoops loops = machine.kernels().elementwise();
    float[] g = trace == null ? work : trace;
    int gAt = trace == null ? 0 : row * across;
    int tanhAt = count * across; // behind the gates
    loops.binary(Binary.ADD, u, 0, gates, row * across, g, gAt, count * across);
    for (int k = 0; k < count; k++) {
      int at = gAt + k * across;
      int cAt = (run.rows() + row + k) * width;
      loops.unary(Unary.SIGMOID, 0f, g, g, at, at + 2 * width);
      loops.unary(Unary.TANH, 0f, g, g, at + 2 * width, at + 3 * width);
      loops.unary(Unary.SIGMOID, 0f, g, g, at + 3 * width, at + 4 * width);
      machine.kernels().cells().lstm(g, at, before, beforeAt + k * width, y, cAt, width);
      System.arraycopy(y, cAt, work, tanhAt, width);
      loops.unary(Unary.TANH, 0f, work, work, tanhAt, tanhAt + width);
      loops.binary(Binary.MULTIPLY, g, at + 3 * width, work, tanhAt, y, (row + k) * width, width);
    }
  }

  private void gru(float[] u, int row, int count, float[] before, int beforeAt, float[] y, float @Nullable [] trace,
      float[] work) {
    ElementwiseLoops loops = machine.kernels().elementwise();
    CellLoops cells = machine.kernels().cells();
    float[] g = trace == null ? work : trace;
    int noted = cell.traced() * width;
    for (int k = 0; k < count; k++) {
      int at = trace == null ? 0 : (row + k) * noted;
      int xAt = (row + k) * across;
      loops.binary(Binary.ADD, u, k * across, gates, xAt, g, at, 2 * width);
      loops.unary(Unary.SIGMOID, 0f, g, g, at, at + 2 * width);
      System.arraycopy(u, k * across + 2 * width, g, at + 3 * width, width);
      cells.gruCandidate(g, at, gates, xAt + 2 * width, width);
      loops.unary(Unary.TANH, 0f, g, g, at + 2 * width, at + 3 * width);
      cells.gru(g, at, before, beforeAt + k * width, y, (row + k) * width, width);
    }
  }
}
