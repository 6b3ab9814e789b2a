package org.orrery.testkit;

import static org.orrery.testkit.Inputs.between;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.salted;
import static org.orrery.testkit.Inputs.whole;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Reduction;

/// Reductions of the middle axis of `[outer, length, inner]`, positions of extremes, sorting, and prefix sums.
final class ReductionLaws {
  private static final int[][] SIZES = {{0, 3, 2}, {2, 0, 3}, {2, 3, 0}, {1, 1, 1}, {3, 7, 1}, {1, 37, 1}, {5, 1, 4},
    {2, 33, 3}, {4, 129, 17}, {1, 5, 1003}, {1003, 5, 1}, {3, 64, 64}, {1, 1003, 2}, {7, 1003, 1}, {1, 100_003, 1}};

  private final SideBySide both;

  ReductionLaws(SideBySide both) {
    this.both = both;
  }

  Stream<DynamicTest> laws() {
    return Stream.of(SIZES).flatMap(n -> Stream.of(
        reductions(n[0], n[1], n[2]),
        n[1] == 0 ? Stream.<DynamicTest>empty() : positions(n[0], n[1], n[2]),
        Stream.of(prefixSum(n, false), prefixSum(n, true)),
        n[2] == 1 ? Stream.of(sort(n[0], n[1], false), sort(n[0], n[1], true)) : Stream.<DynamicTest>empty()))
        .flatMap(laws -> laws);
  }

  private static String shape(int... sizes) {
    return Arrays.toString(sizes);
  }

  private Stream<DynamicTest> reductions(int outer, int length, int inner) {
    int size = outer * length * inner;
    return Stream.of(Reduction.values()).flatMap(kind -> {
      SideBySide.Computation<Backend> reduce = (device, x) -> device.reduce(kind, x[0], outer, length, inner);
      String name = "reduce " + kind + " " + shape(outer, length, inner);
      return Stream.of(
          law(name, key -> {
            float[] x = numbers(kind, key, size, length);
            if (kind == Reduction.PRODUCT) {
              both.agree(Backend.class, reduce, roundingsOfProduct(length), x);
            } else {
              both.agreeToMagnitude(Backend.class, reduce, x);
            }
          }),
          law(name + " with NaN and infinities", key -> both.agree(Backend.class, reduce, Math.sqrt(size) * 4,
              sparselySalted(key, numbers(kind, key, size, length)))));
    });
  }

  /// How the error of a product near 1 grows with the number of its factors, each of which is rounded at random.
  static double roundingsOfProduct(int factors) {
    return Math.max(1, Math.sqrt(factors) / 8);
  }

  /// Numbers whose product neither overflows nor vanishes, where a product is asked for.
  private static float[] numbers(Reduction kind, Key key, int size, int length) {
    double spread = 0.5 / Math.sqrt(length + 1.0);
    return kind == Reduction.PRODUCT ? between(key, size, 1 - spread, 1 + spread) : normal(key, size, 1);
  }

  /// A few special values in all, so that some results stay finite.
  private static float[] sparselySalted(Key key, float[] values) {
    float[] salt = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    float[] salted = values.clone();
    if (values.length > 0) {
      int[] places = key.fold("salt").integers(salt.length, values.length);
      for (int i = 0; i < salt.length; i++) {
        salted[places[i]] = salt[i];
      }
    }
    return salted;
  }

  private Stream<DynamicTest> positions(int outer, int length, int inner) {
    int size = outer * length * inner;
    return Stream.of(Reduction.MAXIMUM, Reduction.MINIMUM).flatMap(kind -> {
      String name = "argReduce " + kind + " " + shape(outer, length, inner);
      return Stream.of(
          law(name, key -> both.sameIndices((device, x) -> device.argReduce(kind, x, outer, length, inner),
              normal(key, size, 1))),
          law(name + " with ties", key -> both.sameIndices(
              (device, x) -> device.argReduce(kind, x, outer, length, inner), whole(key, size))),
          law(name + " with NaN", key -> both.sameIndices(
              (device, x) -> device.argReduce(kind, x, outer, length, inner), sparselySalted(key, whole(key, size)))));
    });
  }

  private DynamicTest sort(int outer, int length, boolean descending) {
    return law("sort " + shape(outer, length) + (descending ? " descending" : ""), key -> {
      both.sameIndices((device, x) -> device.sort(x, outer, length, descending), normal(key, outer * length, 1));
      both.sameIndices((device, x) -> device.sort(x, outer, length, descending), whole(key, outer * length));
      both.sameIndices((device, x) -> device.sort(x, outer, length, descending),
          salted(key.fold(1), whole(key, outer * length), Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
    });
  }

  private DynamicTest prefixSum(int[] n, boolean reversed) {
    return law("prefixSum " + shape(n) + (reversed ? " reversed" : ""), key -> both.agreeToMagnitude(Backend.class,
        (device, x) -> device.prefixSum(x[0], n[0], n[1], n[2], reversed), normal(key, n[0] * n[1] * n[2], 1)));
  }
}
