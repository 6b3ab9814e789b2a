package org.orrery.testkit;

import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.salted;
import static org.orrery.testkit.Inputs.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.AxisMap.Term;
import org.orrery.tensor.Key;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.backend.ConvolutionKernels;
import org.orrery.tensor.backend.ConvolutionKernels.Filter;
import org.orrery.tensor.backend.MaximumPoolingKernels;
import org.orrery.tensor.backend.ResampleKernels;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.backend.WindowSumKernels;

/// Kernels on grids agree with their formulas: one to three axes, strides, dilations, one-sided padding, groups, widths that fill
/// no vector, rows longer than a piece of work, images without cells.
final class GridLaws {
  private final SideBySide both;

  GridLaws(SideBySide both) {
    this.both = both;
  }

  Stream<DynamicTest> laws() {
    return Stream.of(filters().stream().flatMap(this::filter), windows().stream().flatMap(this::window),
        Stream.of(new int[] {1, 5, 3}, new int[] {4, 7, 33}, new int[] {0, 3, 2}).map(n -> map(n[0], n[1], n[2])))
        .flatMap(laws -> laws);
  }

  private static Axis axis(int size, int kernel, int stride, int dilation, int before, int after) {
    return new Axis(size, kernel, stride, dilation, before, after);
  }

  private static List<Filter> filters() {
    Window plain = Window.of(Axis.of(6, 3), Axis.of(7, 3));
    Window padded = Window.of(axis(9, 3, 1, 1, 1, 1), axis(8, 3, 1, 1, 1, 1));
    Window strided = Window.of(axis(11, 5, 2, 1, 2, 2), axis(10, 4, 3, 1, 2, 1));
    Window dilated = Window.of(axis(9, 3, 2, 2, 2, 1), axis(12, 3, 1, 3, 3, 3));
    Window cube = Window.of(axis(4, 2, 1, 1, 0, 1), axis(5, 3, 2, 1, 1, 1), axis(6, 3, 1, 1, 1, 1));
    return List.of(new Filter(plain, 1, 1, 1, 1), new Filter(plain, 2, 3, 4, 1), new Filter(padded, 3, 16, 16, 1),
        new Filter(padded, 2, 5, 70, 1), new Filter(padded, 2, 64, 33, 1), new Filter(strided, 2, 3, 8, 1),
        new Filter(strided, 2, 6, 4, 2), new Filter(dilated, 2, 4, 6, 1), new Filter(dilated, 2, 4, 4, 4),
        new Filter(padded, 2, 4, 16, 2),
        new Filter(cube, 2, 4, 5, 1), new Filter(cube, 1, 6, 9, 3),
        new Filter(Window.of(axis(1300, 3, 1, 1, 1, 1)), 1, 3, 5, 1),
        new Filter(Window.of(axis(1203, 5, 2, 2, 3, 0)), 2, 2, 18, 1),
        new Filter(Window.of(axis(3, 1, 2, 1, 0, 0)), 2, 3, 2, 1),
        new Filter(Window.of(axis(0, 2, 1, 1, 2, 1)), 2, 3, 4, 1), new Filter(padded, 0, 3, 4, 1),
        new Filter(Window.of(axis(5, 2, 4, 1, 0, 0), axis(2, 2, 1, 1, 3, 3)), 3, 2, 3, 1),
        new Filter(Window.of(axis(30, 3, 1, 1, 1, 1), axis(40, 3, 1, 1, 1, 1)), 6, 8, 16, 1));
  }

  private Stream<DynamicTest> filter(Filter f) {
    String of = " of " + f.batch() + " images " + f;
    int cells = f.batch() * f.window().cells() * f.in();
    int outputs = f.batch() * f.window().outputs() * f.out();
    int weights = f.window().taps() * f.groupIn() * f.out();
    return Stream.of(law("convolve" + of, key -> {
      float[] x = normal(key, cells, 1);
      float[] w = normal(key.fold(1), weights, 1);
      both.agreeToMagnitude(ConvolutionKernels.class, (device, a) -> device.convolve(f, a[0], a[1], a[2], null, 0), x,
          w,
          normal(key.fold(2), f.out(), 1));
      both.agreeToMagnitude(ConvolutionKernels.class, (device, a) -> device.convolve(f, a[0], a[1], null, null, 0), x,
          w);
      for (Unary function : List.of(Unary.RELU, Unary.TANH)) {
        both.agree(ConvolutionKernels.class, (device, a) -> device.convolve(f, a[0], a[1], a[2], function, 0),
            4 * Math.sqrt(f.window().taps() * f.groupIn() + 1.0), x, w, normal(key.fold(2), f.out(), 1));
      }
    }), law("convolveTransposed" + of, key -> both.agreeToMagnitude(ConvolutionKernels.class,
        (device, a) -> device.convolveTransposed(f, a[0], a[1]), normal(key, outputs, 1),
        normal(key.fold(1), weights, 1))),
        law("convolutionWeights" + of, key -> both.agreeToMagnitude(ConvolutionKernels.class,
            (device, a) -> device.convolutionWeights(f, a[0], a[1]), normal(key, cells, 1),
            normal(key.fold(1), outputs, 1))));
  }

  private static List<Window> windows() {
    return List.of(Window.of(axis(11, 2, 2, 1, 0, 0)), Window.of(axis(9, 2, 2, 1, 0, 0), axis(8, 2, 2, 1, 0, 0)),
        Window.of(axis(37, 2, 2, 1, 0, 0), axis(37, 2, 3, 1, 0, 0)),
        Window.of(axis(9, 2, 2, 1, 0, 0), axis(8, 3, 2, 1, 1, 1)),
        Window.of(axis(5, 3, 1, 1, 1, 1), axis(6, 3, 1, 2, 2, 1)),
        Window.of(axis(4, 2, 1, 1, 0, 0), axis(5, 3, 2, 1, 1, 0), axis(6, 2, 2, 1, 0, 1)),
        Window.of(axis(60, 3, 2, 1, 1, 1), axis(70, 3, 2, 1, 1, 1)));
  }

  private Stream<DynamicTest> window(Window window) {
    return Stream.of(1, 3, 8, 16, 33).flatMap(channels -> window(window, 3, channels));
  }

  private Stream<DynamicTest> window(Window window, int batch, int channels) {
    String of = " " + window + " of " + channels + " channels";
    int inputs = batch * window.cells() * channels;
    int outputs = batch * window.outputs() * channels;
    return Stream.of(
        law("windowSum" + of, key -> both.agreeToMagnitude(WindowSumKernels.class,
            (device, a) -> device.windowSum(window, batch, channels, a[0]), normal(key, inputs, 1))),
        law("windowSpread" + of, key -> both.agreeToMagnitude(WindowSumKernels.class,
            (device, a) -> device.windowSpread(window, batch, channels, a[0]), normal(key.fold(2), outputs, 1))),
        law("windowMaximum" + of, key -> withTies(key, inputs).forEach(x -> both.agree(MaximumPoolingKernels.class,
            (device, a) -> device.windowMaximum(window, batch, channels, a[0]), 1e-3, x))),
        law("windowMaximumGradient" + of, key -> withTies(key, inputs).forEach(x -> both.agree(
            MaximumPoolingKernels.class, (device, a) -> device.windowMaximumGradient(window, batch, channels, a[0],
                device.windowMaximum(window, batch, channels, a[0]), a[1]),
            4, x, normal(key.fold(2), outputs, 1)))),
        law("windowMaximumCells" + of, key -> withTies(key, inputs).forEach(x -> both.sameIndices(
            MaximumPoolingKernels.class, (device, a) -> device.windowMaximumCells(window, batch, channels, a), x))));
  }

  private static List<float[]> withTies(Key key, int size) {
    return List.of(normal(key, size, 1),
        salted(key.fold(3), whole(key.fold(1), size), Float.NaN, Float.NEGATIVE_INFINITY));
  }

  private DynamicTest map(int outer, int columns, int inner) {
    return law("resample [" + outer + ", " + columns + ", " + inner + "]", key -> {
      List<List<Term>> rows = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        List<Term> terms = new ArrayList<>();
        for (int p = 0; p < i % 4; p++) {
          Key own = key.fold(i).fold(p);
          terms.add(new Term(own.integers(1, columns)[0], own.normal(1)[0]));
        }
        rows.add(terms);
      }
      AxisMap map = AxisMap.of(columns, rows);
      both.agree(ResampleKernels.class, (device, a) -> device.resample(a[0], outer, inner, map), 4,
          normal(key, outer * columns * inner, 1));
      both.agree(ResampleKernels.class, (device, a) -> device.resample(a[0], outer, inner, map.transposed()), 4,
          normal(key.fold(1), outer * map.rows() * inner, 1));
    });
  }
}
