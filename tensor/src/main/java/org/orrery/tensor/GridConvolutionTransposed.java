package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ConvolutionKernels;
import org.orrery.tensor.backend.ConvolutionKernels.Filter;
import org.orrery.tensor.backend.Storage;

/// The transpose of a [GridConvolution] in its input: `x[n, c, i] = sum of y[n, o, j] w[t, i, j]` over the outputs o and taps t with
/// cell(o, t) = c, and the channels j. Message passing on the reversed grid; the gradient of a convolution by its input.
///
/// Shapes: y `[batch, outputs..., out]`, w `[taps, in / groups, out]`, x `[batch, cells..., in]`.
///
/// @param window how the kernel of the convolution slides
/// @param y what its outputs are
/// @param weight w
/// @param groups how many
public record GridConvolutionTransposed(Window window, Tensor y, Tensor weight, int groups) implements Op {
  /// Checks the shapes.
  public GridConvolutionTransposed {
    GridConvolution.requireWeight("transposed convolution", window, weight, groups);
    Require.that(
        y.rank() == window.axes().size() + 2 && y.shape().equals(window.results(y.rows(), weight.size(2))),
        "transposed convolution", y.shape(), weight.shape(),
        "outputs of " + window + " of " + weight.size(2) + " channels are required");
  }

  /// The result; where every output sees its own cell alone, a matrix product.
  public static Tensor of(Window window, Tensor y, Tensor weight, int groups) {
    GridConvolutionTransposed transposed = new GridConvolutionTransposed(window, y, weight, groups);
    return window.isPointwise() && groups == 1 ? y.matmulTransposed(weight.select(0, 0)) : Tensor.of(transposed);
  }

  @Override
  public String name() {
    return "transposed convolution";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(y, weight);
  }

  @Override
  public Shape shape() {
    return window.inputs(y.rows(), weight.size(1) * groups);
  }

  private Filter filter() {
    return new Filter(window, y.rows(), weight.size(1) * groups, weight.size(2), groups);
  }

  @Override
  public Storage forward(Backend backend) {
    ConvolutionKernels kernels = backend.kernels(ConvolutionKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.convolveTransposed(filter(), y.data(), weight.data());
  }

  @Override
  public Tensor definition() {
    Tensor sum = Tensor.zeros(shape());
    List<int[]> taps = window.tapPositions();
    for (int t = 0; t < taps.size(); t++) {
      sum = sum.add(WindowSum.placed(window, grouped(y, weight.select(0, t), groups), taps.get(t)));
    }
    return sum;
  }

  /// y w^T of each group, side by side: y `[..., out]`, w `[in / groups, out]`.
  private static Tensor grouped(Tensor y, Tensor w, int groups) {
    List<Tensor> parts = new ArrayList<>();
    int out = w.size(1) / groups;
    for (int g = 0; g < groups; g++) {
      parts.add(y.slice(-1, g * out, (g + 1) * out).matmulTransposed(w.slice(1, g * out, (g + 1) * out)));
    }
    return Tensor.concat(-1, parts);
  }

  @Override
  public void backward(Tensor x, Tensor upstream, Gradients sink) {
    sink.add(y, () -> GridConvolution.of(window, upstream, weight, null, groups));
    sink.add(weight, () -> Tensor.of(new ConvolutionWeights(window, upstream, y, groups)));
  }

  @Override
  public Cost cost() {
    return GridConvolution.cost(filter(), (long) y.shape().elements() + weight.shape().elements(), shape().elements());
  }
}
