package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ConvolutionKernels;
import org.orrery.tensor.backend.ConvolutionKernels.Filter;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// `y[n, o, j] = f(b[j] + sum over the taps t and channels i of x[n, cell(o, t), i] w[t, i, j])`: message passing on a grid with one
/// matrix for each kernel offset. A cross-correlation, as everywhere in the field. Cells outside the box are zero.
///
/// Shapes: x `[batch, cells..., in]`, w `[taps, in / groups, out]`, b `[out]`, y `[batch, outputs..., out]`. Channels are cut into
/// groups that stay apart. Derivatives of any order run on the same kernels ([GridConvolutionTransposed]); no array of cells times
/// taps is made.
///
/// @param window how the kernel slides
/// @param x images, channels last
/// @param weight w, taps row-major
/// @param bias b; null for 0
/// @param groups how many
/// @param function f, whose slope follows from its result; null for none
/// @param alpha the number of f
public record GridConvolution(Window window, Tensor x, Tensor weight, @Nullable Tensor bias, int groups,
    @Nullable Unary function, double alpha) implements Op {
  /// Checks the shapes.
  public GridConvolution {
    requireWeight("convolution", window, weight, groups);
    int in = weight.size(1) * groups;
    Require.that(x.rank() == window.axes().size() + 2 && x.shape().equals(window.inputs(x.rows(), in)), "convolution",
        x.shape(), weight.shape(), window + " of " + in + " channels in " + groups + " groups is required");
    Require.that(bias == null || bias.shape().equals(Shape.of(weight.size(2))), "convolution", weight.shape(),
        "the bias has one number for each output channel");
  }

  /// Without a function.
  public GridConvolution(Window window, Tensor x, Tensor weight, @Nullable Tensor bias, int groups) {
    this(window, x, weight, bias, groups, null, 0);
  }

  static void requireWeight(String operation, Window window, Tensor weight, int groups) {
    Require.that(weight.rank() == 3 && weight.size(0) == window.taps(), operation, weight.shape(),
        "a weight [" + window.taps() + " taps, in / groups, out] is required");
    Require.that(groups >= 1 && weight.size(2) % groups == 0, operation, weight.shape(),
        "the output channels must divide by " + groups + " groups");
  }

  /// The convolution; where every output sees its own cell alone, a matrix product.
  public static Tensor of(Window window, Tensor x, Tensor weight, @Nullable Tensor bias, int groups) {
    GridConvolution convolution = new GridConvolution(window, x, weight, bias, groups);
    return window.isPointwise() && groups == 1 ? convolution.definition() : Tensor.of(convolution);
  }

  /// f of the convolution, fused where the slope of f is known from its result, or nobody will ask for it.
  public static Tensor of(Window window, Tensor x, Tensor weight, @Nullable Tensor bias, int groups, Unary function,
      double alpha) {
    boolean constant = !Tensor.isRecording()
        || !(x.isTracked() || weight.isTracked() || (bias != null && bias.isTracked()));
    boolean fits = constant || Affine.slopeFollowsFromResult(function, alpha);
    return fits && !(window.isPointwise() && groups == 1)
        ? Tensor.of(new GridConvolution(window, x, weight, bias, groups, function, alpha))
        : of(window, x, weight, bias, groups).map(function, alpha);
  }

  @Override
  public String name() {
    return function == null ? "convolution" : "activated convolution";
  }

  @Override
  public List<Tensor> operands() {
    return bias == null ? List.of(x, weight) : List.of(x, weight, bias);
  }

  @Override
  public Shape shape() {
    return window.results(x.rows(), weight.size(2));
  }

  private Filter filter() {
    return new Filter(window, x.rows(), x.columns(), weight.size(2), groups);
  }

  @Override
  public Storage forward(Backend backend) {
    ConvolutionKernels kernels = backend.kernels(ConvolutionKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.convolve(filter(), x.data(), weight.data(), bias == null ? null : bias.data(), function, alpha);
  }

  @Override
  public Tensor definition() {
    Tensor products = products();
    Tensor sum = bias == null ? products : products.add(bias);
    return function == null ? sum : sum.map(function, alpha);
  }

  private Tensor products() {
    if (window.isPointwise() && groups == 1) {
      return x.matmul(weight.select(0, 0));
    }
    Tensor sum = Tensor.zeros(shape());
    List<int[]> taps = window.tapPositions();
    for (int t = 0; t < taps.size(); t++) {
      Tensor seen = WindowSum.seen(window, x, taps.get(t));
      sum = sum.add(grouped(seen, weight.select(0, t), groups));
    }
    return sum;
  }

  /// x w of each group, side by side: x `[..., in]`, w `[in / groups, out]`.
  private static Tensor grouped(Tensor x, Tensor w, int groups) {
    List<Tensor> parts = new ArrayList<>();
    int in = w.size(0);
    int out = w.size(1) / groups;
    for (int g = 0; g < groups; g++) {
      parts.add(x.slice(-1, g * in, (g + 1) * in).matmul(w.slice(1, g * out, (g + 1) * out)));
    }
    return Tensor.concat(-1, parts);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    Tensor inside = function == null ? upstream : sink.timesDerivative(function, alpha, y, y, upstream);
    sink.add(x, () -> GridConvolutionTransposed.of(window, inside, weight, groups));
    sink.add(weight, () -> Tensor.of(new ConvolutionWeights(window, x, inside, groups)));
    if (bias != null) {
      sink.add(bias, () -> inside.reshape(y.shape().elements() / Math.max(1, y.columns()), y.columns()).sum(0));
    }
  }

  @Override
  public Cost cost() {
    return cost(filter(), (long) x.shape().elements() + weight.shape().elements(), shape().elements());
  }

  /// A multiplication and an addition for each output, tap and pair of channels, and a few padded rows and the weights in panels
  /// beside.
  static Cost cost(Filter filter, long read, long written) {
    long products = (long) filter.batch() * filter.window().outputs() * filter.window().taps() * filter.groupIn()
        * filter.out();
    long threads = Runtime.getRuntime().availableProcessors();
    long rows = (long) filter.window().cells() * filter.in() + (long) filter.window().outputs() * filter.out();
    long packed = (long) filter.window().taps() * filter.groupIn() * (filter.out() + 64L * filter.groups());
    return Cost.ofNumbers(read, written, 2 * products, 16 * packed + Math.min(filter.batch(), threads) * 2 * rows);
  }
}
