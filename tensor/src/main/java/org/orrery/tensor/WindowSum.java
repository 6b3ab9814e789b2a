package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.WindowSumKernels;

/// `y[n, o, c]` is the sum of `x[n, cell(o, t), c]` over the taps t inside the box; or, transposed, `x[n, i, c]` the sum of
/// `y[n, o, c]` over the outputs o and taps t with cell(o, t) = i.
///
/// Shapes: x `[batch, cells..., channels]`, y `[batch, outputs..., channels]`.
///
/// @param window how the kernel slides
/// @param given x, or y where transposed
/// @param direction which of the two
public record WindowSum(Window window, Tensor given, Direction direction) implements Op {
  /// Which way a window is read.
  public enum Direction {
    /// from cells to outputs
    GATHER,
    /// from outputs to cells
    SPREAD
  }

  /// Checks the shape.
  public WindowSum {
    boolean gathers = direction == Direction.GATHER;
    Require.that(
        given.rank() == window.axes().size() + 2 && given.shape().equals(gathers
            ? window.inputs(given.rows(), given.columns())
            : window.results(given.rows(), given.columns())),
        "window sum", given.shape(), (gathers ? "the cells of " : "the outputs of ") + window + " are required");
  }

  /// The sums over the windows.
  public static Tensor of(Window window, Tensor x) {
    return Tensor.of(new WindowSum(window, x, Direction.GATHER));
  }

  /// What each output sees at one tap: `[batch, outputs..., channels]`, 0 outside the box.
  static Tensor seen(Window window, Tensor x, int[] tap) {
    Tensor y = x;
    for (int d = 0; d < tap.length; d++) {
      Window.Axis axis = window.axes().get(d);
      int from = tap[d] * axis.dilation();
      y = y.pad(d + 1, axis.before(), axis.after()).slice(d + 1, from,
          from + (axis.outputs() - 1) * axis.stride() + 1, axis.stride());
    }
    return y;
  }

  /// Zeros but for what each output puts into the cell that it sees at one tap: the transpose of [#seen].
  static Tensor placed(Window window, Tensor y, int[] tap) {
    Tensor x = y;
    for (int d = 0; d < tap.length; d++) {
      Window.Axis axis = window.axes().get(d);
      int padded = axis.before() + axis.size() + axis.after();
      x = Tensor.of(new Placed(x, d + 1, tap[d] * axis.dilation(), axis.stride(), padded)).slice(d + 1, axis.before(),
          axis.before() + axis.size());
    }
    return x;
  }

  @Override
  public String name() {
    return direction == Direction.GATHER ? "window sum" : "window spread";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(given);
  }

  @Override
  public Shape shape() {
    return direction == Direction.GATHER
        ? window.results(given.rows(), given.columns())
        : window.inputs(given.rows(), given.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    WindowSumKernels kernels = backend.kernels(WindowSumKernels.class);
    if (kernels == null) {
      return Op.super.forward(backend);
    }
    return direction == Direction.GATHER
        ? kernels.windowSum(window, given.rows(), given.columns(), given.data())
        : kernels.windowSpread(window, given.rows(), given.columns(), given.data());
  }

  @Override
  public Tensor definition() {
    Tensor sum = Tensor.zeros(shape());
    for (int[] tap : window.tapPositions()) {
      sum = sum.add(direction == Direction.GATHER ? seen(window, given, tap) : placed(window, given, tap));
    }
    return sum;
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    Direction back = direction == Direction.GATHER ? Direction.SPREAD : Direction.GATHER;
    sink.add(given, () -> Tensor.of(new WindowSum(window, upstream, back)));
  }

  @Override
  public Cost cost() {
    return cost(window, given, shape());
  }

  static Cost cost(Window window, Tensor given, Shape shape) {
    long steps = (long) given.rows() * window.outputs() * window.taps() * given.columns();
    return Cost.ofNumbers(given.shape().elements(), shape.elements(), steps, 0);
  }
}
