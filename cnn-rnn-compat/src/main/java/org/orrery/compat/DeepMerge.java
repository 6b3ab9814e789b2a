package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.nn.Activation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// The convolutional network that tells merging galaxies from others: three times convolution (5 x 5 to 8 channels, 3 x 3 to 16, 3 x
/// 3 to 32), rectifier, batch norm and maxima over 2 x 2 cells; then 64, 32 and the classes. Ciprijanovic et al. 2020, table 1; 2021.
///
/// Shape: `[batch, height, width, channels]` to logits `[batch, classes]`; the parts' names are those of a PyTorch Sequential.
///
/// @param layers one after the other
public record DeepMerge(Sequential layers) implements Layer {
  /// The network for images of this size.
  ///
  /// @throws IllegalArgumentException where an image is smaller than 8 x 8, or a number is not positive
  public static DeepMerge create(int channels, int height, int width, int classes, Key key) {
    if (height < 8 || width < 8) {
      throw new IllegalArgumentException(
          "DeepMerge: images of " + height + " x " + width + "; at least 8 x 8 is required");
    }
    int features = 32 * (height / 8) * (width / 8);
    return new DeepMerge(Sequential.of(
        Convolution.create(channels, 8, Kernel.of(5, 5).padding(2), key.fold(0)), Activation.RELU, BatchNorm.create(8),
        MaxPool.of(2, 2),
        Convolution.create(8, 16, Kernel.of(3, 3).padding(1), key.fold(1)), Activation.RELU, BatchNorm.create(16),
        MaxPool.of(2, 2),
        Convolution.create(16, 32, Kernel.of(3, 3).padding(1), key.fold(2)), Activation.RELU, BatchNorm.create(32),
        MaxPool.of(2, 2), new Flatten(),
        Linear.create(features, 64, key.fold(3)), Activation.RELU, Linear.create(64, 32, key.fold(4)), Activation.RELU,
        Linear.create(32, classes, key.fold(5))));
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return layers.apply(x, mode);
  }

  @Override
  public OptionalInt inputWidth() {
    return layers.inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(layers);
  }
}
