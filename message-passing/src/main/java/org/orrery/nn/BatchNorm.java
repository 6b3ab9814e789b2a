package org.orrery.nn;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;

/// y = w (x - mean) / sqrt(variance + epsilon) + b, column by column, with mean and variance over all rows in training
/// and the running ones otherwise. Ioffe & Szegedy 2015.
///
/// Shape: `[rows, width]` to the same; further axes in front of the last count as rows.
///
/// @param width columns of x
/// @param epsilon keeps columns without variance finite
/// @param rescale w and b; null for 1 and 0
/// @param running what inference uses; null to use the rows at hand always
/// @param singleRow what one row does in training
public record BatchNorm(int width, double epsilon, @Nullable ScaleShift rescale, @Nullable RunningMoments running,
    SingleRow singleRow) implements Layer {
  /// What happens in training where there is no variance, for want of a second row.
  public enum SingleRow {
    /// an error
    REFUSED,
    /// the running moments are used, and not updated
    AS_INFERENCE
  }

  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public BatchNorm {
    ScaleShift.requirePositive(width, "BatchNorm");
    if (rescale != null) {
      ScaleShift.requireFits(rescale, width, "BatchNorm");
    }
    if (singleRow == SingleRow.AS_INFERENCE && running == null) {
      throw new IllegalArgumentException("BatchNorm: a single row as in inference; running moments are required");
    }
  }

  /// With w, b and running moments of momentum 0.1.
  ///
  /// @throws IllegalArgumentException where the width is not positive
  public static BatchNorm create(int width) {
    return new BatchNorm(width, 1e-5, ScaleShift.create(width), RunningMoments.create(width, OptionalDouble.of(0.1)),
        SingleRow.REFUSED);
  }

  /// The result.
  ///
  /// @throws IllegalArgumentException where the width differs, or the variance of fewer than two rows is asked for
  @Override
  public Tensor forward(Tensor x, Mode mode) {
    ScaleShift.requireColumns(x, width, "BatchNorm");
    Tensor rows = x.reshape(x.shape().extent(0, x.rank() - 1), width);
    return normalized(rows, mode).reshape(x.shape());
  }

  private Tensor normalized(Tensor x, Mode mode) {
    boolean asInference = x.rows() < 2 && singleRow == SingleRow.AS_INFERENCE;
    if (running != null && (asInference || !mode.isTraining())) {
      Tensor factors = running.variance().value().add(epsilon).sqrt().reciprocal();
      Tensor scale = rescale == null ? factors : factors.multiply(rescale.weight().value());
      Tensor centered = x.subtract(running.mean().value()).multiply(scale);
      return rescale == null ? centered : centered.add(rescale.bias().value());
    }
    if (x.rows() < 2) {
      throw new IllegalArgumentException("BatchNorm: " + x.shape() + "; the variance needs more than one row");
    }
    Tensor moments = Tensor.unrecorded(() -> x.detach().columnMoments());
    if (running != null) {
      double unbiased = x.rows() / (x.rows() - 1.0);
      running.update(moments.select(0, 0), moments.select(0, 1).multiply(unbiased));
    }
    return x.batchNorm(moments, rescale == null ? Tensor.ones(width) : rescale.weight().value(),
        rescale == null ? Tensor.zeros(width) : rescale.bias().value(), epsilon);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(width);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(rescale).inline(running);
  }
}
