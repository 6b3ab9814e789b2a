package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// A recurrent cell over all steps of sequences, which are sorted so that those that are still alive come first: in step
/// t sequence k stands in row `offsets[t] + k`, for k below `offsets[t + 1] - offsets[t]`.
public interface RecurrentKernels {
  /// What a recurrence runs on.
  ///
  /// @param offsets where each step starts; steps do not grow
  /// @param sequences how many sequences, empty ones included
  /// @param width of the state
  /// @param gates what the inputs give, `[rows, gates width]`
  /// @param weight W, `[gates width, width]`
  /// @param bias b, `[gates width]`; null for 0
  /// @param start the state before the first step, `[planes, sequences, width]`
  record Run(RecurrentCell cell, Indices offsets, int sequences, int width, Storage gates, Storage weight,
      @Nullable Storage bias, Storage start) {
    /// How many rows there are in all steps.
    public int rows() {
      return offsets.at(offsets.size() - 1);
    }

    /// How many numbers the states are.
    public int states() {
      return Math.multiplyExact(Math.multiplyExact(rows(), width), cell.planes());
    }

    /// How many numbers a trace is.
    public int traced() {
      return Math.addExact(states(), Math.multiplyExact(Math.multiplyExact(rows(), width), cell.traced()));
    }

    /// How many numbers the gradients are.
    public int gradients() {
      int perStep = cell == RecurrentCell.GRU ? 2 * cell.gates() : cell.gates();
      return Math.addExact(Math.multiplyExact(Math.multiplyExact(rows(), width), perStep),
          Math.multiplyExact(Math.multiplyExact(sequences, width), cell.planes()));
    }
  }

  /// The state after each step, `[planes, rows, width]`.
  Storage recurrence(Run run);

  /// The same, and behind it what [#recurrenceGradient] reads of each step, `[rows, traced width]`: the gates behind their
  /// functions, and of a [RecurrentCell#GRU] the last gate of u.
  Storage recurrenceTrace(Run run);

  /// The gradients by x, behind them those by u where they differ (for a [RecurrentCell#GRU]), and by the start: `[rows,
  /// gates width]` each and `[planes, sequences, width]`.
  ///
  /// @param trace what [#recurrenceTrace] gave
  /// @param upstream the gradient by the states, `[planes, rows, width]`
  Storage recurrenceGradient(Run run, Storage trace, Storage upstream);
}
