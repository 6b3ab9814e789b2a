package org.orrery.tensor.backend;

import java.util.List;
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
      return Math.multiplyExact(Math.multiplyExact(rows(), width), cell.traced());
    }
  }

  /// The states with what [#recurrenceGradient] reads of each step.
  ///
  /// @param states what [#recurrence] gives
  /// @param trace `[rows, traced width]`: the gates behind their functions, and of a [RecurrentCell#GRU] the last gate of u
  record Traced(Storage states, Storage trace) {
  }

  /// The state after each step, `[planes, rows, width]`.
  Storage recurrence(Run run);

  /// The same, and what gradients need.
  Traced recurrenceTraced(Run run);

  /// The gradients by x, `[rows, gates width]`, by the start, `[planes, sequences, width]`, and, where they differ from those by
  /// x (for a [RecurrentCell#GRU]), by u.
  ///
  /// @param upstream the gradient by the states, `[planes, rows, width]`
  List<Storage> recurrenceGradient(Run run, Traced traced, Storage upstream);
}
