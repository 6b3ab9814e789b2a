package org.orrery.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Window;
import org.orrery.tensor.backend.ConvolutionKernels;
import org.orrery.tensor.backend.MaximumPoolingKernels;
import org.orrery.tensor.backend.ResampleKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.backend.WindowSumKernels;

/// The kernels of grids in double precision, each the plain loop of its formula over outputs, taps and channels.
class Float64GridKernels extends Float64Backend
    implements
      ConvolutionKernels,
      MaximumPoolingKernels,
      WindowSumKernels,
      ResampleKernels {
  /// What happens at an output, a tap and the cell that it sees; numbers within one image.
  private interface Visit {
    void at(int output, int tap, int cell);
  }

  private static void visit(Window window, Visit visit) {
    for (int output = 0; output < window.outputs(); output++) {
      for (int tap = 0; tap < window.taps(); tap++) {
        int cell = cell(window.axes(), output, tap);
        if (cell >= 0) {
          visit.at(output, tap, cell);
        }
      }
    }
  }

  /// Row-major numbers, the last axis fastest; -1 outside the box.
  private static int cell(List<Window.Axis> axes, int output, int tap) {
    int cell = 0;
    int size = 1;
    int outputs = output;
    int taps = tap;
    for (Window.Axis axis : axes.reversed()) {
      int at = axis.cell(outputs % axis.outputs(), taps % axis.kernel());
      outputs /= axis.outputs();
      taps /= axis.kernel();
      if (at < 0 || at >= axis.size()) {
        return -1;
      }
      cell += at * size;
      size *= axis.size();
    }
    return cell;
  }

  /// What happens at one product of a convolution: places in the images, the weights and the outputs.
  private interface Product {
    void at(int x, int w, int y);
  }

  private static void products(Filter f, Product product) {
    int cells = f.window().cells();
    int outputs = f.window().outputs();
    for (int image = 0; image < f.batch(); image++) {
      int n = image;
      visit(f.window(), (output, tap, cell) -> {
        for (int j = 0; j < f.out(); j++) {
          for (int i = 0; i < f.groupIn(); i++) {
            int channel = j / f.groupOut() * f.groupIn() + i;
            product.at((n * cells + cell) * f.in() + channel, (tap * f.groupIn() + i) * f.out() + j,
                (n * outputs + output) * f.out() + j);
          }
        }
      });
    }
  }

  @Override
  public Storage convolve(Filter filter, Storage x, Storage weight, @Nullable Storage bias, @Nullable Unary function,
      double alpha) {
    double[] result = new double[filter.batch() * filter.window().outputs() * filter.out()];
    for (int i = 0; i < result.length && bias != null; i++) {
      result[i] = values(bias)[i % filter.out()];
    }
    products(filter, (a, w, y) -> result[y] += values(x)[a] * values(weight)[w]);
    return function == null ? wrap(result) : unary(function, alpha, wrap(result));
  }

  @Override
  public Storage convolveTransposed(Filter filter, Storage y, Storage weight) {
    double[] result = new double[filter.batch() * filter.window().cells() * filter.in()];
    products(filter, (a, w, b) -> result[a] += values(y)[b] * values(weight)[w]);
    return wrap(result);
  }

  @Override
  public Storage convolutionWeights(Filter filter, Storage x, Storage y) {
    double[] result = new double[filter.window().taps() * filter.groupIn() * filter.out()];
    products(filter, (a, w, b) -> result[w] += values(x)[a] * values(y)[b]);
    return wrap(result);
  }

  /// What happens at an output, a tap's cell and a channel: places in the images and the outputs.
  private interface Pair {
    void at(int x, int y);
  }

  private static void pairs(Window window, int batch, int channels, Pair pair) {
    for (int image = 0; image < batch; image++) {
      int n = image;
      visit(window, (output, tap, cell) -> {
        for (int c = 0; c < channels; c++) {
          pair.at((n * window.cells() + cell) * channels + c, (n * window.outputs() + output) * channels + c);
        }
      });
    }
  }

  /// The place of the first largest entry of each window; a NaN counts as the largest.
  private static int[] places(Window window, int batch, int channels, double[] x) {
    int[] places = new int[batch * window.outputs() * channels];
    Arrays.fill(places, -1);
    pairs(window, batch, channels, (a, y) -> {
      boolean beats = places[y] < 0 || x[a] > x[places[y]] || (Double.isNaN(x[a]) && !Double.isNaN(x[places[y]]));
      places[y] = beats ? a : places[y];
    });
    return places;
  }

  @Override
  public Storage windowMaximum(Window window, int batch, int channels, Storage x) {
    int[] places = places(window, batch, channels, values(x));
    double[] result = new double[places.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values(x)[places[i]];
    }
    return wrap(result);
  }

  @Override
  public Storage windowMaximumGradient(Window window, int batch, int channels, Storage x, Storage y, Storage upstream) {
    int[] places = places(window, batch, channels, values(x));
    double[] result = new double[values(x).length];
    for (int i = 0; i < places.length; i++) {
      result[places[i]] += values(upstream)[i];
    }
    return wrap(result);
  }

  @Override
  public Indices windowMaximumCells(Window window, int batch, int channels, Storage x) {
    int[] places = places(window, batch, channels, values(x));
    for (int i = 0; i < places.length; i++) {
      places[i] = places[i] / channels % window.cells();
    }
    return Indices.wrap(places);
  }

  @Override
  public Storage windowSum(Window window, int batch, int channels, Storage x) {
    double[] result = new double[batch * window.outputs() * channels];
    pairs(window, batch, channels, (a, y) -> result[y] += values(x)[a]);
    return wrap(result);
  }

  @Override
  public Storage windowSpread(Window window, int batch, int channels, Storage y) {
    double[] result = new double[batch * window.cells() * channels];
    pairs(window, batch, channels, (a, b) -> result[a] += values(y)[b]);
    return wrap(result);
  }

  @Override
  public Storage resample(Storage x, int outer, int inner, AxisMap map) {
    double[] result = new double[outer * map.rows() * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < map.rows(); i++) {
        for (int p = map.offset(i); p < map.offset(i + 1); p++) {
          for (int n = 0; n < inner; n++) {
            result[(o * map.rows() + i) * inner + n] += map.weight(p)
                * values(x)[(o * map.columns() + map.column(p)) * inner + n];
          }
        }
      }
    }
    return wrap(result);
  }
}
