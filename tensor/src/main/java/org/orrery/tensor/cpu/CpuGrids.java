package org.orrery.tensor.cpu;

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

/// What slides over a grid.
final class CpuGrids extends CpuKernels
    implements
      ConvolutionKernels,
      MaximumPoolingKernels,
      WindowSumKernels,
      ResampleKernels {
  CpuGrids(Machine machine) {
    super(machine);
  }

  @Override
  public Storage convolve(Filter filter, Storage x, Storage weight, @Nullable Storage bias, @Nullable Unary function,
      double alpha) {
    CpuStorage y = fresh(Math.multiplyExact(filter.batch(), filter.window().outputs() * filter.out()));
    Epilogue ending = Epilogue.of(bias == null ? null : values(bias), function, alpha);
    new Convolutions(machine, filter).forward(values(x), values(weight), ending, values(y));
    return y;
  }

  @Override
  public Storage convolveTransposed(Filter filter, Storage y, Storage weight) {
    CpuStorage x = fresh(Math.multiplyExact(filter.batch(), filter.window().cells() * filter.in()));
    new Convolutions(machine, filter).transposed(values(y), values(weight), values(x));
    return x;
  }

  @Override
  public Storage convolutionWeights(Filter filter, Storage x, Storage y) {
    CpuStorage w = fresh(filter.window().taps() * filter.groupIn() * filter.out());
    new Convolutions(machine, filter).weights(values(x), values(y), values(w));
    return w;
  }

  @Override
  public Storage windowMaximum(Window window, int batch, int channels, Storage x) {
    CpuStorage y = fresh(Math.multiplyExact(batch, window.outputs() * channels));
    new Windows(machine, window, batch, channels).maximum(values(x), values(y));
    return y;
  }

  @Override
  public Storage windowMaximumGradient(Window window, int batch, int channels, Storage x, Storage y, Storage upstream) {
    CpuStorage share = fresh(x.size());
    new Windows(machine, window, batch, channels).maximumGradient(values(x), values(y), values(upstream),
        values(share));
    return share;
  }

  @Override
  public Indices windowMaximumCells(Window window, int batch, int channels, Storage x) {
    return Indices.wrap(new Windows(machine, window, batch, channels).maximumCells(values(x)));
  }

  @Override
  public Storage windowSum(Window window, int batch, int channels, Storage x) {
    CpuStorage y = fresh(Math.multiplyExact(batch, window.outputs() * channels));
    new Windows(machine, window, batch, channels).sum(values(x), values(y));
    return y;
  }

  @Override
  public Storage windowSpread(Window window, int batch, int channels, Storage y) {
    CpuStorage x = fresh(Math.multiplyExact(batch, window.cells() * channels));
    new Windows(machine, window, batch, channels).spread(values(y), values(x));
    return x;
  }

  @Override
  public Storage resample(Storage x, int outer, int inner, AxisMap map) {
    CpuStorage y = fresh(Math.multiplyExact(outer, map.rows() * inner));
    Windows.resample(machine, values(x), outer, inner, map, values(y));
    return y;
  }
}
