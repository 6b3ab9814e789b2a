package org.orrery.nn;

import java.util.OptionalInt;
import org.orrery.tensor.Tensor;

/// In training each value is 0 with probability `rate`, else x / (1 - rate), so that its mean stays; otherwise y = x.
/// Srivastava et al. 2014.
///
/// Shape: any to the same. The noise is the next of the mode: two calls never share theirs.
///
/// @param rate the probability of dropping a value, 0 to 1
public record Dropout(double rate) implements Layer {
  /// Checks the rate.
  ///
  /// @throws IllegalArgumentException where it is no probability
  public Dropout {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("Dropout: rate " + rate + "; 0 to 1 is required");
    }
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return switch (mode) {
      case Mode.Inference() -> x;
      case Mode.Training training when rate == 1 -> x.multiply(0);
      case Mode.Training training when rate > 0 -> x.dropout(training.nextKey(), rate);
      case Mode.Training training -> x;
    };
  }

  /// The residual plus [#apply(Tensor, Mode)], in one pass while training.
  ///
  /// @param residual of x's shape
  public Tensor applyAndAdd(Tensor x, Tensor residual, Mode mode) {
    return Observed.call(this, () -> mode instanceof Mode.Training training && rate > 0 && rate < 1
        ? x.dropout(training.nextKey(), rate, residual)
        : residual.add(forward(x, mode)), x, residual);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
