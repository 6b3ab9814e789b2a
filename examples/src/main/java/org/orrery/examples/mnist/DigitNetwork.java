package org.orrery.examples.mnist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.orrery.compat.Convolution;
import org.orrery.compat.Flatten;
import org.orrery.compat.Kernel;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// The network of the Burn framework's example for importing weights: three 3 x 3 convolutions without padding to 8, 16 and 24 channels,
/// each with a rectifier; batch norm; 32 and 10 features, the last with batch norm; log softmax. Its weights are published.
///
/// Shape: `[batch, 28, 28, 1]`, standardized by mean 0.1307 and deviation 0.3081, to log probabilities `[batch, 10]`.
///
/// @param first 1 to 8
/// @param second 8 to 16
/// @param third 16 to 24
/// @param imageNorm of the 24 channels
/// @param hidden of the flattened 22 x 22 images
/// @param output to the digits
/// @param outputNorm of the digits
public record DigitNetwork(Convolution first, Convolution second, Convolution third, BatchNorm imageNorm, Linear hidden,
    Linear output, BatchNorm outputNorm) implements Layer {
  private static final double MEAN = 0.1307;
  private static final double DEVIATION = 0.3081;
  private static final int SIDE = 28;

  /// A network that has learned nothing.
  public static DigitNetwork create(Key key) {
    Kernel three = Kernel.of(3, 3);
    int cells = (SIDE - 6) * (SIDE - 6);
    return new DigitNetwork(Convolution.create(1, 8, three, key.fold("conv1")),
        Convolution.create(8, 16, three, key.fold("conv2")), Convolution.create(16, 24, three, key.fold("conv3")),
        BatchNorm.create(24), Linear.create(24 * cells, 32, key.fold("fc1")), Linear.create(32, 10, key.fold("fc2")),
        BatchNorm.create(10));
  }

  /// The network with published weights, a safetensors file.
  ///
  /// @throws IOException where it cannot be read, or its tensors are not those of this network
  public static DigitNetwork read(Path weights) throws IOException {
    DigitNetwork network = create(Key.of(0));
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Map.Entry<String, NumericArray> entry : SafeTensors.read(weights).arrays().entrySet()) {
      values.put(entry.getKey(), Tensor.of(entry.getValue().shape(), entry.getValue().floats()));
    }
    try {
      State.load(weights.toString(), network, values);
    } catch (IllegalArgumentException misfit) {
      throw new IOException(misfit.getMessage(), misfit);
    }
    return network;
  }

  /// Pixels from 0 to 255 as the network reads them, `[digits, 28, 28, 1]`.
  ///
  /// @throws IllegalArgumentException where there are not 784 a digit
  public static Tensor standardized(float[] pixels) {
    if (pixels.length % (SIDE * SIDE) != 0) {
      throw new IllegalArgumentException("digits: " + pixels.length + " pixels; 784 each are required");
    }
    Tensor images = Tensor.of(pixels, pixels.length / (SIDE * SIDE), SIDE, SIDE, 1);
    return images.divide(255).subtract(MEAN).divide(DEVIATION);
  }

  @Override
  public Tensor forward(Tensor images, Mode mode) {
    Tensor x = first.apply(images).relu();
    x = second.apply(x).relu();
    x = third.apply(x).relu();
    x = new Flatten().apply(imageNorm.apply(x, mode));
    x = output.apply(hidden.apply(x).relu());
    return outputNorm.apply(x, mode).logSoftmax(1);
  }

  @Override
  public void describe(Parts parts) {
    parts.block("conv1", first).block("conv2", second).block("conv3", third).block("norm1", imageNorm)
        .block("fc1", hidden).block("fc2", output).block("norm2", outputNorm);
  }
}
