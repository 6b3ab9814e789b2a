package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.backend.RecurrentKernels;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;

/// The way back through [Recurrences]: last step first, the same sequences to a thread.
final class RecurrenceGradients {
  private static final float[] NOTHING = new float[0];

  private final Machine machine;
  private final RecurrentKernels.Run run;
  private final RecurrentCell cell;
  private final int width;
  private final int across;
  private final int[] offsets;
  private final float[] start;

  RecurrenceGradients(Machine machine, RecurrentKernels.Run run) {
    this.machine = machine;
    this.run = run;
    this.cell = run.cell();
    this.width = run.width();
    this.across = cell.gates() * width;
    this.offsets = run.offsets().raw();
    this.start = CpuStorage.valuesOf(run.start());
  }

  /// Fills the gradients by the inputs' part of the gates, by the state's, which for cells other than a GRU are the same array,
  /// and by the start.
  ///
  /// @param trace what was noted of each step
  void run(float[] states, float[] trace, float[] upstream, float[] byInputs, float[] byState, float[] byStart) {
    if (run.sequences() == 0 || width == 0) {
      return;
    }
    PackedMatrix weight = PackedMatrix.of(machine, CpuStorage.valuesOf(run.weight()), 0, width, 1, across, width);
    machine.parallel().forChunks(run.sequences(), Recurrences.chunk(run.sequences()),
        (from, to) -> steps(weight, from, to, states, trace, upstream, byInputs, byState, byStart));
    weight.release();
  }

  private void steps(PackedMatrix weight, int from, int to, float[] states, float[] trace, float[] upstream,
      float[] byInputs, float[] byState, float[] byStart) {
    int size = (to - from) * width;
    float[] byH = machine.pool().take(size);
    float[] byC = machine.pool().take(size);
    float[] work = machine.pool().take(size);
    Arrays.fill(byH, 0, size, 0f);
    Arrays.fill(byC, 0, size, 0f);
    ElementwiseLoops loops = machine.kernels().elementwise();
    for (int t = offsets.length - 2; t >= 0; t--) {
      int alive = Math.min(to, offsets[t + 1] - offsets[t]) - from;
      if (alive <= 0) {
        continue;
      }
      int row = offsets[t] + from;
      float[] before = t == 0 ? start : states;
      int beforeRow = t == 0 ? from : offsets[t - 1] + from;
      loops.binary(Binary.ADD, byH, 0, upstream, row * width, byH, 0, alive * width);
      switch (cell) {
        case TANH -> tanh(states, row, alive, byH, byInputs);
        case RELU -> rectified(states, row, alive, byH, byInputs, work);
        case LSTM -> {
          loops.binary(Binary.ADD, byC, 0, upstream, (run.rows() + row) * width, byC, 0, alive * width);
          int cBefore = t == 0 ? run.sequences() + from : run.rows() + beforeRow;
          lstm(states, trace, row, alive, before, cBefore * width, byH, byC, byInputs, work);
        }
        case GRU -> gru(trace, row, alive, before, beforeRow * width, byH, byInputs, byState);
      }
      weight.multiply(byState, row * across, across, 1, alive, 0, across, NOTHING, Float.NEGATIVE_INFINITY,
          byH,
          0, width, cell == RecurrentCell.GRU);
    }
    System.arraycopy(byH, 0, byStart, from * width, size);
    if (cell.planes() == 2) {
      System.arraycopy(byC, 0, byStart, (run.sequences() + from) * width, size);
    }
    machine.pool().give(work);
    machine.pool().give(byC);
    machine.pool().give(byH);
  }

  /// The slope follows from h, to within its rounding: where h has reached 1 in float32, it is 0.
  private void tanh(float[] states, int row, int count, float[] byH, float[] shares) {
    int at = row * width;
    for (int i = 0; i < count * width; i++) {
      shares[at + i] = (1f - states[at + i] * states[at + i]) * byH[i];
    }
  }

  /// The slope follows from the sign of h.
  private void rectified(float[] states, int row, int count, float[] byH, float[] shares, float[] work) {
    int size = count * width;
    System.arraycopy(states, row * width, work, 0, size);
    machine.kernels().elementwise().unaryGradient(Unary.RELU, 0f, work, work, byH, work, 0, size);
    System.arraycopy(work, 0, shares, row * width, size);
  }

  private void lstm(float[] states, float[] trace, int row, int count, float[] before, int beforeAt, float[] byH,
      float[] byC,
      float[] shares, float[] work) {
    System.arraycopy(states, (run.rows() + row) * width, work, 0, count * width);
    machine.kernels().elementwise().unary(Unary.TANH, 0f, work, work, 0, count * width);
    for (int k = 0; k < count; k++) {
      int at = k * width;
      machine.kernels().cells().lstmGradient(trace, (row + k) * across, before, beforeAt + at, work, at,
          byH, at, byC, at, shares, (row + k) * across, width);
    }
  }

  private void gru(float[] trace, int row, int count, float[] before, int beforeAt, float[] byH,
      float[] byInputs, float[] byState) {
    for (int k = 0; k < count; k++) {
      int at = k * width;
      int sumsAt = (row + k) * across;
      machine.kernels().cells().gruGradient(trace, (row + k) * cell.traced() * width, before,
          beforeAt + at, byH, at, byInputs, sumsAt, byState, sumsAt, width);
    }
  }
}
