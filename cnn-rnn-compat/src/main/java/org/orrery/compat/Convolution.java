package org.orrery.compat;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Grid;
import org.orrery.messagepassing.TypedLinear;
import org.orrery.nn.Activation;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Rows;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;

/// Convolution in one to three dimensions: message passing along a [Grid] with a matrix for each kernel offset ([TypedLinear]), plus a
/// bias. PyTorch's Conv1d, Conv2d and Conv3d, on images with channels last.
///
/// Shape: `[batch, cells..., in]` to `[batch, outputs..., out]`.
///
/// @param weight `[out, in / groups, kernel...]`, as PyTorch has it
/// @param bias `[out]`; null for none
/// @param kernel sizes, strides, dilations, padding
/// @param groups how many parts of the channels stay apart
public record Convolution(Parameter weight, @Nullable Parameter bias, Kernel kernel,
    int groups) implements Layer {
  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not, or channels do not divide by the groups
  public Convolution {
    Shape shape = weight.shape();
    KernelWeights.requireWeight("Convolution", shape, kernel);
    if (groups < 1 || shape.size(0) % groups != 0) {
      throw new IllegalArgumentException(
          "Convolution: " + shape.size(0) + " output channels in " + groups + " groups; the groups must divide them");
    }
    KernelWeights.requireBias("Convolution", bias, shape.size(0));
  }

  /// With a bias; both uniform on +-1/sqrt(fan in), as PyTorch starts them.
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static Convolution create(int in, int out, Kernel kernel, Key key) {
    return create(in, out, kernel, 1, key);
  }

  /// With a bias and groups.
  ///
  /// @throws IllegalArgumentException where a width is not positive, or channels do not divide by the groups
  public static Convolution create(int in, int out, Kernel kernel, int groups, Key key) {
    Shape shape = KernelWeights.weightShape("Convolution", in, out, groups, kernel);
    return new Convolution(KernelWeights.uniform(shape, shape, key.fold("weight")),
        KernelWeights.uniform(Shape.of(out), shape, key.fold("bias")), kernel, groups);
  }

  /// Without a bias.
  ///
  /// @throws IllegalArgumentException where a width is not positive, or channels do not divide by the groups
  public static Convolution withoutBias(int in, int out, Kernel kernel, int groups, Key key) {
    Shape shape = KernelWeights.weightShape("Convolution", in, out, groups, kernel);
    return new Convolution(KernelWeights.uniform(shape, shape, key.fold("weight")), null, kernel, groups);
  }

  /// The channels that it reads.
  public int in() {
    return weight.shape().size(1) * groups;
  }

  /// The channels that it gives.
  public int out() {
    return weight.shape().size(0);
  }

  /// The grid that it runs along for images of so many cells.
  ///
  /// @throws IllegalArgumentException where the kernel is larger than the padded image
  public Grid grid(List<Integer> cells) {
    return Grid.of(kernel.window(cells), kernel.beyond());
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return forward(Rows.of(x), Activation.IDENTITY, mode);
  }

  @Override
  public Tensor forward(Rows rows, Activation after, Mode mode) {
    Tensor x = rows.dense();
    Images images = Images.of(x, kernel.axes(), in(), "Convolution");
    Grid grid = grid(images.cells()).times(images.batch());
    Window window = grid.window();
    Tensor y = TypedLinear.onGrid(grid, x.reshape(grid.senders(), in()), KernelWeights.byTap(weight.value()),
        bias == null ? null : bias.value(), groups, after);
    return y.reshape(images.with(window.outputSizes(), out()).shape());
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
