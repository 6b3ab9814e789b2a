package org.orrery.compat;

import org.jspecify.annotations.Nullable;
import org.orrery.nn.Initializer;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Weights of convolutions as PyTorch lays them out, `[first, second, kernel...]`, and as kernels of one matrix a tap.
final class KernelWeights {
  private KernelWeights() {
  }

  static void requireWeight(String layer, Shape weight, Kernel kernel) {
    boolean fits = weight.rank() == kernel.axes() + 2;
    for (int d = 0; d < kernel.axes() && fits; d++) {
      fits = weight.size(d + 2) == kernel.sizes().get(d);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          layer + ": weight " + weight + " for a kernel of " + kernel.sizes()
              + "; two axes and the kernel's are required");
    }
  }

  static void requireBias(String layer, @Nullable Parameter bias, int out) {
    if (bias != null && !bias.shape().equals(Shape.of(out))) {
      throw new IllegalArgumentException(layer + ": bias " + bias.shape() + "; [" + out + "] is required");
    }
  }

  static Shape weightShape(String layer, int in, int out, int groups, Kernel kernel) {
    if (in <= 0 || out <= 0 || groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(layer + ": from " + in + " to " + out + " channels in " + groups
          + " groups; positive widths that divide by the groups are required");
    }
    return shape(out, in / groups, kernel);
  }

  static Shape shape(int first, int second, Kernel kernel) {
    int[] sizes = new int[kernel.axes() + 2];
    sizes[0] = first;
    sizes[1] = second;
    for (int d = 0; d < kernel.axes(); d++) {
      sizes[d + 2] = kernel.sizes().get(d);
    }
    return Shape.of(sizes);
  }

  /// Uniform on +-1/sqrt(fan in of the weight).
  static Parameter uniform(Shape shape, Shape weight, Key key) {
    double bound = 1 / Math.sqrt(Initializer.fan(weight, Initializer.Fan.IN));
    return Parameter.of(Initializer.uniform(-bound, bound).values(shape, key));
  }

  /// `[out, in, kernel...]` to `[taps, in, out]`.
  static Tensor byTap(Tensor weight) {
    return weight.reshape(weight.size(0), weight.size(1), -1).permute(2, 1, 0);
  }
}
