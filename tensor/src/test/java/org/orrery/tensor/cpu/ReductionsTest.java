package org.orrery.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.backend.LogSoftmaxKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.RowNormKernels;
import org.orrery.tensor.backend.SoftmaxKernels;
import org.orrery.tensor.backend.Storage;

/// Reductions, orders, rows and movements against plain loops.
class ReductionsTest {
  private final CpuBackend scalar = Twins.scalar();
  private final CpuBackend fastest = Twins.fastest(1);
  private final CpuBackend several = Twins.fastest(3);

  @ParameterizedTest
  @EnumSource
  void reductionsAgreeWithTheirDefinition(Reduction kind) {
    int[][] shapes = {{1, 0, 1}, {3, 0, 2}, {0, 4, 1}, {1, 1, 1}, {5, 17, 1}, {3, 100, 1}, {2, 9000, 1}, {4, 33, 7},
      {2, 700, 20}, {1, 70_000, 1}, {300, 5, 1}, {300, 2, 3}};
    for (int[] s : shapes) {
      float[] x = Twins.normal(1, s[0] * s[1] * s[2]);
      for (int i = 0; i < x.length; i++) {
        x[i] = kind == Reduction.PRODUCT ? 1 + x[i] / 1000 : x[i];
      }
      float[] y = fastest.download(fastest.reduce(kind, fastest.upload(x), s[0], s[1], s[2]));
      float[] z = scalar.download(scalar.reduce(kind, scalar.upload(x), s[0], s[1], s[2]));
      Twins.assertSameBits(y, several.download(several.reduce(kind, several.upload(x), s[0], s[1], s[2])),
          kind + Arrays.toString(s));
      for (int o = 0; o < s[0]; o++) {
        for (int n = 0; n < s[2]; n++) {
          double[] exact = exact(kind, x, s, o, n);
          double tolerance = kind == Reduction.PRODUCT ? 1e-5 : 1e-6;
          String what = kind + Arrays.toString(s) + " at " + o + ", " + n;
          if (s[1] == 0) {
            assertEquals((float) exact[0], y[o * s[2] + n], what);
          } else {
            Twins.assertClose(exact[0], exact[1], y[o * s[2] + n], tolerance, what);
            Twins.assertClose(exact[0], exact[1], z[o * s[2] + n], tolerance, "scalar " + what);
          }
        }
      }
    }
  }

  private static double[] exact(Reduction kind, float[] x, int[] s, int o, int n) {
    double result = switch (kind) {
      case SUM -> 0;
      case PRODUCT -> 1;
      case MAXIMUM -> Double.NEGATIVE_INFINITY;
      case MINIMUM -> Double.POSITIVE_INFINITY;
    };
    double size = 1;
    for (int i = 0; i < s[1]; i++) {
      double value = x[(o * s[1] + i) * s[2] + n];
      size += Math.abs(value);
      result = switch (kind) {
        case SUM -> result + value;
        case PRODUCT -> result * value;
        case MAXIMUM -> Math.max(result, value);
        case MINIMUM -> Math.min(result, value);
      };
    }
    return new double[] {result, size};
  }

  /// 0.1 is not a float: adding it ten million times one by one ends 9 % off.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void tenMillionTermsKeepSixDigits(int inner) {
    int length = 10_000_000 / inner;
    Storage x = fastest.fill(length * inner, 0.1);
    float[] y = fastest.download(fastest.reduce(Reduction.SUM, x, 1, length, inner));
    assertEquals(0.1f * (double) length, y[0], 1e-6 * 0.1 * length);
    Storage z = scalar.fill(length * inner, 0.1);
    assertEquals(0.1f * (double) length, scalar.download(scalar.reduce(Reduction.SUM, z, 1, length, inner))[0],
        1e-6 * 0.1 * length);
  }

  @Test
  void ordersAreStableAndNotANumberIsLargest() {
    float[] x = {3f, Float.NaN, -0f, 0f, 3f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -1f};
    assertArrayEquals(new int[] {5, 7, 2, 3, 0, 4, 6, 1},
        fastest.sort(fastest.upload(x), 1, 8, false).toArray());
    assertArrayEquals(new int[] {1, 6, 0, 4, 2, 3, 7, 5}, fastest.sort(fastest.upload(x), 1, 8, true).toArray());
    assertArrayEquals(new int[] {1, 0, 0, 1}, fastest.sort(fastest.upload(new float[] {2, 1, 1, 2}), 2, 2, false)
        .toArray());
  }

  @Test
  void theFirstExtremeIsFound() {
    float[] x = {1, 5, 5, Float.NaN, 7, Float.NaN, 2, 0, 0};
    assertArrayEquals(new int[] {1, 0, 0}, fastest.argReduce(Reduction.MAXIMUM, fastest.upload(x), 3, 3, 1).toArray());
    assertArrayEquals(new int[] {0, 0, 1}, fastest.argReduce(Reduction.MINIMUM, fastest.upload(x), 3, 3, 1).toArray());
    assertArrayEquals(new int[] {1, 1, 1},
        fastest.argReduce(Reduction.MAXIMUM, fastest.upload(new float[] {0, 1, 2, 3, 4, Float.NaN, 0, 0, 0}), 1, 3, 3)
            .toArray());
  }

  @Test
  void prefixSumsRunBothWays() {
    Storage x = fastest.upload(new float[] {1, 2, 3, 4, 5, 6});
    assertArrayEquals(new float[] {1, 3, 6, 4, 9, 15}, fastest.download(fastest.prefixSum(x, 2, 3, 1, false)));
    assertArrayEquals(new float[] {9, 12, 8, 10, 5, 6}, fastest.download(fastest.prefixSum(x, 1, 3, 2, true)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 16, 17, 64, 100, 5000})
  void rowsAgreeWithTheirDefinition(int width) {
    int rows = 37;
    float[] x = Twins.normal(2, rows * width);
    float[] above = Twins.normal(3, rows * width);
    for (CpuBackend backend : new CpuBackend[] {scalar, fastest}) {
      Storage in = backend.upload(x);
      float[] soft = backend.download(Twins.kernels(backend, SoftmaxKernels.class).softmax(in, rows, width));
      float[] logs = backend.download(Twins.kernels(backend, LogSoftmaxKernels.class).logSoftmax(in, rows, width));
      float[] normal = backend
          .download(Twins.kernels(backend, RowNormKernels.class).normalizeRows(in, rows, width, 1e-5));
      Storage up = backend.upload(above);
      float[] share = backend.download(
          Twins.kernels(backend, SoftmaxKernels.class).softmaxGradient(backend.upload(soft), up, rows, width));
      float[] logShare = backend.download(
          Twins.kernels(backend, LogSoftmaxKernels.class).logSoftmaxGradient(backend.upload(logs), up, rows, width));
      Twins.assertSameBits(backend == scalar ? several.download(several.upload(soft)) : soft,
          backend == scalar
              ? soft
              : several.download(Twins.kernels(several, SoftmaxKernels.class).softmax(several.upload(x), rows, width)),
          "threads");
      for (int r = 0; r < rows; r++) {
        double total = 0;
        double mean = 0;
        double dot = 0;
        double sum = 0;
        for (int i = r * width; i < (r + 1) * width; i++) {
          total += Math.exp(x[i]);
          mean += x[i] / (double) width;
          dot += soft[i] * (double) above[i];
          sum += above[i];
        }
        double variance = 0;
        for (int i = r * width; i < (r + 1) * width; i++) {
          variance += (x[i] - mean) * (x[i] - mean) / width;
        }
        for (int i = r * width; i < (r + 1) * width; i++) {
          double y = Math.exp(x[i]) / total;
          Twins.assertClose(y, y, soft[i], 1e-6, "softmax");
          Twins.assertClose(Math.log(y), 10, logs[i], 1e-6, "log softmax");
          Twins.assertClose((x[i] - mean) / Math.sqrt(variance + 1e-5), 1, normal[i], width == 1 ? 1e-4 : 5e-6,
              "normalized");
          Twins.assertClose(soft[i] * (above[i] - dot), soft[i] * 10, share[i], 1e-6, "softmax gradient");
          Twins.assertClose(above[i] - Math.exp(logs[i]) * sum, 10 + Math.abs(sum), logShare[i], 1e-6,
              "log softmax gradient");
        }
      }
    }
  }

  @Test
  void largeNumbersDoNotOverflowASoftmax() {
    float[] y = fastest.download(
        Twins.kernels(fastest, SoftmaxKernels.class).softmax(fastest.upload(new float[] {1000, 1000, -1000}), 1, 3));
    assertArrayEquals(new float[] {0.5f, 0.5f, 0f}, y);
  }

  @Test
  void stridedCopiesAgreeWithTheirDefinition() {
    int[][][] views = {{{5, 7}, {7, 1}}, {{7, 5}, {1, 7}}, {{100, 70}, {1, 100}}, {{3, 4, 5}, {1, 3, 12}},
      {{3, 4, 5}, {20, 1, 4}}, {{2, 3, 4, 5}, {60, 5, 15, 1}}, {{4, 6}, {0, 1}}, {{4, 6}, {1, 0}}, {{6}, {-1}},
      {{}, {}}, {{0, 3}, {3, 1}}, {{200, 512}, {512, 1}}, {{70_000}, {1}}, {{33, 2, 40}, {1, 33, 66}}};
    float[] x = Twins.normal(4, 110_000);
    for (int[][] view : views) {
      int[] sizes = view[0];
      int[] strides = view[1];
      int offset = Arrays.stream(strides).anyMatch(step -> step < 0) ? 100 : 3;
      int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
      float[] expected = new float[count];
      for (int i = 0; i < count; i++) {
        expected[i] = x[place(i, offset, sizes, strides)];
      }
      String what = Arrays.toString(sizes) + " by " + Arrays.toString(strides);
      Twins.assertSameBits(expected, fastest.download(fastest.copyStrided(fastest.upload(x), offset, strides, sizes)),
          what);
      Twins.assertSameBits(expected, several.download(several.copyStrided(several.upload(x), offset, strides, sizes)),
          what);
      if (Arrays.stream(strides).noneMatch(step -> step == 0)) {
        float[] placed = new float[110_000];
        for (int i = 0; i < count; i++) {
          placed[place(i, offset, sizes, strides)] = expected[i];
        }
        Twins.assertSameBits(placed, several.download(
            several.placeStrided(several.upload(expected), sizes, 110_000, offset, strides)), "placed " + what);
      }
    }
  }

  private static int place(int i, int offset, int[] sizes, int[] strides) {
    int at = offset;
    int rest = i;
    for (int d = sizes.length - 1; d >= 0; d--) {
      at += rest % sizes[d] * strides[d];
      rest /= sizes[d];
    }
    return at;
  }

  @Test
  void theFirstNumberThatIsNotFiniteIsFound() {
    float[] x = new float[100_000];
    assertEquals(-1, fastest.firstNonFinite(fastest.upload(x)));
    for (int place : new int[] {99_999, 50_001, 17, 0}) {
      x[place] = place % 2 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
      assertEquals(place, fastest.firstNonFinite(fastest.upload(x)));
      assertEquals(place, scalar.firstNonFinite(scalar.upload(x)));
    }
    assertEquals(-1, fastest.firstNonFinite(fastest.upload(new float[0])));
  }
}
