package org.orrery.compat;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// y = relu(n2(c2 relu(n1(c1 x))) + s(x)): two 3 x 3 convolutions, each with a batch norm, around which x, or its projection s where
/// sizes change, takes a short cut. The basic block of He et al. 2016, figure 2 and option B; its parts have torchvision's names.
///
/// Shape: `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`, rounded up.
///
/// @param first c1
/// @param firstNorm n1
/// @param second c2
/// @param secondNorm n2
/// @param shortcut s; null for x itself
public record ResidualBlock(Convolution first, BatchNorm firstNorm, Convolution second, BatchNorm secondNorm,
    @Nullable Sequential shortcut) implements Layer {
  /// Checks that the widths fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public ResidualBlock {
    if (first.out() != firstNorm.width() || first.out() != second.in() || second.out() != secondNorm.width()) {
      throw new IllegalArgumentException("ResidualBlock: convolutions " + first.in() + " to " + first.out() + " and "
          + second.in() + " to " + second.out() + ", norms of " + firstNorm.width() + " and " + secondNorm.width()
          + "; they must agree");
    }
  }

  /// A block without biases; its short cut projects where the stride is not 1 or the widths differ.
  ///
  /// @throws IllegalArgumentException where a width or the stride is not positive
  public static ResidualBlock create(int in, int out, int stride, Key key) {
    Kernel three = Kernel.of(3, 3).padding(1);
    Sequential shortcut = stride == 1 && in == out
        ? null
        : Sequential.of(
            Convolution.withoutBias(in, out, Kernel.of(1, 1).stride(stride), 1, key.fold("downsample")),
            BatchNorm.create(out));
    return new ResidualBlock(Convolution.withoutBias(in, out, three.stride(stride), 1, key.fold("conv1")),
        BatchNorm.create(out), Convolution.withoutBias(out, out, three, 1, key.fold("conv2")), BatchNorm.create(out),
        shortcut);
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    Tensor inner = firstNorm.apply(first.apply(x), mode).relu();
    Tensor y = secondNorm.apply(second.apply(inner), mode);
    return y.add(shortcut == null ? x : shortcut.apply(x, mode)).relu();
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(first.in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(second.out());
  }

  @Override
  public void describe(Parts parts) {
    parts.block("conv1", first).block("bn1", firstNorm).block("conv2", second).block("bn2", secondNorm)
        .block("downsample", shortcut);
  }
}
