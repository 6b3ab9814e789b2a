package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.orrery.testkit.Inputs.choices;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.offsets;
import static org.orrery.testkit.Inputs.order;
import static org.orrery.testkit.Inputs.salted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.backend.ActivatedProductKernels;
import org.orrery.tensor.backend.AdamKernels;
import org.orrery.tensor.backend.AttentionKernels;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.BatchNormKernels;
import org.orrery.tensor.backend.ColumnDotKernels;
import org.orrery.tensor.backend.ColumnMomentsKernels;
import org.orrery.tensor.backend.ConvolutionKernels;
import org.orrery.tensor.backend.CrossEntropyKernels;
import org.orrery.tensor.backend.DerivativeKernels;
import org.orrery.tensor.backend.DropoutKernels;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.Expression;
import org.orrery.tensor.backend.GatheredSumKernels;
import org.orrery.tensor.backend.InPlaceKernels;
import org.orrery.tensor.backend.LayerNormKernels;
import org.orrery.tensor.backend.LogSoftmaxKernels;
import org.orrery.tensor.backend.MaximumPoolingKernels;
import org.orrery.tensor.backend.NeighborExtremeKernels;
import org.orrery.tensor.backend.NeighborMeanKernels;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.ProductSumKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.ResampleKernels;
import org.orrery.tensor.backend.RowNormKernels;
import org.orrery.tensor.backend.SegmentExtremeKernels;
import org.orrery.tensor.backend.SegmentSoftmaxKernels;
import org.orrery.tensor.backend.SegmentVarianceKernels;
import org.orrery.tensor.backend.SoftmaxKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.SumTimesDerivativeKernels;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.backend.WeightedSumKernels;
import org.orrery.tensor.backend.WindowSumKernels;

/// Each kernel that a backend offers agrees with its formula.
final class KernelLaws {
  /// Every contract that a backend may have.
  static final List<Class<?>> CONTRACTS = List.of(ActivatedProductKernels.class, AdamKernels.class,
      AttentionKernels.class, BatchNormKernels.class, ColumnDotKernels.class, ColumnMomentsKernels.class,
      ConvolutionKernels.class, CrossEntropyKernels.class, DerivativeKernels.class, DropoutKernels.class,
      EdgeAttentionKernels.class, EdgeNetworkKernels.class, GatheredSumKernels.class, InPlaceKernels.class,
      LayerNormKernels.class, LogSoftmaxKernels.class, MaximumPoolingKernels.class, NeighborExtremeKernels.class,
      NeighborMeanKernels.class, ProductSumKernels.class, ResampleKernels.class, RowNormKernels.class,
      SegmentExtremeKernels.class, SegmentSoftmaxKernels.class, SegmentVarianceKernels.class,
      SumTimesDerivativeKernels.class,
      SoftmaxKernels.class, WeightedSumKernels.class, WindowSumKernels.class);

  private static final int[] SIZES = {0, 1, 15, 37, 1003, 70_001};
  /// rows, width
  private static final int[][] ROWS = {{0, 5}, {1, 1}, {3, 1}, {1, 37}, {5, 3}, {7, 16}, {7, 33}, {1003, 8}, {3, 1003}};
  /// rows, columns, edges, heads, width
  private static final int[][] GRAPHS = {{0, 1, 0, 1, 4}, {4, 3, 0, 1, 3}, {1, 1, 1, 1, 1}, {5, 7, 12, 1, 3},
    {13, 9, 60, 1, 16}, {13, 9, 60, 2, 6}, {13, 9, 60, 4, 64}, {40, 40, 300, 3, 33}, {300, 200, 1003, 1, 17},
    {2, 50, 900, 8, 8}, {1003, 700, 5000, 2, 32}, {20, 30, 200, 1, 45}, {20, 30, 200, 1, 100}, {9, 9, 50, 1, 128},
    {9, 9, 50, 1, 230}};

  /// rows, inner, columns
  private static final int[][] PRODUCTS = {{0, 3, 4}, {3, 0, 5}, {1, 1, 1}, {5, 7, 3}, {33, 16, 64}, {70, 20, 100},
    {300, 64, 17}, {40, 2000, 3}, {3, 9000, 5}};

  private final SideBySide both;
  private final Backend backend;

  KernelLaws(SideBySide both, Backend backend) {
    this.both = both;
    this.backend = backend;
  }

  /// The laws of the contracts that the backend has. A law is named after its kernel.
  Stream<DynamicTest> laws() {
    return Stream.of(elementwise(), Stream.of(ROWS).flatMap(n -> rows(n[0], n[1])), new AttentionLaws(both).laws(),
        new EdgeLaws(both).attention(), new EdgeLaws(both).networks(), new GridLaws(both).laws(),
        Stream.of(ROWS).flatMap(n -> losses(n[0], n[1])), Stream.of(ROWS).flatMap(n -> norms(n[0], n[1])),
        Stream.of(ROWS).filter(n -> n[0] > 0).flatMap(n -> batchNorms(n[0], n[1])), products(),
        Stream.of(GRAPHS).flatMap(n -> segments(n[0], n[1], n[2], n[4])),
        Stream.of(GRAPHS).flatMap(n -> sparse(n[0], n[1], n[2], n[3], n[4])), adam())
        .flatMap(laws -> laws).filter(this::isOffered);
  }

  private boolean isOffered(DynamicTest law) {
    String kernel = law.getDisplayName().split(" ", 2)[0];
    List<Class<?>> contracts = CONTRACTS.stream()
        .filter(contract -> Stream.of(contract.getMethods()).anyMatch(method -> method.getName().equals(kernel)))
        .toList();
    assertFalse(contracts.isEmpty(), "no contract has a kernel " + kernel);
    return contracts.stream().allMatch(backend::has);
  }

  private Stream<DynamicTest> elementwise() {
    Stream<DynamicTest> derivatives = derivable().flatMap(kind -> IntStream.of(SIZES).boxed()
        .flatMap(size -> Stream.of(unaryGradient(kind, size), timesDerivative(kind, size))));
    Stream<DynamicTest> dropout = IntStream.of(SIZES).mapToObj(size -> law("dropout [" + size + "]", key -> {
      both.agree(DropoutKernels.class, (device, x) -> device.dropout(x[0], key, 0.3, null), 1,
          normal(key, size, 2));
      both.agree(DropoutKernels.class, (device, x) -> device.dropout(x[0], key, 0.3, x[1]), 4,
          normal(key, size, 2), normal(key.fold(2), size, 1));
    }));
    Stream<DynamicTest> sums = IntStream.of(SIZES).mapToObj(size -> law("accumulate [" + size + "]",
        key -> both.agree(InPlaceKernels.class, (device, x) -> {
          Storage sum = copy(device, x[0]);
          device.accumulate(sum, x[1]);
          return sum;
        }, 4, normal(key, size, 2), normal(key.fold(2), size, 1))));
    return Stream.of(derivatives, dropout, sums).flatMap(laws -> laws);
  }

  private Stream<DynamicTest> products() {
    return Stream.of(PRODUCTS).flatMap(n -> Stream.of(
        Stream.of(Unary.RELU, Unary.SILU, Unary.LEAKY_RELU).map(function -> activated(n[0], n[1], n[2], function)),
        Stream.of(added(n[0], n[2], n[1], 7, null), added(n[0], n[2], n[1], 7, Unary.RELU),
            added(n[0], n[2], n[1], 0, Unary.TANH)),
        Stream.of(Unary.RELU, Unary.LEAKY_RELU).map(function -> sloped(n[0], n[1], n[2], function)))
        .flatMap(laws -> laws));
  }

  private Stream<DynamicTest> adam() {
    if (!backend.has(AdamKernels.class)) {
      return Stream.empty();
    }
    AdamKernels optimizer = SideBySide.on(backend, AdamKernels.class);
    return Stream.concat(
        IntStream.of(SIZES).boxed()
            .flatMap(size -> Stream.of(adam(optimizer, size, false), adam(optimizer, size, true))),
        Stream.of(adamOfSeveral(optimizer)));
  }

  /// The functions that have a derivative other than 0.
  private static Stream<Unary> derivable() {
    return Stream.of(Unary.values()).filter(kind -> !kind.slope(1).equals(new Expression.Literal(0)));
  }

  private DynamicTest unaryGradient(Unary kind, int size) {
    double alpha = ElementwiseLaws.alpha(kind);
    return law("unaryGradient " + kind + " [" + size + "]", key -> {
      float[] arguments = ElementwiseLaws.arguments(kind, key, size);
      float[] above = normal(key.fold(2), size, 1);
      both.agree(DerivativeKernels.class, (device, x) -> {
        Storage y = both.behind(device).unary(kind, alpha, x[0]);
        return device.unaryGradient(kind, alpha, x[0], y, x[1]);
      }, ElementwiseLaws.slopeScales(kind, alpha, arguments, above), arguments, above);
    });
  }

  private DynamicTest timesDerivative(Unary kind, int size) {
    double alpha = ElementwiseLaws.alpha(kind);
    return law("timesDerivative " + kind + " [" + size + "]", key -> {
      float[] arguments = ElementwiseLaws.arguments(kind, key, size);
      float[] above = normal(key.fold(2), size, 1);
      both.agree(InPlaceKernels.class, (device, x) -> {
        Storage upstream = copy(device, x[1]);
        device.timesDerivative(kind, alpha, x[0], both.behind(device).unary(kind, alpha, x[0]), upstream);
        return upstream;
      }, ElementwiseLaws.slopeScales(kind, alpha, arguments, above), arguments, above);
    });
  }

  /// A buffer that a kernel may change.
  private Storage copy(Object device, Storage x) {
    return both.behind(device).unary(Unary.SCALE, 1, x);
  }

  private Stream<DynamicTest> rows(int rows, int width) {
    String of = " of [" + rows + ", " + width + "]";
    int size = rows * width;
    return Stream.of(
        law("softmax" + of, key -> both.agree(SoftmaxKernels.class,
            (device, x) -> device.softmax(x[0], rows, width), 1e-3, logits(key, size))),
        law("logSoftmax" + of, key -> both.agree(LogSoftmaxKernels.class,
            (device, x) -> device.logSoftmax(x[0], rows, width), 1, normal(key, size, 5))),
        law("softmax with -infinity" + of, key -> both.agree(SoftmaxKernels.class,
            (device, x) -> device.softmax(x[0], rows, width), 1e-3,
            salted(key.fold(1), normal(key, size, 2), Float.NEGATIVE_INFINITY))),
        law("softmaxGradient" + of, key -> both.agree(SoftmaxKernels.class,
            (device, x) -> device.softmaxGradient(device.softmax(x[0], rows, width), x[1], rows, width), 1,
            logits(key, size), normal(key.fold(2), size, 1))),
        law("logSoftmaxGradient" + of, key -> both.agree(LogSoftmaxKernels.class,
            (device, x) -> device.logSoftmaxGradient(device.logSoftmax(x[0], rows, width), x[1], rows, width),
            Math.sqrt(width + 1.0) * 4, normal(key, size, 3), normal(key.fold(2), size, 1))),
        law("normalizeRows" + of, key -> both.agree(RowNormKernels.class,
            (device, x) -> device.normalizeRows(x[0], rows, width, 1e-5), 4, normal(key, size, 3))),
        // deviations of 1 around a mean of 1000, which float32 holds to 3e-5: mean square less squared mean loses them
        law("normalizeRows far from 0" + of, key -> both.agree(RowNormKernels.class,
            (device, x) -> device.normalizeRows(x[0], rows, width, 1), 1000, shifted(normal(key, size, 1), 1000))));
  }

  private Stream<DynamicTest> losses(int rows, int width) {
    String of = " of [" + rows + ", " + width + "]";
    return Stream.of(law("crossEntropy" + of, key -> {
      Indices labels = choices(key.fold(1), rows, width);
      both.agree(CrossEntropyKernels.class, (device, x) -> device.crossEntropy(x[0], labels, rows, width), 10,
          logits(key, rows * width));
    }), law("crossEntropyGradient" + of, key -> {
      Indices labels = choices(key.fold(1), rows, width);
      both.agree(CrossEntropyKernels.class, (device, x) -> device.crossEntropyGradient(x[0], labels,
          device.crossEntropy(x[0], labels, rows, width), x[1], rows, width), 10, normal(key, rows * width, 3),
          normal(key.fold(2), rows, 1));
    }));
  }

  private Stream<DynamicTest> norms(int rows, int width) {
    String of = " of [" + rows + ", " + width + "]";
    double size = Math.sqrt(width + 1.0) * 4;
    return Stream.of(
        law("layerNorm" + of, key -> both.agree(LayerNormKernels.class,
            (device, x) -> device.layerNorm(x[0], x[1], x[2], rows, width, 1e-2), size, normal(key, rows * width, 3),
            normal(key.fold(2), width, 1), normal(key.fold(3), width, 1))),
        law("layerNormGradient" + of, key -> both.agree(LayerNormKernels.class,
            (device, x) -> device.layerNormGradient(x[0], x[1], x[2], rows, width, 1e-2), size,
            normal(key, rows * width, 3), normal(key.fold(2), width, 1), normal(key.fold(3), rows * width, 1))),
        law("layerNormScaleGradient" + of, key -> both.agree(LayerNormKernels.class,
            (device, x) -> device.layerNormScaleGradient(x[0], x[1], rows, width, 1e-2), Math.sqrt(rows + 1.0) * size,
            normal(key, rows * width, 3), normal(key.fold(3), rows * width, 1))),
        law("columnDot" + of, key -> both.agree(ColumnDotKernels.class,
            (device, x) -> device.columnDot(x[0], x[1], rows, width), Math.sqrt(rows + 1.0) * 4,
            normal(key, rows * width, 2), normal(key.fold(2), rows * width, 1))),
        law("columnMoments" + of, key -> {
          if (rows > 0) {
            both.agree(ColumnMomentsKernels.class, (device, x) -> device.columnMoments(x[0], rows, width), 4,
                normal(key, rows * width, 2));
            // deviations of 1 around a mean of 1000: mean square less squared mean loses them
            both.agree(ColumnMomentsKernels.class, (device, x) -> device.columnMoments(x[0], rows, width), 100,
                shifted(normal(key, rows * width, 1), 1000));
          }
        }));
  }

  private Stream<DynamicTest> batchNorms(int rows, int width) {
    String of = " of [" + rows + ", " + width + "]";
    double size = Math.sqrt(rows + 1.0) * 10;
    return Stream.of(
        law("batchNorm" + of, key -> {
          float[] x = normal(key, rows * width, 3);
          both.agree(BatchNormKernels.class, (device, a) -> device.batchNorm(a[0], a[1], a[2], a[3], rows, width, 1e-2),
              size, x, moments(x, rows, width), normal(key.fold(2), width, 1), normal(key.fold(3), width, 1));
        }),
        law("batchNormSums" + of, key -> {
          float[] x = normal(key, rows * width, 3);
          both.agree(BatchNormKernels.class, (device, a) -> device.batchNormSums(a[0], a[1], a[2], rows, width, 1e-2),
              size, x, moments(x, rows, width), normal(key.fold(3), rows * width, 1));
        }),
        law("batchNormGradient" + of, key -> {
          float[] x = normal(key, rows * width, 3);
          both.agree(BatchNormKernels.class, (device, a) -> device.batchNormGradient(a[0], a[1], a[2], a[3],
              device.batchNormSums(a[0], a[1], a[3], rows, width, 1e-2), rows, width, 1e-2), size, x,
              moments(x, rows, width), normal(key.fold(2), width, 1), normal(key.fold(3), rows * width, 1));
        }));
  }

  /// The mean of each column, then the population variance of each.
  private static float[] moments(float[] x, int rows, int width) {
    float[] moments = new float[2 * width];
    for (int j = 0; j < width; j++) {
      double mean = 0;
      double square = 0;
      for (int r = 0; r < rows; r++) {
        mean += x[r * width + j] / (double) rows;
        square += x[r * width + j] * (double) x[r * width + j] / rows;
      }
      moments[j] = (float) mean;
      moments[width + j] = (float) (square - mean * mean);
    }
    return moments;
  }

  private DynamicTest activated(int rows, int inner, int columns, Unary function) {
    Product sizes = new Product(1, false, false, rows, inner, columns, false, true);
    return law("matmul then " + function + " of " + rows + " x " + inner + " x " + columns,
        key -> both.agree(ActivatedProductKernels.class,
            (device, x) -> device.matmul(sizes, x[0], x[1], x[2], function, 0.2),
            4 * Math.sqrt(inner + 1.0), normal(key, rows * inner, 1), normal(key.fold(2), columns * inner, 1),
            normal(key.fold(3), columns, 1)));
  }

  private DynamicTest added(int rows, int columns, int inner, int more, @Nullable Unary function) {
    Product first = new Product(1, false, false, rows, inner, columns, false, true);
    Product second = new Product(1, false, false, rows, more, columns, false, true);
    return law("matmulSum of " + rows + " x " + inner + " x " + columns + " and " + more + ", " + function,
        key -> both.agree(ProductSumKernels.class,
            (device, x) -> device.matmulSum(List.of(first, second), List.of(x[0], x[2]), List.of(x[1], x[3]), x[4],
                function, 0.3),
            4 * Math.sqrt(inner + more + 1.0), normal(key, rows * inner, 1), normal(key.fold(2), columns * inner, 1),
            normal(key.fold(3), rows * more, 1), normal(key.fold(4), columns * more, 1),
            normal(key.fold(5), columns, 1)));
  }

  private DynamicTest sloped(int rows, int inner, int columns, Unary function) {
    return law("matmulTimesDerivative " + function + " of " + rows + " x " + inner + " x " + columns, key -> {
      float[] a = normal(key, rows * inner, 1);
      float[] y = salted(key.fold(3), normal(key.fold(4), rows * columns, 1), 0);
      for (boolean turned : new boolean[] {false, true}) {
        Product sizes = new Product(1, false, false, rows, inner, columns, false, turned);
        both.agree(InPlaceKernels.class, (device, x) -> {
          Storage given = both.behind(device).unary(function, 0.2, x[2]);
          Storage share = device.matmulTimesDerivative(sizes, x[0], x[1], function, 0.2, given);
          assertTrue(given.isReleased(), "y is given up");
          return share;
        }, 4 * Math.sqrt(inner + 1.0), a, normal(key.fold(2), columns * inner, 1), y);
      }
    });
  }

  /// Numbers some of which overflow an exponential that is not taken relative to the maximum.
  private static float[] logits(Key key, int size) {
    return salted(key.fold(1), normal(key, size, 2), 200, 201, -300);
  }

  private static float[] shifted(float[] values, float shift) {
    float[] shifted = values.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += shift;
    }
    return shifted;
  }

  private Stream<DynamicTest> sparse(int rows, int columns, int edges, int heads, int width) {
    String of = " of " + rows + " rows, " + columns + " columns, " + edges + " edges, " + heads + " heads, width "
        + width;
    return Stream.of(
        law("weightedSum" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices slots = choices(key.fold(2), edges, columns);
          Indices order = order(key.fold(3), edges);
          float[] x = normal(key.fold(4), columns * width, 1);
          float[] weights = normal(key.fold(5), edges * heads, 1);
          both.agreeToMagnitude(WeightedSumKernels.class,
              (device, a) -> device.weightedSum(offsets, slots, order, a[1], heads, a[0], width, null), x, weights);
          both.agreeToMagnitude(WeightedSumKernels.class,
              (device, a) -> device.weightedSum(offsets, slots, null, a[1], heads, a[0], width, a[2]), x, weights,
              normal(key.fold(6), rows * width, 1));
          both.agreeToMagnitude(WeightedSumKernels.class,
              (device, a) -> device.weightedSum(offsets, slots, null, null, heads, a[0], width, null), x);
        }),
        law("neighborMean" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices slots = choices(key.fold(2), edges, columns);
          float[] x = normal(key.fold(4), columns * width, 1);
          both.agreeToMagnitude(NeighborMeanKernels.class,
              (device, a) -> device.neighborMean(offsets, slots, a[0], width, null), x);
          both.agreeToMagnitude(NeighborMeanKernels.class,
              (device, a) -> device.neighborMean(offsets, slots, a[0], width, a[1]), x,
              normal(key.fold(6), rows * width, 1));
        }),
        law("neighborExtreme" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices slots = choices(key.fold(2), edges, columns);
          float[] x = normal(key.fold(4), columns * width, 1);
          for (Reduction kind : List.of(Reduction.MAXIMUM, Reduction.MINIMUM)) {
            both.agree(NeighborExtremeKernels.class,
                (device, a) -> device.neighborExtreme(kind, offsets, slots, a[0], width),
                1e-3, x);
          }
        }),
        law("neighborExtremeGradient" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices slots = choices(key.fold(2), edges, columns);
          Indices rowOf = Segments.ofOffsets(offsets).index();
          Segments byColumn = Segments.of(slots, columns);
          Indices order = byColumn.order();
          Indices back = order == null ? rowOf : rowOf.at(order);
          both.agree(NeighborExtremeKernels.class,
              (device, a) -> device.neighborExtremeGradient(offsets, slots, byColumn.offsets(), back, a[0],
                  device.neighborExtreme(Reduction.MAXIMUM, offsets, slots, a[0], width), a[1], width),
              Math.sqrt(edges + 1.0), ties(normal(key.fold(4), columns * width, 2)),
              normal(key.fold(5), rows * width, 1));
        }),
        law("edgeDot" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices slots = choices(key.fold(2), edges, columns);
          Indices order = order(key.fold(3), edges);
          float[] a = normal(key.fold(4), rows * width, 1);
          float[] b = normal(key.fold(5), columns * width, 1);
          both.agreeToMagnitude(WeightedSumKernels.class,
              (device, x) -> device.edgeDot(offsets, slots, order, x[0], x[1], heads, width), a, b);
          both.agreeToMagnitude(WeightedSumKernels.class,
              (device, x) -> device.edgeDot(offsets, slots, null, x[0], x[1], heads, width), a, b);
        }),
        law("segmentSoftmax" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices order = order(key.fold(3), edges);
          float[] x = logits(key, edges * width);
          both.agree(SegmentSoftmaxKernels.class, (device, a) -> device.segmentSoftmax(a[0], width, offsets, order),
              1e-3, x);
          both.agree(SegmentSoftmaxKernels.class, (device, a) -> device.segmentSoftmax(a[0], width, offsets, null),
              1e-3, x);
        }),
        law("segmentSoftmaxGradient" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, edges);
          Indices order = order(key.fold(3), edges);
          float[] x = normal(key.fold(4), edges * width, 2);
          float[] upstream = normal(key.fold(5), edges * width, 1);
          for (Indices in : List.of(order, Indices.range(0, edges))) {
            both.agree(SegmentSoftmaxKernels.class, (device, a) -> device.segmentSoftmaxGradient(
                device.segmentSoftmax(a[0], width, offsets, in), a[1], width, offsets, in), 1, x, upstream);
          }
        }));
  }

  private Stream<DynamicTest> segments(int rows, int columns, int members, int width) {
    String of = " of " + members + " members in " + rows + " segments, width " + width;
    return Stream.of(
        law("segmentExtremeGradient" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, members);
          Indices order = order(key.fold(3), members);
          float[] x = ties(normal(key.fold(4), members * width, 2));
          float[] upstream = normal(key.fold(5), rows * width, 1);
          for (Indices in : List.of(order, Indices.range(0, members))) {
            both.agree(SegmentExtremeKernels.class,
                (device, a) -> device.segmentExtremeGradient(a[0],
                    both.behind(device).segmentReduce(Reduction.MAXIMUM, a[0], width, offsets, in), a[1], width,
                    offsets, in),
                1e-3, x, upstream);
          }
        }),
        law("segmentVariance" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, members);
          Indices order = order(key.fold(3), members);
          both.agree(SegmentVarianceKernels.class, (device, a) -> device.segmentVariance(a[0], width, offsets, order),
              10,
              normal(key.fold(4), members * width, 2));
          both.agree(SegmentVarianceKernels.class, (device, a) -> device.segmentVariance(a[0], width, offsets, null),
              10,
              normal(key.fold(4), members * width, 2));
        }),
        law("segmentVarianceGradient" + of, key -> {
          Indices offsets = offsets(key.fold(1), rows, members);
          Indices order = order(key.fold(3), members);
          both.agree(SegmentVarianceKernels.class,
              (device, a) -> device.segmentVarianceGradient(a[0], a[1], width, offsets, order), 4,
              normal(key.fold(4), members * width, 2), normal(key.fold(5), rows * width, 1));
        }),
        law("gatheredSum" + of, key -> {
          if (rows > 0 && columns > 0) {
            List<Indices> owners = List.of(choices(key.fold(1), members, rows), choices(key.fold(2), members, columns));
            both.agree(GatheredSumKernels.class,
                (device, a) -> device.gatheredSum(a[2], List.of(a[0], a[1]), owners, width), 1,
                normal(key.fold(3), rows * width, 1), normal(key.fold(4), columns * width, 1),
                normal(key.fold(5), members * width, 1));
            both.agree(GatheredSumKernels.class,
                (device, a) -> device.gatheredSum(null, List.of(a[0], a[1]), owners, width), 1,
                normal(key.fold(3), rows * width, 1), normal(key.fold(4), columns * width, 1));
          }
        }));
  }

  /// Rounded so that several are equal.
  private static float[] ties(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(values[i]);
    }
    return values;
  }

  private DynamicTest adamOfSeveral(AdamKernels optimizer) {
    return law("adam of several parameters at once", key -> {
      List<AdamKernels.Moments> together = new ArrayList<>();
      List<AdamKernels.Moments> alone = new ArrayList<>();
      for (int size : SIZES) {
        Key own = key.fold(size);
        for (List<AdamKernels.Moments> list : List.of(together, alone)) {
          list.add(new AdamKernels.Moments(backend.upload(normal(own.fold(1), size, 1)),
              backend.upload(normal(own.fold(2), size, 1)), backend.upload(normal(own.fold(3), size, 0.1)),
              backend.upload(own.fold(4).uniform(size))));
        }
      }
      optimizer.adam(together, 0.05, 0.9, 0.99, 1e-3, 0.1, false, 0.1, 0.01);
      for (AdamKernels.Moments each : alone) {
        optimizer.adam(each.parameter(), each.gradient(), each.m(), each.v(), 0.05, 0.9, 0.99, 1e-3, 0.1, false, 0.1,
            0.01);
      }
      for (int i = 0; i < alone.size(); i++) {
        assertArrayEquals(backend.download(alone.get(i).parameter()), backend.download(together.get(i).parameter()));
        assertArrayEquals(backend.download(alone.get(i).v()), backend.download(together.get(i).v()));
      }
    });
  }

  private DynamicTest adam(AdamKernels optimizer, int size, boolean decoupled) {
    return law("adam [" + size + "]" + (decoupled ? " decoupled" : ""), key -> {
      float[][] start = {normal(key.fold(1), size, 1), normal(key.fold(2), size, 1), normal(key.fold(3), size, 0.1),
        key.fold(4).uniform(size)};
      Float64Kernels reference = new Float64Kernels();
      Storage[] expected = Stream.of(start).map(values -> reference.upload(values)).toArray(Storage[]::new);
      Storage[] actual = Stream.of(start).map(values -> backend.upload(values)).toArray(Storage[]::new);
      for (int step = 1; step <= 3; step++) {
        double correction1 = 1 - Math.pow(0.9, step);
        double correction2 = 1 - Math.pow(0.99, step);
        reference.adam(expected[0], expected[1], expected[2], expected[3], 0.05, 0.9, 0.99, 1e-3, 0.1, decoupled,
            correction1, correction2);
        optimizer.adam(actual[0], actual[1], actual[2], actual[3], 0.05, 0.9, 0.99, 1e-3, 0.1, decoupled,
            correction1, correction2);
      }
      for (int i = 0; i < start.length; i++) {
        double[] scale = new double[size];
        Arrays.fill(scale, 4);
        both.compare(reference.downloadDouble(expected[i]), scale, backend.downloadDouble(actual[i]));
        assertEquals(i == 1 ? 0 : 3, actual[i].version(), "refills of parameter, gradient, m and v: " + i);
      }
    });
  }
}
