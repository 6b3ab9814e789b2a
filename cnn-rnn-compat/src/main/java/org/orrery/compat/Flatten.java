package org.orrery.compat;

import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// The numbers of each image as one row, channel by channel: column c cells + cell. Weights of a PyTorch model, whose images have
/// their channels first, fit what follows.
///
/// Shape: `[batch, cells..., channels]` to `[batch, channels cells]`.
public record Flatten() implements Layer {
  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    if (x.rank() < 2) {
      throw new IllegalArgumentException("Flatten: " + x.shape() + "; [batch, cells..., channels] is required");
    }
    Images images = Images.of(x);
    int cells = images.count();
    Tensor rows = x.reshape(x.rows(), cells, images.channels());
    return rows.transpose(1, 2).reshape(x.rows(), images.channels() * cells);
  }
}
