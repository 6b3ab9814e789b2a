package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.MaximumPoolingKernels;
import org.orrery.tensor.backend.Storage;

/// `y[n, o, c]` is the largest of `x[n, cell(o, t), c]` over the taps t inside the box. The gradient goes to the first of equal
/// entries.
///
/// Shapes: x `[batch, cells..., channels]`, y `[batch, outputs..., channels]`. Every window must reach into the box.
///
/// @param window how the kernel slides
/// @param x images, channels last
public record WindowMaximum(Window window, Tensor x) implements Op {
  /// Checks the shape.
  public WindowMaximum {
    Require.that(
        x.rank() == window.axes().size() + 2 && x.shape().equals(window.inputs(x.rows(), x.columns())),
        "window maximum", x.shape(), "the cells of " + window + " are required");
    for (Window.Axis axis : window.axes()) {
      for (int o = 0; o < axis.outputs(); o++) {
        Require.that(reaches(axis, o), "window maximum", x.shape(),
            "output " + o + " of " + window + " sees padding only; windows must reach into the box");
      }
    }
  }

  private static boolean reaches(Window.Axis axis, int output) {
    for (int t = 0; t < axis.kernel(); t++) {
      int cell = axis.cell(output, t);
      if (cell >= 0 && cell < axis.size()) {
        return true;
      }
    }
    return false;
  }

  /// Which cell of its image each result comes from, the first of equals: `[batch, outputs..., channels]` row-major.
  ///
  /// @throws IllegalStateException on a backend that computes nothing
  public Indices cells() {
    MaximumPoolingKernels kernels = x.backend().kernels(MaximumPoolingKernels.class);
    if (kernels != null) {
      return kernels.windowMaximumCells(window, x.rows(), x.columns(), x.data());
    }
    return cellsByDefinition();
  }

  private Indices cellsByDefinition() {
    Tensor numbers = Tensor.range(window.cells()).reshape(window.inputs(1, 1)).expand(x.shape());
    Tensor chosen = chosen(numbers);
    double[] values = chosen.toDoubles();
    int[] cells = new int[values.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (int) values[i];
    }
    return Indices.wrap(cells);
  }

  @Override
  public String name() {
    return "window maximum";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return window.results(x.rows(), x.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    MaximumPoolingKernels kernels = backend.kernels(MaximumPoolingKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.windowMaximum(window, x.rows(), x.columns(), x.data());
  }

  @Override
  public Tensor definition() {
    return chosen(x);
  }

  /// The entries of another tensor of x's shape where x is largest, the first of equals.
  private Tensor chosen(Tensor other) {
    Tensor most = Tensor.full(shape(), Float.NEGATIVE_INFINITY);
    Tensor value = Tensor.zeros(shape());
    Tensor found = Tensor.zeros(shape());
    Tensor ones = Tensor.ones(x.shape());
    for (int[] tap : window.tapPositions()) {
      Tensor inside = WindowSum.seen(window, ones, tap);
      Tensor seen = WindowSum.seen(window, x.detach(), tap);
      Tensor isFirstNaN = isNaN(seen).multiply(isNaN(most).negate().add(1));
      Tensor beats = inside.multiply(seen.greater(most).maximum(isFirstNaN).maximum(found.negate().add(1)));
      value = Tensor.where(beats, WindowSum.seen(window, other, tap), value);
      most = Tensor.where(beats, seen, most);
      found = found.maximum(inside);
    }
    return value;
  }

  private static Tensor isNaN(Tensor values) {
    return values.equalTo(values).negate().add(1);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    if (Tensor.isRecording() || !x.backend().has(MaximumPoolingKernels.class)) {
      Op.super.backward(y, upstream, sink);
    } else {
      sink.add(x, () -> Tensor.of(new Share(this, y, upstream)));
    }
  }

  @Override
  public Cost cost() {
    return WindowSum.cost(window, x, shape());
  }

  /// Each output's upstream at the first cell that equals it; defined by what is differentiated in [WindowMaximum#definition()].
  private record Share(WindowMaximum of, Tensor y, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "window maximum gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(of.x, y, upstream);
    }

    @Override
    public Shape shape() {
      return of.x.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      MaximumPoolingKernels kernels = backend.kernels(MaximumPoolingKernels.class);
      if (kernels != null) {
        return kernels.windowMaximumGradient(of.window, of.x.rows(), of.x.columns(), of.x.data(), y.data(),
            upstream.data());
      }
      throw new IllegalStateException(
          "window maximum: a gradient on " + backend.name() + ", which has no kernel for it");
    }

    @Override
    public Cost cost() {
      return WindowSum.cost(of.window, of.x, shape());
    }
  }
}
