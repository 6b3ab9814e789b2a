package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ConvolutionKernels;
import org.orrery.tensor.backend.ConvolutionKernels.Filter;
import org.orrery.tensor.backend.Storage;

/// `w[t, i, j] = sum over n, o of x[n, cell(o, t), i] y[n, o, j]`: the gradient of a [GridConvolution] by its weights.
///
/// Shapes: x `[batch, cells..., in]`, y `[batch, outputs..., out]`, w `[taps, in / groups, out]`.
record ConvolutionWeights(Window window, Tensor x, Tensor y, int groups) implements Op {
  @Override
  public String name() {
    return "convolution weights";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x, y);
  }

  @Override
  public Shape shape() {
    return Shape.of(window.taps(), x.columns() / groups, y.columns());
  }

  private Filter filter() {
    return new Filter(window, x.rows(), x.columns(), y.columns(), groups);
  }

  @Override
  public Storage forward(Backend backend) {
    ConvolutionKernels kernels = backend.kernels(ConvolutionKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.convolutionWeights(filter(), x.data(), y.data());
  }

  @Override
  public Tensor definition() {
    int in = x.columns() / groups;
    int out = y.columns() / groups;
    int rows = Math.multiplyExact(x.rows(), window.outputs());
    List<Tensor> taps = new ArrayList<>();
    for (int[] tap : window.tapPositions()) {
      Tensor seen = WindowSum.seen(window, x, tap);
      List<Tensor> parts = new ArrayList<>();
      for (int g = 0; g < groups; g++) {
        Tensor left = seen.slice(-1, g * in, (g + 1) * in).reshape(rows, in);
        parts.add(left.transposedMatmul(y.slice(-1, g * out, (g + 1) * out).reshape(rows, out)));
      }
      taps.add(Tensor.concat(1, parts));
    }
    return Tensor.stack(0, taps);
  }

  @Override
  public void backward(Tensor w, Tensor upstream, Gradients sink) {
    sink.add(x, () -> GridConvolutionTransposed.of(window, y, upstream, groups));
    sink.add(y, () -> GridConvolution.of(window, x, upstream, null, groups));
  }

  @Override
  public Cost cost() {
    return GridConvolution.cost(filter(), (long) x.shape().elements() + y.shape().elements(), shape().elements());
  }
}
