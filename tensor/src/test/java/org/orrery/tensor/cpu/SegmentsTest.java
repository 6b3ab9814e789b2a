package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.SegmentSoftmaxKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.WeightedSumKernels;

/// Work over compressed sparse rows against its definition in double, with empty, short and very long rows.
class SegmentsTest {
  private static final int[] LENGTHS = {0, 1, 3, 0, 70, 5, 2, 2600, 0, 9, 64, 65, 0};

  private final Indices offsets = offsets(LENGTHS);
  private final int slots = Arrays.stream(LENGTHS).sum();
  private final int rows = LENGTHS.length;
  private final Indices edges = Indices.of(Key.of(3).permutation(slots));
  private final int nodes = 50;
  private final Indices columns = Indices.of(Key.of(4).integers(slots, nodes));

  private static Indices offsets(int[] lengths) {
    int[] offsets = new int[lengths.length + 1];
    for (int r = 0; r < lengths.length; r++) {
      offsets[r + 1] = offsets[r] + lengths[r];
    }
    return Indices.of(offsets);
  }

  private interface Work {
    Storage run(CpuBackend backend);
  }

  /// The scalar kernels, and the fastest on one thread; more threads give the same bits.
  private static float[][] results(Work work, String what) {
    CpuBackend scalar = Twins.scalar();
    CpuBackend one = Twins.fastest(1);
    float[] expected = one.download(work.run(one));
    for (int threads = 2; threads < 4; threads++) {
      CpuBackend several = Twins.fastest(threads);
      Twins.assertSameBits(expected, several.download(work.run(several)), what + ", threads " + threads);
    }
    return new float[][] {scalar.download(work.run(scalar)), expected};
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "7, 1", "16, 1", "20, 1", "64, 1", "100, 1", "130, 1", "4, 4", "12, 4", "16, 4", "64, 4",
    "60, 3", "40, 20", "96, 2", "128, 4", "128, 8", "192, 3"})
  void weightedSumsAndDotsAgreeWithTheirDefinition(int width, int heads) {
    float[] x = Twins.normal(1, nodes * width);
    float[] weights = Twins.normal(2, slots * heads);
    float[] left = Twins.normal(5, rows * width);
    for (boolean byEdge : new boolean[] {false, true}) {
      Indices edge = byEdge ? edges : null;
      String what = "width " + width + ", heads " + heads + ", edges " + byEdge;
      float[][] sums = results(
          b -> Twins.kernels(b, WeightedSumKernels.class).weightedSum(offsets, columns, edge, b.upload(weights), heads,
              b.upload(x), width, null),
          what);
      float[][] plain = results(
          b -> Twins.kernels(b, WeightedSumKernels.class).weightedSum(offsets, columns, edge, null, heads, b.upload(x),
              width, null),
          what);
      float[][] dots = results(
          b -> Twins.kernels(b, WeightedSumKernels.class).edgeDot(offsets, columns, edge, b.upload(left), b.upload(x),
              heads, width),
          what);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < width; j++) {
          checkSum(r, j, width, heads, byEdge, x, weights, sums, what);
          checkSum(r, j, width, heads, byEdge, x, null, plain, what);
        }
        for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
          checkDots(r, s, width, heads, byEdge, left, x, dots, what);
        }
      }
    }
  }

  private void checkSum(int r, int j, int width, int heads, boolean byEdge, float[] x, float @Nullable [] weights,
      float[][] results, String what) {
    double sum = 0;
    double size = 0;
    for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
      int e = byEdge ? edges.at(s) : s;
      double term = x[columns.at(s) * width + j]
          * (weights == null ? 1.0 : weights[e * heads + j / (width / heads)]);
      sum += term;
      size += Math.abs(term);
    }
    for (float[] result : results) {
      Twins.assertClose(sum, size, result[r * width + j], 1e-6, what + ", row " + r + ", column " + j);
    }
  }

  private void checkDots(int r, int s, int width, int heads, boolean byEdge, float[] left, float[] x,
      float[][] results, String what) {
    int e = byEdge ? edges.at(s) : s;
    int channels = width / heads;
    for (int h = 0; h < heads; h++) {
      double sum = 0;
      double size = 0;
      for (int k = 0; k < channels; k++) {
        double term = left[r * width + h * channels + k]
            * (double) x[columns.at(s) * width + h * channels + k];
        sum += term;
        size += Math.abs(term);
      }
      for (float[] result : results) {
        Twins.assertClose(sum, size, result[e * heads + h], 1e-6, what + ", slot " + s + ", head " + h);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void reductionsAgreeWithTheirDefinition(Reduction kind) {
    for (int width : new int[] {0, 1, 2, 7, 16, 20, 64, 100}) {
      for (boolean ordered : new boolean[] {false, true}) {
        float[] x = Twins.normal(6, slots * width);
        for (int i = 0; i < x.length; i++) {
          x[i] = kind == Reduction.PRODUCT ? 1 + x[i] / 100 : x[i];
        }
        String what = kind + ", width " + width + ", ordered " + ordered;
        float[][] results = results(
            b -> b.segmentReduce(kind, b.upload(x), width, offsets, ordered ? edges : null), what);
        for (int r = 0; r < rows; r++) {
          for (int j = 0; j < width; j++) {
            checkReduction(kind, r, j, width, ordered, x, results, what);
          }
        }
      }
    }
  }

  private void checkReduction(Reduction kind, int r, int j, int width, boolean ordered, float[] x, float[][] results,
      String what) {
    boolean empty = offsets.at(r) == offsets.at(r + 1);
    double result = switch (kind) {
      case SUM -> 0;
      case PRODUCT -> 1;
      case MAXIMUM -> empty ? 0 : Double.NEGATIVE_INFINITY;
      case MINIMUM -> empty ? 0 : Double.POSITIVE_INFINITY;
    };
    double size = 0;
    for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
      double value = x[(ordered ? edges.at(s) : s) * width + j];
      size += Math.abs(value);
      result = switch (kind) {
        case SUM -> result + value;
        case PRODUCT -> result * value;
        case MAXIMUM -> Math.max(result, value);
        case MINIMUM -> Math.min(result, value);
      };
    }
    for (float[] actual : results) {
      Twins.assertClose(result, Math.max(size, Math.abs(result)), actual[r * width + j],
          kind == Reduction.PRODUCT ? 1e-4 : 1e-6, what + ", row " + r + ", column " + j);
    }
  }

  @Test
  void anExtremeOfNotANumberIsOne() {
    for (Reduction kind : new Reduction[] {Reduction.MAXIMUM, Reduction.MINIMUM}) {
      for (int width : new int[] {1, 20, 64}) {
        float[] x = Twins.normal(7, slots * width);
        x[0] = Float.NaN;
        float[][] results = results(b -> b.segmentReduce(kind, b.upload(x), width, offsets, null), kind.toString());
        for (float[] result : results) {
          Twins.assertSameBits(new float[] {Float.NaN}, new float[] {result[width]}, kind + ", width " + width);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, false", "4, true", "7, false", "20, true"})
  void softmaxAndItsGradientAgreeWithTheirDefinition(int width, boolean ordered) {
    float[] x = Twins.normal(8, slots * width);
    float[] above = Twins.normal(9, slots * width);
    Indices order = ordered ? edges : null;
    float[][] y = results(
        b -> Twins.kernels(b, SegmentSoftmaxKernels.class).segmentSoftmax(b.upload(x), width, offsets, order),
        "softmax");
    float[][] shares = results(
        b -> Twins.kernels(b, SegmentSoftmaxKernels.class).segmentSoftmaxGradient(b.upload(y[1]), b.upload(above),
            width, offsets, order),
        "gradient");
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        double total = 0;
        double mean = 0;
        for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
          int at = (ordered ? edges.at(s) : s) * width + j;
          total += Math.exp(x[at]);
          mean += y[1][at] * (double) above[at];
        }
        for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
          int at = (ordered ? edges.at(s) : s) * width + j;
          for (int twin = 0; twin < 2; twin++) {
            Twins.assertClose(Math.exp(x[at]) / total, Math.exp(x[at]) / total, y[twin][at], 1e-6, "softmax " + at);
            Twins.assertClose(y[1][at] * (above[at] - mean), y[1][at] * 10, shares[twin][at], 1e-6, "gradient " + at);
          }
        }
      }
    }
  }
}
