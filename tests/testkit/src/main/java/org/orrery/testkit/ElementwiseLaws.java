package org.orrery.testkit;

import static org.orrery.testkit.Inputs.between;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.salted;
import static org.orrery.testkit.Inputs.whole;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Expression;
import org.orrery.tensor.backend.Unary;

/// Functions of one and two arguments, broadcasting and selection.
final class ElementwiseLaws {
  private static final int[] SIZES = {0, 1, 2, 15, 37, 1003, 70_001};
  private static final int[][][] BROADCASTS = {
    {{}, {}, {}},
    {{37}, {37}, {37}},
    {{70_001}, {70_001}, {70_001}},
    {{}, {5}, {5}},
    {{19}, {}, {19}},
    {{1}, {19}, {19}},
    {{7, 33}, {33}, {7, 33}},
    {{33}, {7, 33}, {7, 33}},
    {{7, 33}, {7, 1}, {7, 33}},
    {{7, 1}, {7, 33}, {7, 33}},
    {{7, 1}, {1, 5}, {7, 5}},
    {{1, 33}, {7, 33}, {7, 33}},
    {{2, 1, 3}, {4, 1}, {2, 4, 3}},
    {{2, 3, 4, 5}, {3, 1, 5}, {2, 3, 4, 5}},
    {{3, 1, 5}, {2, 3, 4, 5}, {2, 3, 4, 5}},
    {{1, 1, 5}, {6, 1, 1}, {6, 1, 5}},
    {{0}, {1}, {0}},
    {{0, 3}, {3}, {0, 3}},
    {{4, 0}, {4, 1}, {4, 0}},
    {{501, 64}, {64}, {501, 64}},
    {{501, 64}, {501, 1}, {501, 64}}};

  private final SideBySide both;

  ElementwiseLaws(SideBySide both) {
    this.both = both;
  }

  Stream<DynamicTest> laws() {
    return Stream.of(
        Stream.of(Unary.values()).flatMap(kind -> IntStream.of(SIZES).mapToObj(size -> unary(kind, size))),
        Stream.of(Unary.values()).map(this::specialValues),
        Stream.of(Binary.values()).flatMap(kind -> Stream.of(BROADCASTS).map(shapes -> binary(kind, shapes))),
        Stream.of(Binary.values()).map(this::specialPairs),
        IntStream.of(SIZES).mapToObj(this::select)).flatMap(laws -> laws);
  }

  /// A value of alpha that makes sense for the kind.
  static double alpha(Unary kind) {
    return switch (kind) {
      case SCALE -> -1.7;
      case POWER -> 2.5;
      case LEAKY_RELU -> 0.2;
      case AT_LEAST -> -0.4;
      default -> 0.7;
    };
  }

  /// Arguments for which the kind is finite, up to overflow.
  static float[] arguments(Unary kind, Key key, int size) {
    return kind.least() == Double.NEGATIVE_INFINITY
        ? salted(key.fold(1), normal(key, size, 3), 0, 2, 1e-4f, -30, 80, -80, 1000, -5000)
        : between(key, size, kind.least() + 1e-3, 20);
  }

  private DynamicTest unary(Unary kind, int size) {
    return law("unary " + kind + " [" + size + "]", key -> agree(kind, alpha(kind), arguments(kind, key, size)));
  }

  /// Allows the error that rounding x and y would make: tolerance (|y| + |x f'(x)|).
  private void agree(Unary kind, double alpha, float[] x) {
    double[] scale = new double[x.length];
    Expression slope = kind.slope(alpha);
    for (int i = 0; i < x.length; i++) {
      double y = kind.apply(x[i], alpha);
      double byArgument = Math.abs(x[i] * slope.evaluate(x[i], y));
      scale[i] = Math.abs(y) + (Double.isFinite(byArgument) ? byArgument : 0);
    }
    both.agree(Backend.class, (device, operands) -> device.unary(kind, alpha, operands[0]), scale, x);
  }

  /// What the error of upstream f'(x) is measured by: |upstream| times |f'| and what rounding x does to f'. Where a slope vanishes in a
  /// tail it is relative.
  static double[] slopeScales(Unary kind, double alpha, float[] x, float[] upstream) {
    Expression slope = kind.slope(alpha);
    double step = 1e-4;
    double[] scales = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double more = x[i] * (1 + step);
      double less = x[i] * (1 - step);
      double there = Math.abs(slope.evaluate(x[i], kind.apply(x[i], alpha)));
      double byArgument = Math.abs(slope.evaluate(more, kind.apply(more, alpha))
          - slope.evaluate(less, kind.apply(less, alpha))) / (2 * step);
      scales[i] = Math.abs(upstream[i]) * (there + (Double.isFinite(byArgument) ? byArgument : 0));
    }
    return scales;
  }

  private DynamicTest specialValues(Unary kind) {
    return law("unary " + kind + " of special values", key -> {
      float[] values = switch (kind) {
        case SIGN -> new float[] {0, 3, -3, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        case POWER -> new float[] {0, 1, -1, 2, -2, Float.NaN, Float.POSITIVE_INFINITY, 100, -100}; // (-inf)^(1/2) is open
        default ->
          new float[] {0, 1, -1, 2, -2, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 100, -100};
      };
      // long enough for whole vectors, and a tail
      float[] repeated = new float[7 * values.length + 3];
      for (int i = 0; i < repeated.length; i++) {
        repeated[i] = values[i % values.length];
      }
      double[] alphas = kind == Unary.POWER
          ? new double[] {0, 1, 2, 3, -1, -2, 0.5, -0.5, 2.5}
          : new double[] {alpha(kind)};
      for (double alpha : alphas) {
        agree(kind, alpha, repeated);
      }
    });
  }

  private DynamicTest binary(Binary kind, int[][] shapes) {
    Shape a = Shape.of(shapes[0]);
    Shape b = Shape.of(shapes[1]);
    Shape result = Shape.of(shapes[2]);
    return law("binary " + kind + " " + a + " " + b, key -> {
      SideBySide.Computation<Backend> computation = (device, x) -> device.binary(kind, x[0], a, x[1], b, result);
      float[] left = operand(kind, key.fold(1), a.elements());
      float[] right = operand(kind, key.fold(2), b.elements());
      switch (kind) {
        case ADD -> both.agreeToMagnitude(Backend.class, computation, left, right);
        case SUBTRACT -> both.agree(Backend.class, computation, 1, left, right);
        default -> both.agreeRelatively(Backend.class, computation, left, right);
      }
    });
  }

  private static float[] operand(Binary kind, Key key, int size) {
    return switch (kind) {
      case GREATER, GREATER_EQUAL, EQUAL, MAXIMUM, MINIMUM -> whole(key, size);
      case POWER -> between(key, size, 0.1, 4);
      case ADD, SUBTRACT, MULTIPLY, DIVIDE -> normal(key, size, 2);
    };
  }

  private DynamicTest specialPairs(Binary kind) {
    return law("binary " + kind + " of special values", key -> {
      float[] values = {0, 1, -1, 3, -0.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
      Shape column = Shape.of(values.length, 1);
      Shape row = Shape.of(values.length);
      Shape all = Shape.of(values.length, values.length);
      SideBySide.Computation<Backend> computation = (device, x) -> device.binary(kind, x[0], column, x[1], row, all);
      if (kind == Binary.POWER) { // of NaN and of infinities the libraries think differently
        float[] finite = {0, 1, -1, 3, -0.5f, 2, -2, 0.5f};
        both.agreeRelatively(Backend.class, computation, finite, finite);
      } else {
        both.agreeRelatively(Backend.class, computation, values, values);
      }
    });
  }

  private DynamicTest select(int size) {
    return law("select [" + size + "]", key -> both.agreeRelatively(Backend.class,
        (device, x) -> device.select(x[0], x[1], x[2]),
        salted(key.fold(1), whole(key.fold(2), size), Float.NaN, -0f, 1e-30f),
        salted(key.fold(3), normal(key.fold(4), size, 1), Float.NaN, Float.POSITIVE_INFINITY),
        salted(key.fold(5), normal(key.fold(6), size, 1), Float.NaN, Float.POSITIVE_INFINITY)));
  }
}
