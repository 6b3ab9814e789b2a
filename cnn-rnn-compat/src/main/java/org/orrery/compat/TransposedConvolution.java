package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Grid;
import org.orrery.messagepassing.TypedLinear;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// Transposed convolution in one to three dimensions: message passing along a reversed [Grid], plus a bias. PyTorch's
/// ConvTranspose1d, ConvTranspose2d and ConvTranspose3d, on images with channels last. An axis of n cells becomes one of
/// (n - 1) stride - 2 padding + dilation (kernel - 1) + 1 + extra cells.
///
/// Shape: `[batch, cells..., in]` to `[batch, larger..., out]`.
///
/// @param weight `[in, out / groups, kernel...]`, as PyTorch has it
/// @param bias `[out]`; null for none
/// @param kernel sizes, strides, dilations, padding of the convolution that is turned round
/// @param groups how many parts of the channels stay apart
/// @param extra cells more at the end of each axis, fewer than the stride or the dilation: which of the sizes that the convolution takes to
///   n cells is meant
public record TransposedConvolution(Parameter weight, @Nullable Parameter bias, Kernel kernel, int groups,
    List<Integer> extra) implements Layer {
  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not, channels do not divide by the groups, or there is padding other than zeros
  public TransposedConvolution {
    extra = List.copyOf(extra);
    Shape shape = weight.shape();
    KernelWeights.requireWeight("TransposedConvolution", shape, kernel);
    if (groups < 1 || shape.size(0) % groups != 0) {
      throw new IllegalArgumentException("TransposedConvolution: " + shape.size(0) + " input channels in " + groups
          + " groups; the groups must divide them");
    }
    KernelWeights.requireBias("TransposedConvolution", bias, shape.size(1) * groups);
    boolean fits = extra.size() == kernel.axes() && kernel.beyond() == Grid.Padding.ZEROS;
    for (int d = 0; d < extra.size() && fits; d++) {
      fits = extra.get(d) >= 0 && extra.get(d) < Math.max(kernel.strides().get(d), kernel.dilations().get(d));
    }
    if (!fits) {
      throw new IllegalArgumentException("TransposedConvolution: " + extra + " more cells with strides "
          + kernel.strides() + ", dilations " + kernel.dilations() + " and padding " + kernel.beyond()
          + "; fewer than the stride or dilation, and zeros, are required");
    }
  }

  /// With a bias; both uniform on +-1/sqrt(fan in), as PyTorch starts them.
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static TransposedConvolution create(int in, int out, Kernel kernel, Key key) {
    return create(in, out, kernel, 1, key);
  }

  /// With a bias and groups.
  ///
  /// @throws IllegalArgumentException where a width is not positive, or channels do not divide by the groups
  public static TransposedConvolution create(int in, int out, Kernel kernel, int groups, Key key) {
    KernelWeights.weightShape("TransposedConvolution", in, out, groups, kernel);
    Shape shape = KernelWeights.shape(in, out / groups, kernel);
    return new TransposedConvolution(KernelWeights.uniform(shape, shape, key.fold("weight")),
        KernelWeights.uniform(Shape.of(out), shape, key.fold("bias")), kernel, groups,
        kernel.before().stream().map(n -> 0).toList());
  }

  /// The same without a bias.
  public TransposedConvolution withoutBias() {
    return new TransposedConvolution(weight, null, kernel, groups, extra);
  }

  /// The same with so many cells more at the end of each axis.
  public TransposedConvolution withExtra(List<Integer> cells) {
    return new TransposedConvolution(weight, bias, kernel, groups, cells);
  }

  /// The channels that it reads.
  public int in() {
    return weight.shape().size(0);
  }

  /// The channels that it gives.
  public int out() {
    return weight.shape().size(1) * groups;
  }

  /// The reversed grid that it runs along for images of so many cells. Where extra cells fill a stride, the convolution that is turned
  /// round has more than n outputs, and the grid more senders than there are cells: those behind the last send nothing.
  ///
  /// @throws IllegalArgumentException where nothing would be left
  public Grid grid(List<Integer> cells) {
    List<Axis> axes = new ArrayList<>();
    for (int d = 0; d < kernel.axes(); d++) {
      int stride = kernel.strides().get(d);
      int before = kernel.before().get(d);
      int after = kernel.after().get(d);
      int span = kernel.dilations().get(d) * (kernel.sizes().get(d) - 1) + 1;
      int size = (cells.get(d) - 1) * stride + span + extra.get(d) - before - after;
      if (cells.get(d) < 1 || size < 1) {
        throw new IllegalArgumentException("TransposedConvolution: " + cells.get(d) + " cells with stride " + stride
            + ", kernel " + kernel.sizes().get(d) + " and padding " + before + " and " + after + " give " + size
            + "; at least 1 is required");
      }
      axes.add(new Axis(size, kernel.sizes().get(d), stride, kernel.dilations().get(d), before, after));
    }
    return Grid.of(new Window(axes)).reversed();
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return result(x);
  }

  private Tensor result(Tensor x) {
    Images images = Images.of(x, kernel.axes(), in(), "TransposedConvolution");
    Grid grid = grid(images.cells()).times(images.batch());
    Tensor sent = x;
    for (int d = 0; d < kernel.axes(); d++) {
      int behind = grid.window().outputSizes().get(d) - images.cells().get(d);
      sent = behind == 0 ? sent : sent.pad(d + 1, 0, behind);
    }
    Tensor y = TypedLinear.onGrid(grid, sent.reshape(grid.senders(), in()), byTap(),
        bias == null ? null : bias.value(), groups);
    return y.reshape(images.with(grid.window().sizes(), out()).shape());
  }

  /// `[in, out / groups, kernel...]` to `[taps, in / groups, out]`.
  private Tensor byTap() {
    int in = in() / groups;
    int out = out() / groups;
    return weight.value().reshape(groups, in, out, kernel.taps()).permute(3, 1, 0, 2)
        .reshape(kernel.taps(), in, groups * out);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(out());
  }
}
