package org.orrery.testkit;

import static org.orrery.testkit.Inputs.between;
import static org.orrery.testkit.Inputs.choices;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.offsets;
import static org.orrery.testkit.Inputs.order;
import static org.orrery.testkit.Inputs.salted;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Reduction;

/// Reductions over segments of rows: empty and long ones, in any order, with repeated rows.
final class SegmentLaws {
  /// segments, rows, width
  private static final int[][] SIZES = {{0, 0, 3}, {3, 0, 2}, {1, 1, 1}, {1, 37, 1}, {5, 12, 0}, {7, 40, 1},
    {7, 40, 3}, {13, 100, 16}, {13, 100, 17}, {300, 1003, 5}, {1003, 300, 33}, {2, 2000, 64}};

  private final SideBySide both;

  SegmentLaws(SideBySide both) {
    this.both = both;
  }

  Stream<DynamicTest> laws() {
    return Stream.of(SIZES).flatMap(
        n -> Stream.of(Reduction.values()).flatMap(kind -> segmentReduce(kind, n[0], n[1], n[2])));
  }

  private Stream<DynamicTest> segmentReduce(Reduction kind, int segments, int rows, int width) {
    String name = "segmentReduce " + kind + " of [" + rows + ", " + width + "] to " + segments;
    return Stream.of(
        law(name, key -> agree(kind, offsets(key.fold(1), segments, rows), null, key, width)),
        law(name + " in another order",
            key -> agree(kind, offsets(key.fold(1), segments, rows), order(key.fold(2), rows), key, width)),
        law(name + " with repeated rows, NaN and infinities", key -> {
          Indices repeated = choices(key.fold(2), rows, Math.max(1, rows));
          both.agree(Backend.class,
              (device, x) -> device.segmentReduce(kind, x[0], width, offsets(key.fold(1), segments, rows), repeated),
              Math.sqrt(rows), salted(key.fold(3), numbers(kind, key, rows, width), Float.NaN, Float.POSITIVE_INFINITY,
                  Float.NEGATIVE_INFINITY));
        }));
  }

  private void agree(Reduction kind, Indices offsets, @Nullable Indices order, Key key, int width) {
    int rows = offsets.at(offsets.size() - 1);
    SideBySide.Computation<Backend> reduce = (device, x) -> device.segmentReduce(kind, x[0], width, offsets, order);
    float[] x = numbers(kind, key, rows, width);
    if (kind == Reduction.PRODUCT) {
      both.agree(Backend.class, reduce, ReductionLaws.roundingsOfProduct(rows), x);
    } else {
      both.agreeToMagnitude(Backend.class, reduce, x);
    }
  }

  private static float[] numbers(Reduction kind, Key key, int rows, int width) {
    double spread = 0.5 / Math.sqrt(rows + 1.0); // no product of any of them overflows
    return kind == Reduction.PRODUCT
        ? between(key, rows * width, 1 - spread, 1 + spread)
        : normal(key, rows * width, 1);
  }
}
