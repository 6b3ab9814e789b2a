package org.orrery.tensor.backend;

import org.orrery.tensor.Indices;

/// Cross entropy of rows x `[rows, width]` without the arrays in between.
public interface CrossEntropyKernels {
  /// `y[r] = -log softmax(x[r, :])` at `labels[r]`, shape `[rows]`. Labels are below `width`.
  Storage crossEntropy(Storage x, Indices labels, int rows, int width);

  /// `upstream[r] (softmax(x[r, :])[j] - [j = labels[r]])`, where each = [#crossEntropy] is at hand.
  Storage crossEntropyGradient(Storage x, Indices labels, Storage each, Storage upstream, int rows, int width);
}
