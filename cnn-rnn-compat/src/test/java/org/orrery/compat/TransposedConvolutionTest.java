package org.orrery.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.graph.Grid;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// A transposed convolution puts w[t] x[i] at cell i stride + t dilation - padding.
class TransposedConvolutionTest {
  @Test
  void extraCellsMayFillAStrideWhereTheDilationIsLarger() {
    Parameter weight = Parameter.of(Tensor.of(new float[] {1, 10}, 1, 1, 2));
    TransposedConvolution layer = new TransposedConvolution(weight, null, Kernel.of(2).dilation(2), 1, List.of(1));
    assertArrayEquals(new float[] {1, 2, 10, 20, 0}, layer.apply(Tensor.of(new float[] {1, 2}, 1, 2, 1)).toArray());
  }

  @Test
  void extraCellsBeyondStrideAndDilationAreRefused() {
    Parameter weight = Parameter.of(Tensor.ones(1, 1, 2));
    Exception thrown = assertThrows(IllegalArgumentException.class,
        () -> new TransposedConvolution(weight, null, Kernel.of(2).dilation(2), 1, List.of(2)));
    assertEquals("TransposedConvolution: [2] more cells with strides [1], dilations [2] and padding ZEROS; "
        + "fewer than the stride or dilation, and zeros, are required", thrown.getMessage());
  }

  /// Sizes of one axis.
  private record Axis(int cells, int kernel, int stride, int dilation, int padding, int extra) {
    static Axis random(Key key) {
      int[] n = key.integers(6, 60);
      int stride = 1 + n[2] % 3;
      int dilation = 1 + n[3] % 3;
      int kernel = 1 + n[1] % 3;
      int padding = Math.min(n[4] % 3, dilation * (kernel - 1) / 2);
      return new Axis(1 + n[0] % 4, kernel, stride, dilation, padding, n[5] % Math.max(stride, dilation));
    }

    int results() {
      return (cells - 1) * stride + dilation * (kernel - 1) + 1 + extra - 2 * padding;
    }

    /// The result that input i reaches by tap t; -1 where it is cut off.
    int reached(int i, int t) {
      int cell = i * stride + t * dilation - padding;
      return cell < results() ? cell : -1;
    }
  }

  @TestFactory
  Stream<DynamicTest> resultsAreThoseOfTheDefinition() {
    return IntStream.range(0, 120).mapToObj(trial -> {
      Key key = Key.of(trial);
      List<Axis> axes = new ArrayList<>();
      for (int d = 0; d <= trial % 3; d++) {
        axes.add(Axis.random(key.fold(d)));
      }
      return DynamicTest.dynamicTest("trial " + trial + " " + axes, () -> agrees(axes, key));
    });
  }

  private static void agrees(List<Axis> axes, Key key) {
    int groups = 1 + key.fold("groups").integers(1, 2)[0];
    int in = 2 * groups;
    int out = 3;
    int[] cells = axes.stream().mapToInt(Axis::cells).toArray();
    int[] results = axes.stream().mapToInt(Axis::results).toArray();
    int[] taps = axes.stream().mapToInt(Axis::kernel).toArray();
    Tensor x = Tensor.normal(key.fold("x"), shape(2, cells, in));
    Tensor weight = Tensor.normal(key.fold("w"), shapeOf(in, out, taps));
    Tensor bias = Tensor.normal(key.fold("b"), out * groups);
    Kernel kernel = new Kernel(axes.stream().map(Axis::kernel).toList(), axes.stream().map(Axis::stride).toList(),
        axes.stream().map(Axis::dilation).toList(), axes.stream().map(Axis::padding).toList(),
        axes.stream().map(Axis::padding).toList(), Grid.Padding.ZEROS);
    TransposedConvolution layer = new TransposedConvolution(Parameter.of(weight), Parameter.of(bias), kernel, groups,
        axes.stream().map(Axis::extra).toList());
    Tensor y = layer.apply(x);
    assertEquals(Shape.of(shape(2, results, out * groups)), y.shape());
    double[] expected = new double[y.shape().elements()];
    for (int p = 0; p < expected.length; p++) {
      expected[p] = bias.toArray()[p % (out * groups)];
    }
    for (int image = 0; image < 2; image++) {
      for (int cell = 0; cell < product(cells); cell++) {
        for (int tap = 0; tap < product(taps); tap++) {
          int reached = reached(axes, cells, taps, results, cell, tap);
          for (int pair = 0; pair < in * out && reached >= 0; pair++) {
            int i = pair / out;
            int o = i / (in / groups) * out + pair % out;
            expected[(image * product(results) + reached) * out * groups + o] += (double) x
                .toArray()[(image * product(cells) + cell) * in + i] * weight.toArray()[pair * product(taps) + tap];
          }
        }
      }
    }
    float[] rounded = new float[expected.length];
    for (int p = 0; p < rounded.length; p++) {
      rounded[p] = (float) expected[p];
    }
    assertArrayEquals(rounded, y.toArray(), 1e-4f);
  }

  /// The result that a cell reaches by a tap, all numbered row-major; -1 for none.
  private static int reached(List<Axis> axes, int[] cells, int[] taps, int[] results, int cell, int tap) {
    int at = 0;
    int size = 1;
    for (int d = axes.size() - 1; d >= 0; d--) {
      int own = axes.get(d).reached(cell % cells[d], tap % taps[d]);
      if (own < 0) {
        return -1;
      }
      at += own * size;
      size *= results[d];
      cell /= cells[d];
      tap /= taps[d];
    }
    return at;
  }

  private static int product(int[] sizes) {
    return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  private static int[] shape(int batch, int[] cells, int channels) {
    return IntStream.concat(IntStream.concat(IntStream.of(batch), Arrays.stream(cells)), IntStream.of(channels))
        .toArray();
  }

  private static int[] shapeOf(int in, int out, int[] taps) {
    return IntStream.concat(IntStream.of(in, out), Arrays.stream(taps)).toArray();
  }
}
