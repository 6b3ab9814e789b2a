package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products by a packed matrix: rows that overlap, results that lie apart, parts of k that add up.
class PackedMatrixTest {
  private static final int TAPS = 3;

  /// y[i, :] = max(bias + sum over kernel rows r and taps t of x[r, i stride + t, :] W[r, t, :, :], 0), as one product
  /// for each kernel row whose left rows overlap.
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "7, 5, 3, 2", "33, 16, 16, 1", "40, 20, 70, 1", "13, 64, 130, 2", "3, 700, 17, 1"})
  void partsOfAConvolutionAddUp(int places, int channels, int out, int stride) {
    int width = (places - 1) * stride + TAPS;
    float[] x = Twins.normal(1, TAPS * width * channels);
    float[] weights = Twins.normal(2, TAPS * TAPS * channels * out);
    float[] bias = Twins.normal(3, out);
    for (CpuBackend backend : new CpuBackend[] {Twins.scalar(), Twins.fastest(2)}) {
      Machine machine = backend.machine();
      int step = out + 3;
      float[] y = new float[places * step];
      Arrays.fill(y, 7f);
      PackedMatrix kernel = PackedMatrix.of(machine, weights, 0, out, 1, TAPS * TAPS * channels, out);
      for (int r = 0; r < TAPS; r++) {
        kernel.multiply(x, r * width * channels, stride * channels, 1, places, r * TAPS * channels, TAPS * channels,
            r == 0 ? bias : new float[0], r == TAPS - 1 ? 0f : Float.NEGATIVE_INFINITY, y, 0, step, r > 0);
      }
      kernel.release();
      for (int i = 0; i < places; i++) {
        for (int o = 0; o < step; o++) {
          double[] expected = o < out ? expected(x, weights, bias, i * stride, o, width, channels, out) : null;
          Twins.assertClose(expected == null ? 7 : Math.max(0, expected[0]), expected == null ? 1 : expected[1],
              y[i * step + o], 1e-6, "place " + i + ", channel " + o);
        }
      }
    }
  }

  /// The sum and the size of its terms.
  private static double[] expected(float[] x, float[] weights, float[] bias, int place, int o, int width, int channels,
      int out) {
    double sum = bias[o];
    double size = Math.abs(sum);
    for (int r = 0; r < TAPS; r++) {
      for (int k = 0; k < TAPS * channels; k++) {
        double term = x[(r * width + place) * channels + k]
            * (double) weights[(r * TAPS * channels + k) * out + o];
        sum += term;
        size += Math.abs(term);
      }
    }
    return new double[] {sum, size};
  }
}
