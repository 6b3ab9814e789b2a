package org.orrery.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.ActivatedProductKernels;
import org.orrery.tensor.backend.AdamKernels;
import org.orrery.tensor.backend.BatchNormKernels;
import org.orrery.tensor.backend.ColumnDotKernels;
import org.orrery.tensor.backend.ColumnMomentsKernels;
import org.orrery.tensor.backend.CrossEntropyKernels;
import org.orrery.tensor.backend.DerivativeKernels;
import org.orrery.tensor.backend.DropoutKernels;
import org.orrery.tensor.backend.Expression;
import org.orrery.tensor.backend.GatheredSumKernels;
import org.orrery.tensor.backend.InPlaceKernels;
import org.orrery.tensor.backend.LayerNormKernels;
import org.orrery.tensor.backend.LogSoftmaxKernels;
import org.orrery.tensor.backend.NeighborExtremeKernels;
import org.orrery.tensor.backend.NeighborMeanKernels;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.ProductSumKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.RowNormKernels;
import org.orrery.tensor.backend.SegmentExtremeKernels;
import org.orrery.tensor.backend.SegmentSoftmaxKernels;
import org.orrery.tensor.backend.SegmentVarianceKernels;
import org.orrery.tensor.backend.SoftmaxKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.backend.WeightedSumKernels;

/// [Float64Backend] with the kernels of every contract but those of recurrent cells, each kernel the plain loop of its formula: what fast kernels are compared
/// with.
final class Float64Kernels extends Float64EdgeKernels
    implements
      ActivatedProductKernels,
      AdamKernels,
      BatchNormKernels,
      ColumnDotKernels,
      ColumnMomentsKernels,
      CrossEntropyKernels,
      DerivativeKernels,
      DropoutKernels,
      GatheredSumKernels,
      InPlaceKernels,
      LayerNormKernels,
      LogSoftmaxKernels,
      NeighborExtremeKernels,
      NeighborMeanKernels,
      ProductSumKernels,
      RowNormKernels,
      SegmentExtremeKernels,
      SegmentSoftmaxKernels,
      SegmentVarianceKernels,
      SoftmaxKernels,
      WeightedSumKernels {
  @Override
  public Storage unaryGradient(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    Expression slope = kind.slope(alpha);
    double[] result = new double[values(x).length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values(upstream)[i] * slope.evaluate(values(x)[i], values(y)[i]);
    }
    return wrap(result);
  }

  @Override
  public void timesDerivative(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    double[] share = values(unaryGradient(kind, alpha, x, y, upstream));
    System.arraycopy(share, 0, values(upstream), 0, share.length);
  }

  @Override
  public void accumulate(Storage sum, Storage share) {
    double[] added = values(share);
    Arrays.setAll(values(sum), i -> values(sum)[i] + added[i]);
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias, Unary function, double alpha) {
    return unary(function, alpha, matmul(sizes, a, b, bias));
  }

  @Override
  public Storage matmulSum(List<Product> sizes, List<Storage> a, List<Storage> b, @Nullable Storage bias,
      @Nullable Unary function, double alpha) {
    double[] sum = values(matmul(sizes.getFirst(), a.getFirst(), b.getFirst(), bias)).clone();
    for (int i = 1; i < sizes.size(); i++) {
      double[] next = values(matmul(sizes.get(i), a.get(i), b.get(i), null));
      Arrays.setAll(sum, at -> sum[at] + next[at]);
    }
    return function == null ? wrap(sum) : unary(function, alpha, wrap(sum));
  }

  @Override
  public Storage matmulTimesDerivative(Product sizes, Storage a, Storage b, Unary function, double alpha, Storage y) {
    double[] product = values(matmul(sizes, a, b, null));
    double[] before = values(y);
    double[] result = new double[product.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = product[i] * switch (function) {
        case RELU -> before[i] > 0 ? 1 : 0;
        case LEAKY_RELU -> before[i] > 0 ? 1 : alpha;
        default -> throw new IllegalArgumentException("the slope of " + function + " does not follow from its result");
      };
    }
    release(y);
    return wrap(result);
  }

  @Override
  public Storage crossEntropy(Storage x, Indices labels, int rows, int width) {
    double[] logs = values(logSoftmax(x, rows, width));
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = -logs[r * width + labels.at(r)];
    }
    return wrap(y);
  }

  @Override
  public Storage crossEntropyGradient(Storage x, Indices labels, Storage each, Storage upstream, int rows, int width) {
    double[] share = values(softmax(x, rows, width)).clone();
    for (int r = 0; r < rows; r++) {
      share[r * width + labels.at(r)] -= 1;
      for (int j = 0; j < width; j++) {
        share[r * width + j] *= values(upstream)[r];
      }
    }
    return wrap(share);
  }

  @Override
  public Storage layerNorm(Storage x, Storage weight, Storage bias, int rows, int width, double epsilon) {
    double[] y = values(normalizeRows(x, rows, width, epsilon)).clone();
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] * values(weight)[i % width] + values(bias)[i % width];
    }
    return wrap(y);
  }

  /// The derivative of z_k by x_j is s ([j = k] - 1 / n - z_j z_k / n).
  @Override
  public Storage layerNormGradient(Storage x, Storage weight, Storage upstream, int rows, int width, double epsilon) {
    double[] z = values(normalizeRows(x, rows, width, epsilon));
    double[] share = new double[z.length];
    for (int r = 0; r < rows; r++) {
      double mean = 0;
      double square = 0;
      for (int j = 0; j < width; j++) {
        mean += values(x)[r * width + j] / width;
      }
      for (int j = 0; j < width; j++) {
        square += Math.pow(values(x)[r * width + j] - mean, 2) / width;
      }
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < width; k++) {
          double slope = (j == k ? 1 : 0) - (1 + z[r * width + j] * z[r * width + k]) / width;
          share[r * width + j] += values(upstream)[r * width + k] * values(weight)[k] * slope
              / Math.sqrt(square + epsilon);
        }
      }
    }
    return wrap(share);
  }

  @Override
  public Storage layerNormScaleGradient(Storage x, Storage upstream, int rows, int width, double epsilon) {
    double[] z = values(normalizeRows(x, rows, width, epsilon));
    double[] share = new double[width];
    for (int i = 0; i < z.length; i++) {
      share[i % width] += values(upstream)[i] * z[i];
    }
    return wrap(share);
  }

  @Override
  public Storage softmax(Storage x, int rows, int width) {
    return segmentSoftmax(x, 1, equalOffsets(rows, width), null);
  }

  @Override
  public Storage logSoftmax(Storage x, int rows, int width) {
    double[] from = values(x);
    double[] y = new double[from.length];
    for (int r = 0; r < rows; r++) {
      double maximum = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < width; k++) {
        maximum = Math.max(maximum, from[r * width + k]);
      }
      double sum = 0;
      for (int k = 0; k < width; k++) {
        sum += StrictMath.exp(from[r * width + k] - maximum);
      }
      for (int k = 0; k < width; k++) {
        y[r * width + k] = from[r * width + k] - maximum - StrictMath.log(sum);
      }
    }
    return wrap(y);
  }

  @Override
  public Storage softmaxGradient(Storage y, Storage upstream, int rows, int width) {
    return segmentSoftmaxGradient(y, upstream, 1, equalOffsets(rows, width), null);
  }

  @Override
  public Storage logSoftmaxGradient(Storage y, Storage upstream, int rows, int width) {
    double[] result = new double[y.size()];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int k = 0; k < width; k++) {
        sum += values(upstream)[r * width + k];
      }
      for (int k = 0; k < width; k++) {
        int i = r * width + k;
        result[i] = values(upstream)[i] - StrictMath.exp(values(y)[i]) * sum;
      }
    }
    return wrap(result);
  }

  @Override
  public Storage normalizeRows(Storage x, int rows, int width, double epsilon) {
    double[] from = values(x);
    double[] y = new double[from.length];
    for (int r = 0; r < rows; r++) {
      double mean = 0;
      for (int k = 0; k < width; k++) {
        mean += from[r * width + k] / width;
      }
      double variance = 0;
      for (int k = 0; k < width; k++) {
        variance += Math.pow(from[r * width + k] - mean, 2) / width;
      }
      for (int k = 0; k < width; k++) {
        y[r * width + k] = (from[r * width + k] - mean) / Math.sqrt(variance + epsilon);
      }
    }
    return wrap(y);
  }

  private static Indices equalOffsets(int rows, int width) {
    int[] offsets = new int[rows + 1];
    for (int r = 0; r <= rows; r++) {
      offsets[r] = r * width;
    }
    return Indices.wrap(offsets);
  }

  @Override
  public Storage weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Storage weights,
      int heads, Storage x, int width, @Nullable Storage start) {
    double[] y = start == null ? new double[(offsets.size() - 1) * width] : values(start).clone();
    for (int r = 0; r + 1 < offsets.size(); r++) {
      for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
        for (int n = 0; n < width; n++) {
          int head = n / (width / heads);
          double weight = weights == null ? 1 : values(weights)[edge(edges, s) * heads + head];
          y[r * width + n] += weight * values(x)[columns.at(s) * width + n];
        }
      }
    }
    return wrap(y);
  }

  @Override
  public Storage neighborMean(Indices offsets, Indices columns, Storage x, int width, @Nullable Storage start) {
    double[] y = values(weightedSum(offsets, columns, null, null, 1, x, width, null));
    for (int i = 0; i < y.length; i++) {
      int row = i / width;
      y[i] = y[i] / Math.max(1, offsets.at(row + 1) - offsets.at(row)) + (start == null ? 0 : values(start)[i]);
    }
    return wrap(y);
  }

  @Override
  public Storage edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Storage a, Storage b, int heads,
      int width) {
    double[] y = new double[columns.size() * heads];
    for (int r = 0; r + 1 < offsets.size(); r++) {
      for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
        for (int n = 0; n < width; n++) {
          int head = n / (width / heads);
          y[edge(edges, s) * heads + head] += values(a)[r * width + n] * values(b)[columns.at(s) * width + n];
        }
      }
    }
    return wrap(y);
  }

  /// What a column of a segment gives a member, from all members of the segment.
  private interface Member {
    double value(double[] segment, int row, int member);
  }

  /// One number for each member, from the column of its segment; 0 for members of none.
  private static double[] members(double[] x, int width, Indices offsets, @Nullable Indices order, Member member) {
    double[] y = new double[x.length];
    for (int r = 0; r + 1 < offsets.size(); r++) {
      for (int n = 0; n < width; n++) {
        double[] segment = column(x, width, offsets, order, r, n);
        for (int i = 0; i < segment.length; i++) {
          y[edge(order, offsets.at(r) + i) * width + n] = member.value(segment, r * width + n, i);
        }
      }
    }
    return y;
  }

  private static double[] column(double[] x, int width, Indices offsets, @Nullable Indices order, int row, int n) {
    double[] segment = new double[offsets.at(row + 1) - offsets.at(row)];
    for (int i = 0; i < segment.length; i++) {
      segment[i] = x[edge(order, offsets.at(row) + i) * width + n];
    }
    return segment;
  }

  private static double mean(double[] segment) {
    double sum = 0;
    for (double value : segment) {
      sum += value;
    }
    return sum / Math.max(1, segment.length);
  }

  @Override
  public Storage segmentExtremeGradient(Storage x, Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return wrap(members(values(x), width, offsets, order, (segment, row, member) -> {
      int ties = 0;
      for (double value : segment) {
        ties += value == values(y)[row] ? 1 : 0;
      }
      return segment[member] == values(y)[row] ? values(upstream)[row] / ties : 0;
    }));
  }

  @Override
  public Storage segmentVariance(Storage x, int width, Indices offsets, @Nullable Indices order) {
    double[] y = new double[(offsets.size() - 1) * width];
    for (int r = 0; r + 1 < offsets.size(); r++) {
      for (int n = 0; n < width; n++) {
        double[] segment = column(values(x), width, offsets, order, r, n);
        double mean = mean(segment);
        for (double value : segment) {
          y[r * width + n] += (value - mean) * (value - mean) / segment.length;
        }
      }
    }
    return wrap(y);
  }

  @Override
  public Storage segmentVarianceGradient(Storage x, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return wrap(members(values(x), width, offsets, order, (segment, row, member) -> 2 * values(upstream)[row]
        * (segment[member] - mean(segment)) / segment.length));
  }

  @Override
  public Storage gatheredSum(@Nullable Storage own, List<Storage> tables, List<Indices> rows, int width) {
    int members = rows.getFirst().size();
    double[] y = own == null ? new double[members * width] : values(own).clone();
    for (int t = 0; t < tables.size(); t++) {
      for (int i = 0; i < members; i++) {
        for (int n = 0; n < width; n++) {
          y[i * width + n] += values(tables.get(t))[rows.get(t).at(i) * width + n];
        }
      }
    }
    return wrap(y);
  }

  private static int edge(@Nullable Indices edges, int slot) {
    return edges == null ? slot : edges.at(slot);
  }

  @Override
  public Storage segmentSoftmax(Storage x, int width, Indices offsets, @Nullable Indices order) {
    double[] from = values(x);
    double[] y = new double[from.length];
    for (int s = 0; s + 1 < offsets.size(); s++) {
      for (int n = 0; n < width; n++) {
        double maximum = Double.NEGATIVE_INFINITY;
        for (int p = offsets.at(s); p < offsets.at(s + 1); p++) {
          maximum = Math.max(maximum, from[edge(order, p) * width + n]);
        }
        double sum = 0;
        for (int p = offsets.at(s); p < offsets.at(s + 1); p++) {
          sum += StrictMath.exp(from[edge(order, p) * width + n] - maximum);
        }
        for (int p = offsets.at(s); p < offsets.at(s + 1); p++) {
          int i = edge(order, p) * width + n;
          y[i] = StrictMath.exp(from[i] - maximum) / sum;
        }
      }
    }
    return wrap(y);
  }

  @Override
  public Storage segmentSoftmaxGradient(Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    double[] result = new double[y.size()];
    for (int s = 0; s + 1 < offsets.size(); s++) {
      for (int n = 0; n < width; n++) {
        double sum = 0;
        for (int p = offsets.at(s); p < offsets.at(s + 1); p++) {
          int i = edge(order, p) * width + n;
          sum += values(y)[i] * values(upstream)[i];
        }
        for (int p = offsets.at(s); p < offsets.at(s + 1); p++) {
          int i = edge(order, p) * width + n;
          result[i] = values(y)[i] * (values(upstream)[i] - sum);
        }
      }
    }
    return wrap(result);
  }

  @Override
  public Storage columnDot(Storage a, Storage b, int rows, int width) {
    double[] y = new double[width];
    for (int i = 0; i < rows * width; i++) {
      y[i % width] += values(a)[i] * values(b)[i];
    }
    return wrap(y);
  }

  @Override
  public Storage columnMoments(Storage x, int rows, int width) {
    double[] moments = new double[2 * width];
    for (int i = 0; i < rows * width; i++) {
      moments[i % width] += values(x)[i] / rows;
    }
    for (int i = 0; i < rows * width; i++) {
      moments[width + i % width] += Math.pow(values(x)[i] - moments[i % width], 2) / rows;
    }
    return wrap(moments);
  }

  @Override
  public Storage batchNorm(Storage x, Storage moments, Storage weight, Storage bias, int rows, int width,
      double epsilon) {
    double[] y = new double[rows * width];
    for (int i = 0; i < y.length; i++) {
      int j = i % width;
      double z = (values(x)[i] - values(moments)[j]) / Math.sqrt(values(moments)[width + j] + epsilon);
      y[i] = values(weight)[j] * z + values(bias)[j];
    }
    return wrap(y);
  }

  @Override
  public Storage batchNormSums(Storage x, Storage moments, Storage upstream, int rows, int width, double epsilon) {
    double[] sums = new double[2 * width];
    for (int i = 0; i < rows * width; i++) {
      int j = i % width;
      double z = (values(x)[i] - values(moments)[j]) / Math.sqrt(values(moments)[width + j] + epsilon);
      sums[j] += values(upstream)[i] * z;
      sums[width + j] += values(upstream)[i];
    }
    return wrap(sums);
  }

  /// The derivative of z_k by x_i in a column of n rows is s ([i = k] - 1 / n - z_i z_k / n).
  @Override
  public Storage batchNormGradient(Storage x, Storage moments, Storage weight, Storage upstream, Storage sums, int rows,
      int width, double epsilon) {
    double[] share = new double[rows * width];
    for (int i = 0; i < share.length; i++) {
      int j = i % width;
      double s = 1 / Math.sqrt(values(moments)[width + j] + epsilon);
      double z = (values(x)[i] - values(moments)[j]) * s;
      share[i] = values(weight)[j] * s
          * (values(upstream)[i] - values(sums)[width + j] / rows - z * values(sums)[j] / rows);
    }
    return wrap(share);
  }

  @Override
  public Storage neighborExtreme(Reduction kind, Indices offsets, Indices columns, Storage x, int width) {
    return segmentReduce(kind, gatherRows(x, width, columns), width, offsets, null);
  }

  @Override
  public Storage neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets,
      Indices reversedColumns, Storage x, Storage y, Storage upstream, int width) {
    double[] each = values(
        segmentExtremeGradient(gatherRows(x, width, columns), y, upstream, width, offsets, null));
    double[] share = new double[values(x).length];
    for (int s = 0; s < columns.size(); s++) {
      for (int n = 0; n < width; n++) {
        share[columns.at(s) * width + n] += each[s * width + n];
      }
    }
    return wrap(share);
  }

  @Override
  public Storage dropout(Storage x, Key key, double rate, @Nullable Storage residual) {
    double[] y = values(x).clone();
    float[] drawn = key.uniform(y.length);
    for (int i = 0; i < y.length; i++) {
      y[i] *= drawn[i] >= (float) rate ? 1 / (1 - rate) : 0;
      y[i] += residual == null ? 0 : values(residual)[i];
    }
    return wrap(y);
  }

  @Override
  public void adam(List<Moments> all, double rate, double beta1, double beta2, double epsilon, double weightDecay,
      boolean decoupled, double correction1, double correction2) {
    for (Moments each : all) {
      double[] p = values(each.parameter());
      double[] mean = values(each.m());
      double[] square = values(each.v());
      for (int i = 0; i < p.length; i++) {
        double g = values(each.gradient())[i] + (decoupled ? 0 : weightDecay * p[i]);
        p[i] *= decoupled ? 1 - rate * weightDecay : 1;
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        p[i] -= rate * (mean[i] / correction1) / (Math.sqrt(square[i] / correction2) + epsilon);
      }
      each.parameter().countRefill();
      each.m().countRefill();
      each.v().countRefill();
    }
  }
}
