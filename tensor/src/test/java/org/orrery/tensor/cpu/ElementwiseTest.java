package org.orrery.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.AdamKernels;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.DerivativeKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// Functions of one element: the twins agree to the bit, the place does not matter, errors are bounded.
class ElementwiseTest {
  private static final float[] SPECIAL = {0f, -0f, 1f, -1f, 0.5f, -0.5f, 1e-8f, -1e-8f, 1e-38f, -1e-38f, 1e-44f, 88.7f,
    88.73f, -87.4f, -103.9f, -104.1f, 20f, -20f, 200f, -200f, 8192f, 8193f, -1e6f, 1e20f, -1e20f, Float.MAX_VALUE,
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

  private final CpuBackend scalar = Twins.scalar();
  private final CpuBackend fastest = Twins.fastest(1);

  /// Special values, then numbers of all sizes.
  private static float[] inputs(int size) {
    float[] x = Twins.normal(7, size);
    for (int i = 0; i < size; i++) {
      x[i] = i < SPECIAL.length ? SPECIAL[i] : x[i] * (float) Math.pow(10, i % 7 - 4);
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void theTwinsAgreeToTheBit(Unary kind) {
    assumeTrue(KernelChoice.vectorsPresent());
    for (int size : new int[] {0, 1, 3, 15, 16, 17, 31, 64, 100, 5000}) {
      float[] numbers = inputs(size);
      float[] above = Twins.normal(8, size);
      Twins.assertSameBits(scalar.download(scalar.unary(kind, 0.3, scalar.upload(numbers))),
          fastest.download(fastest.unary(kind, 0.3, fastest.upload(numbers))), kind + " of " + size);
      Twins.assertSameBits(scalar, gradient(scalar, kind, numbers, above), fastest,
          gradient(fastest, kind, numbers, above), "gradient of " + kind + " of " + size);
    }
  }

  private static Storage gradient(CpuBackend backend, Unary kind, float[] numbers, float[] above) {
    Storage x = backend.upload(numbers);
    return Twins.kernels(backend, DerivativeKernels.class).unaryGradient(kind, 0.3, x, backend.unary(kind, 0.3, x),
        backend.upload(above));
  }

  @ParameterizedTest
  @EnumSource
  void thePlaceOfAnElementDoesNotMatter(Unary kind) {
    float[] numbers = inputs(100);
    float[] whole = fastest.download(fastest.unary(kind, 0.3, fastest.upload(numbers)));
    float[] wholeGradient = fastest.download(gradient(fastest, kind, numbers, Twins.normal(9, 100)));
    for (int start = 1; start < 40; start++) {
      float[] later = Arrays.copyOfRange(numbers, start, 100);
      Twins.assertSameBits(Arrays.copyOfRange(whole, start, 100),
          fastest.download(fastest.unary(kind, 0.3, fastest.upload(later))), kind + " from " + start);
      float[] above = Arrays.copyOfRange(Twins.normal(9, 100), start, 100);
      Twins.assertSameBits(Arrays.copyOfRange(wholeGradient, start, 100),
          fastest.download(gradient(fastest, kind, later, above)), "gradient of " + kind + " from " + start);
    }
  }

  /// Errors in units of 2^-24 of the true value, over a range in which the result is a normal number.
  @ParameterizedTest
  @CsvSource({"EXP, -87, 88.7, 2.5", "EXPM1, -20, 88, 3", "LOG, 1e-37, 1e38, 2.5", "LOG1P, -0.999, 1e6, 4",
    "TANH, -10, 10, 6", "SIGMOID, -80, 80, 5", "SILU, -80, 80, 6", "SOFTPLUS, -80, 80, 6", "MISH, -80, 80, 8",
    "ERF, -4, 4, 5", "GELU, -5, 5, 12", "SIN, -3, 3, 4", "COS, -1.5, 1.5, 4"})
  void errorsAreBounded(Unary kind, double least, double most, double bound) {
    int size = 200_000;
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      double part = (i + 0.5) / size;
      boolean byRatio = least > 0;
      x[i] = (float) (byRatio ? least * Math.pow(most / least, part) : least + (most - least) * part);
      if (!byRatio && i % 2 == 1) {
        x[i] *= (float) Math.pow(10, -8 * part); // near 0 too
      }
    }
    float[] y = fastest.download(fastest.unary(kind, 0, fastest.upload(x)));
    double worst = 0;
    float where = 0;
    for (int i = 0; i < size; i++) {
      double exact = kind.apply(x[i], 0);
      double error = Math.abs(y[i] - exact) / Math.max(Math.abs(exact), Float.MIN_NORMAL) * (1 << 24);
      if (error > worst) {
        worst = error;
        where = x[i];
      }
    }
    assertTrue(worst <= bound, kind + ": error " + worst + " at " + where);
  }

  /// Errors of slopes in units of 2^-24 of the true slope and of what rounding x does to it: also where a slope vanishes in a tail.
  @ParameterizedTest
  @EnumSource(names = {"SIGN", "STEP", "FLOOR"}, mode = EnumSource.Mode.EXCLUDE)
  void errorsOfSlopesAreBounded(Unary kind) {
    int size = 100_000;
    float[] x = new float[size];
    float[] ones = new float[size];
    Arrays.fill(ones, 1f);
    for (int i = 0; i < size; i++) {
      float there = -40 + 80f * i / size;
      x[i] = kind.least() > Double.NEGATIVE_INFINITY ? (float) kind.least() + 0.01f + Math.abs(there) : there;
    }
    for (CpuBackend backend : new CpuBackend[] {scalar, fastest}) {
      float[] slopes = backend.download(gradient(backend, kind, x, ones));
      for (int i = 0; i < size; i++) {
        double exact = slope(kind, x[i]);
        double byArgument = Math.abs(slope(kind, x[i] * (1 + 1e-4)) - slope(kind, x[i] * (1 - 1e-4))) / 2e-4;
        double error = Math.abs(slopes[i] - exact) / (Math.abs(exact) + byArgument + 1e-30) * (1 << 24);
        assertTrue(error <= 12, kind + "' at " + x[i] + " is " + slopes[i] + ", not " + exact + ": error " + error);
      }
    }
  }

  private static double slope(Unary kind, double x) {
    return kind.slope(0.3).evaluate(x, kind.apply(x, 0.3));
  }

  @ParameterizedTest
  @CsvSource({"SIGMOID, 20, 2.0611536139e-9", "TANH, 10, 8.2446144896e-9", "EXPM1, -20, 2.0611536224e-9",
    "SOFTPLUS, -20, 2.0611536181e-9", "ELU, -20, 6.1834608673e-10", "GELU, -10, -7.6184000965e-22",
    "SILU, -20, -3.9161918661e-8", "ERF, 5, 1.5670866531e-11"})
  void slopesInTailsAreNot0(Unary kind, float x, double expected) { // ELU with alpha 0.3
    for (CpuBackend backend : new CpuBackend[] {scalar, fastest}) {
      float slope = backend.download(gradient(backend, kind, new float[] {x}, new float[] {1f}))[0];
      assertEquals(expected, slope, 2e-6 * Math.abs(expected));
    }
  }

  @Test
  void exponentialsEndGracefully() {
    float[] y = fastest.download(fastest.unary(Unary.EXP, 0,
        fastest.upload(new float[] {0f, 88.72f, 88.73f, -100f, -104f, Float.NEGATIVE_INFINITY, Float.NaN})));
    assertEquals(1f, y[0]);
    assertEquals(Math.exp(88.72f), y[1], 1e-6 * Math.exp(88.72));
    assertEquals(Float.POSITIVE_INFINITY, y[2]);
    assertEquals(Math.exp(-100), y[3], Float.MIN_VALUE); // a denormal, rounded once
    assertEquals(0f, y[4]);
    assertEquals(0f, y[5]);
    assertTrue(Float.isNaN(y[6]));
  }

  @ParameterizedTest
  @EnumSource(names = {"SIGN", "STEP", "POWER", "SCALE", "SHIFT"}, mode = EnumSource.Mode.EXCLUDE)
  void notANumberStaysOne(Unary kind) {
    float[] y = fastest.download(fastest.unary(kind, 0.5, fastest.upload(new float[] {1f, Float.NaN, 2f})));
    assertTrue(Float.isNaN(y[1]), kind + " of NaN is " + y[1]);
  }

  @Test
  void anglesOfAnySizeAreReduced() {
    float[] x = {100f, 8000f, 1e5f, 1e10f, 3e38f, (float) Math.PI, 355f};
    float[] sines = fastest.download(fastest.unary(Unary.SIN, 0, fastest.upload(x)));
    float[] cosines = fastest.download(fastest.unary(Unary.COS, 0, fastest.upload(x)));
    for (int i = 0; i < x.length; i++) {
      assertEquals(Math.sin(x[i]), sines[i], 1.2e-7, "sin " + x[i]);
      assertEquals(Math.cos(x[i]), cosines[i], 1.2e-7, "cos " + x[i]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void broadcastingAgreesWithItsDefinition(Binary kind) {
    int[][][] shapes = {{{}, {}}, {{5}, {5}}, {{70_000}, {1}}, {{3, 1}, {1, 4}}, {{1000, 17}, {17}}, {{17}, {1000, 17}},
      {{300, 33}, {300, 1}}, {{300, 1}, {300, 33}}, {{7, 1, 5}, {1, 3, 1}}, {{2, 3, 1, 40}, {3, 6, 1}},
      {{4, 2000}, {1}}, {{0, 3}, {3}}, {{2, 1, 2, 1, 2}, {2, 1, 2, 1}}, {{1, 1}, {1}}};
    for (int[][] pair : shapes) {
      Shape a = Shape.of(pair[0]);
      Shape b = Shape.of(pair[1]);
      float[] left = positive(1, a.elements());
      float[] right = positive(2, b.elements());
      Shape result = a.broadcast(b, "test");
      float[] c = fastest.download(
          fastest.binary(kind, fastest.upload(left), a, fastest.upload(right), b, result));
      float[] expected = new float[result.elements()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = exact(kind, left[place(i, result, a)], right[place(i, result, b)]);
      }
      Twins.assertSameBits(expected, c, kind + " of " + a + " and " + b);
    }
  }

  private static float[] positive(long seed, int size) {
    float[] x = Twins.normal(seed, size);
    for (int i = 0; i < size; i++) {
      x[i] = Math.round(Math.abs(x[i]) * 4) / 4f;
    }
    return x;
  }

  /// Where element i of the result comes from.
  private static int place(int i, Shape result, Shape operand) {
    int[] strides = operand.strides();
    int at = 0;
    int rest = i;
    for (int d = result.rank() - 1; d >= 0; d--) {
      int index = rest % result.size(d);
      rest /= result.size(d);
      int own = d - (result.rank() - operand.rank());
      if (own >= 0 && operand.size(own) > 1) {
        at += index * strides[own];
      }
    }
    return at;
  }

  private static float exact(Binary kind, float a, float b) {
    return switch (kind) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case POWER -> (float) Math.pow(a, b);
      case GREATER -> a > b ? 1f : 0f;
      case GREATER_EQUAL -> a >= b ? 1f : 0f;
      case EQUAL -> a == b ? 1f : 0f;
    };
  }

  @Test
  void adamTakesTheStepOfItsFormula() {
    for (boolean decoupled : new boolean[] {false, true}) {
      Storage parameter = fastest.upload(new float[] {1f, -2f, 0.5f});
      Storage m = fastest.upload(new float[] {0.1f, 0f, -0.2f});
      Storage v = fastest.upload(new float[] {0.01f, 0f, 0.04f});
      float[] gradient = {0.3f, -0.1f, 0f};
      Twins.kernels(fastest, AdamKernels.class).adam(parameter, fastest.upload(gradient), m, v, 0.01, 0.9, 0.999, 1e-8,
          0.1, decoupled, 0.5, 0.25);
      double[] before = {1, -2, 0.5};
      double[] oldM = {0.1, 0, -0.2};
      double[] oldV = {0.01, 0, 0.04};
      for (int i = 0; i < 3; i++) {
        double g = gradient[i] + (decoupled ? 0 : 0.1 * before[i]);
        double mean = 0.9 * oldM[i] + 0.1 * g;
        double square = 0.999 * oldV[i] + 0.001 * g * g;
        double after = before[i] * (decoupled ? 1 - 0.01 * 0.1 : 1)
            - 0.01 * (mean / 0.5) / (Math.sqrt(square / 0.25) + 1e-8);
        assertEquals(after, fastest.download(parameter)[i], 1e-6);
        assertEquals(mean, fastest.download(m)[i], 1e-7);
        assertEquals(square, fastest.download(v)[i], 1e-8);
      }
      assertEquals(1, parameter.version());
      assertEquals(1, m.version());
      assertEquals(1, v.version());
    }
  }
}
