package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// What the gradient of attention with a rectifier under its vector sums up along edges.
public interface SumTimesDerivativeKernels {
  /// `y[r, h c + k]` is the sum over the slots s of row r of `weights[edge(s), h] f'(own[r, h c + k] + other[columns[s], h c + k])`,
  /// f' the derivative of LeakyReLU: 1 above 0, `slope` elsewhere.
  Storage sumTimesDerivative(Indices offsets, Indices columns, @Nullable Indices edges, Storage weights, int heads,
      Storage own,
      Storage other, int width, double slope);
}
