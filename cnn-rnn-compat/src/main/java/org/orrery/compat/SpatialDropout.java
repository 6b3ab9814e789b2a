package org.orrery.compat;

import java.util.Arrays;
import java.util.OptionalInt;
import org.orrery.nn.Dropout;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Dropout of whole channels: in training each channel of each image is 0 with probability `rate`, else x / (1 - rate); otherwise
/// y = x. Tompson et al. 2015; PyTorch's Dropout1d, Dropout2d and Dropout3d.
///
/// Shape: `[batch, cells..., channels]` to the same.
///
/// @param rate the probability of dropping a channel, 0 to 1
public record SpatialDropout(double rate) implements Layer {
  /// Checks the rate.
  ///
  /// @throws IllegalArgumentException where it is no probability
  public SpatialDropout {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("SpatialDropout: rate " + rate + "; 0 to 1 is required");
    }
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    if (x.rank() < 2) {
      throw new IllegalArgumentException(
          "SpatialDropout: " + x.shape() + "; [batch, cells..., channels] is required");
    }
    if (!mode.isTraining() || rate == 0) {
      return x;
    }
    int[] sizes = x.shape().toArray();
    Arrays.fill(sizes, 1, sizes.length - 1, 1);
    return x.multiply(new Dropout(rate).apply(Tensor.ones(Shape.of(sizes)), mode));
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
