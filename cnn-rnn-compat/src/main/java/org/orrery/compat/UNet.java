package org.orrery.compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Activation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Block;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// An encoder-decoder block: y = d([e ; up(inner(pool(e)))]) with e = encoder(x). What is inside sees half the cells; the skip
/// keeps the detail. Blocks nest, and the innermost has nothing inside: y = encoder(x). Ronneberger et al. 2015.
///
/// Shape: `[batch, cells..., in]` to `[batch, cells..., out]`; the cells of each axis must halve evenly, once for each level.
///
/// @param encoder what comes first
/// @param level what is inside; null for nothing
public record UNet(Layer encoder, @Nullable Level level) implements Layer {
  /// What is inside a block.
  ///
  /// @param pool halves the cells
  /// @param inner a block, or another layer of images
  /// @param up doubles the cells
  /// @param decoder takes the encoder's channels and those of `up`, in this order
  public record Level(Layer pool, Layer inner, Layer up, Layer decoder) implements Block {
  }

  /// Blocks in one another, widest inside: two 3 x 3 (or 3, or 3 x 3 x 3) convolutions with batch norm and rectifier at each level,
  /// maxima over 2 x 2 cells down and transposed convolutions up.
  ///
  /// @param axes of the images, 1 to 3
  /// @param in channels of the images
  /// @param widths channels of each level, outermost first
  /// @throws IllegalArgumentException where there is no level, or a number is not positive
  public static UNet create(int axes, int in, List<Integer> widths, Key key) {
    if (widths.isEmpty() || axes < 1 || axes > 3) {
      throw new IllegalArgumentException(
          "UNet: " + axes + " axes and widths " + widths + "; one to three axes and at least one level are required");
    }
    int width = widths.getFirst();
    Layer encoder = twice(axes, in, width, key.fold("encoder"));
    if (widths.size() == 1) {
      return new UNet(encoder, null);
    }
    int below = widths.get(1);
    Integer[] two = each(axes, 2);
    UNet inner = create(axes, width, widths.subList(1, widths.size()), key.fold("inner"));
    return new UNet(encoder, new Level(MaxPool.of(two), inner,
        TransposedConvolution.create(below, width, Kernel.of(two).stride(2), key.fold("up")),
        twice(axes, 2 * width, width, key.fold("decoder"))));
  }

  private static Integer[] each(int axes, int size) {
    Integer[] sizes = new Integer[axes];
    Arrays.fill(sizes, size);
    return sizes;
  }

  private static Sequential twice(int axes, int in, int out, Key key) {
    Kernel three = Kernel.of(each(axes, 3)).padding(1);
    return Sequential.of(Convolution.withoutBias(in, out, three, 1, key.fold(0)), BatchNorm.create(out),
        Activation.RELU,
        Convolution.withoutBias(out, out, three, 1, key.fold(1)), BatchNorm.create(out), Activation.RELU);
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    Tensor detail = encoder.apply(x, mode);
    if (level == null) {
      return detail;
    }
    requireEven(detail);
    Tensor inside = level.inner().apply(level.pool().apply(detail, mode), mode);
    Tensor larger = level.up().apply(inside, mode);
    return level.decoder().apply(Tensor.concat(-1, detail, larger), mode);
  }

  private static void requireEven(Tensor detail) {
    List<Integer> cells = new ArrayList<>(Images.of(detail).cells());
    if (cells.stream().anyMatch(size -> size % 2 != 0)) {
      throw new IllegalArgumentException(
          "UNet: " + detail.shape() + "; cells of an even number along each axis are required at each level");
    }
  }

  @Override
  public OptionalInt inputWidth() {
    return encoder.inputWidth();
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return level == null ? encoder.outputWidth(input) : level.decoder().outputWidth(OptionalInt.empty());
  }

  @Override
  public void describe(Parts parts) {
    parts.block("encoder", encoder).inline(level);
  }
}
