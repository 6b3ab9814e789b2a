package org.orrery.tensor.cpu;

import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.BatchNormKernels;
import org.orrery.tensor.backend.ColumnDotKernels;
import org.orrery.tensor.backend.ColumnMomentsKernels;
import org.orrery.tensor.backend.CrossEntropyKernels;
import org.orrery.tensor.backend.LayerNormKernels;
import org.orrery.tensor.backend.LogSoftmaxKernels;
import org.orrery.tensor.backend.RowNormKernels;
import org.orrery.tensor.backend.SoftmaxKernels;
import org.orrery.tensor.backend.Storage;

/// Work over the rows and down the columns of matrices.
final class CpuRows extends CpuKernels
    implements
      SoftmaxKernels,
      LogSoftmaxKernels,
      RowNormKernels,
      CrossEntropyKernels,
      LayerNormKernels,
      ColumnMomentsKernels,
      ColumnDotKernels,
      BatchNormKernels {
  CpuRows(Machine machine) {
    super(machine);
  }

  @Override
  public Storage columnDot(Storage a, Storage b, int rows, int width) {
    CpuStorage y = fresh(width);
    new Columns(machine, rows, width).dot(values(a), values(b), values(y));
    return y;
  }

  @Override
  public Storage columnMoments(Storage x, int rows, int width) {
    CpuStorage moments = fresh(2 * width);
    new Columns(machine, rows, width).moments(values(x), values(moments));
    return moments;
  }

  @Override
  public Storage batchNorm(Storage x, Storage moments, Storage weight, Storage bias, int rows, int width,
      double epsilon) {
    CpuStorage y = fresh(x.size());
    new Columns(machine, rows, width).normalize(values(x), values(moments), values(weight), values(bias), epsilon,
        values(y));
    return y;
  }

  @Override
  public Storage batchNormSums(Storage x, Storage moments, Storage upstream, int rows, int width, double epsilon) {
    CpuStorage sums = fresh(2 * width);
    new Columns(machine, rows, width).sums(values(x), values(moments), values(upstream), epsilon, values(sums));
    return sums;
  }

  @Override
  public Storage batchNormGradient(Storage x, Storage moments, Storage weight, Storage upstream, Storage sums, int rows,
      int width, double epsilon) {
    CpuStorage share = fresh(x.size());
    new Columns(machine, rows, width).gradient(values(x), values(moments), values(weight), values(upstream),
        values(sums), epsilon, values(share));
    return share;
  }

  @Override
  public Storage softmax(Storage x, int rows, int width) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).softmax(values(x), values(y));
    return y;
  }

  @Override
  public Storage logSoftmax(Storage x, int rows, int width) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).logSoftmax(values(x), values(y));
    return y;
  }

  @Override
  public Storage softmaxGradient(Storage y, Storage upstream, int rows, int width) {
    CpuStorage share = fresh(y.size());
    new Rows(machine, rows, width).softmaxGradient(values(y), values(upstream), values(share));
    return share;
  }

  @Override
  public Storage logSoftmaxGradient(Storage y, Storage upstream, int rows, int width) {
    CpuStorage share = fresh(y.size());
    new Rows(machine, rows, width).logSoftmaxGradient(values(y), values(upstream), values(share));
    return share;
  }

  @Override
  public Storage normalizeRows(Storage x, int rows, int width, double epsilon) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).normalize(values(x), epsilon, values(y));
    return y;
  }

  @Override
  public Storage crossEntropy(Storage x, Indices labels, int rows, int width) {
    CpuStorage y = fresh(rows);
    new Rows(machine, rows, width).crossEntropy(values(x), labels.raw(), values(y));
    return y;
  }

  @Override
  public Storage crossEntropyGradient(Storage x, Indices labels, Storage each, Storage upstream, int rows, int width) {
    CpuStorage share = fresh(x.size());
    new Rows(machine, rows, width).crossEntropyGradient(values(x), labels.raw(), values(each), values(upstream),
        values(share));
    return share;
  }

  @Override
  public Storage layerNorm(Storage x, Storage weight, Storage bias, int rows, int width, double epsilon) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).layerNorm(values(x), values(weight), values(bias), epsilon, values(y));
    return y;
  }

  @Override
  public Storage layerNormGradient(Storage x, Storage weight, Storage upstream, int rows, int width, double epsilon) {
    CpuStorage share = fresh(x.size());
    new Rows(machine, rows, width).layerNormGradient(values(x), values(weight), values(upstream), epsilon,
        values(share));
    return share;
  }

  @Override
  public Storage layerNormScaleGradient(Storage x, Storage upstream, int rows, int width, double epsilon) {
    CpuStorage share = fresh(width);
    new Rows(machine, rows, width).layerNormScaleGradient(values(x), values(upstream), epsilon, values(share));
    return share;
  }
}
