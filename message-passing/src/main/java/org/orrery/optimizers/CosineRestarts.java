package org.orrery.optimizers;

import org.orrery.nn.Require;

/// Cosine annealing with warm restarts: lowest + (initial - lowest) (1 + cos(pi t / T)) / 2, where t counts from the last
/// restart and T, at first `length`, grows by `growth` with each.
///
/// Loshchilov & Hutter 2017 (SGDR), eq. 5.
///
/// @param initial the rate after a restart
/// @param length the steps before the first restart
/// @param growth a whole number of 1 or more
/// @param lowest the rate at the end of a stretch
public record CosineRestarts(double initial, int length, int growth, double lowest) implements Schedule {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException unless length and growth are positive
  public CosineRestarts {
    Require.positive("cosine restarts", "length", length);
    Require.positive("cosine restarts", "growth", growth);
  }

  @Override
  public double rate(long step) {
    long since = step;
    long stretch = length;
    if (growth == 1) {
      since %= stretch;
    }
    while (since >= stretch) {
      since -= stretch;
      stretch *= growth;
    }
    return lowest + (initial - lowest) * (1 + StrictMath.cos(Math.PI * since / stretch)) / 2;
  }
}
