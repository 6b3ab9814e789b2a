package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.geometry.BesselBasis;
import org.orrery.geometry.Centers;
import org.orrery.geometry.ChebyshevBasis;
import org.orrery.geometry.CosineBasis;
import org.orrery.geometry.CosineEnvelope;
import org.orrery.geometry.FourierBasis;
import org.orrery.geometry.FourierBasis.Waves;
import org.orrery.geometry.GaussianBasis;
import org.orrery.geometry.PolynomialEnvelope;
import org.orrery.geometry.SmoothFiniteBasis;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.LayerLaws;

/// Functions of a distance: their values and first two derivatives at 0 and at the cutoff, and the laws of layers.
class RadialBasisTest {
  private static final double C = 2.5;
  private static final int N = 4;

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(new GaussianBasis(Centers.spanning(0, 2, N)), new CosineBasis(Centers.inside(-2, 2, N)),
        new SmoothFiniteBasis(Centers.inside(-2, 2, N)), new FourierBasis(Waves.COSINES, -1, 1, N),
        new FourierBasis(Waves.SINES, -1, 1, N), new BesselBasis(C, N), new ChebyshevBasis(C, N), new CosineEnvelope(C),
        new PolynomialEnvelope(C, 6), new BesselBasis(C, N).times(new PolynomialEnvelope(C, 5)))
        .flatMap(layer -> LayerLaws.ofLayer(key -> layer, 1).tests());
  }

  /// Value, first and second derivative of each function at r, in double precision: `[3][functions]`.
  private static double[][] at(Layer layer, double r) {
    return Backends.with(new Float64Backend(), () -> derivatives(layer, r));
  }

  private static double[][] derivatives(Layer layer, double r) {
    int count = layer.apply(Tensor.of(new double[] {r}, 1, 1), Mode.inference()).columns();
    double[][] all = new double[3][count];
    for (int k = 0; k < count; k++) {
      Tensor x = Tensor.of(new double[] {r}, 1, 1).tracked();
      Tensor y = layer.apply(x, Mode.inference()).slice(1, k, k + 1).sum();
      Tensor slope = Gradients.differentiable(y, x).withRespectTo(x);
      all[0][k] = y.toDoubles()[0];
      all[1][k] = slope.toDoubles()[0];
      all[2][k] = slope.isTracked() ? Gradients.of(slope.sum(), List.of(x)).withRespectTo(x).toDoubles()[0] : 0;
    }
    return all;
  }

  private static double[] each(int count, IntToDoubleFunction function) {
    return IntStream.range(0, count).mapToDouble(function).toArray();
  }

  private static void assertDerivatives(double[][] actual, double[] value, double[] first, double[] second) {
    assertArrayEquals(value, actual[0], 1e-12);
    assertArrayEquals(first, actual[1], 1e-11);
    assertArrayEquals(second, actual[2], 1e-9);
  }

  /// sin(a r) / r = a - a^3 r^2 / 6 + ..., times sqrt(2 / c); at c, where sin(a c) = 0, the derivatives of sin(a r) / r are
  /// a cos(a c) / c and -2 a cos(a c) / c^2.
  @Test
  void besselFunctionsAtZeroAndAtTheCutoff() {
    BesselBasis basis = new BesselBasis(C, N);
    double scale = Math.sqrt(2 / C);
    IntToDoubleFunction a = k -> (k + 1) * Math.PI / C;
    assertDerivatives(at(basis, 0), each(N, k -> scale * a.applyAsDouble(k)), new double[N],
        each(N, k -> -scale * Math.pow(a.applyAsDouble(k), 3) / 3));
    IntToDoubleFunction wave = k -> scale * a.applyAsDouble(k) * (k % 2 == 0 ? -1 : 1) / C;
    assertDerivatives(at(basis, C), new double[N], each(N, wave), each(N, k -> -2 * wave.applyAsDouble(k) / C));
  }

  /// On both sides of the place where the series ends.
  @Test
  void besselFunctionsAreSinesOverTheDistance() {
    for (double r = 0.02; r < C; r += 0.03) {
      double x = r;
      IntToDoubleFunction a = k -> (k + 1) * Math.PI / C;
      double[] values = each(N, k -> Math.sqrt(2 / C) * Math.sin(a.applyAsDouble(k) * x) / x);
      assertArrayEquals(values, at(new BesselBasis(C, N), r)[0], 1e-12, "r " + r);
    }
  }

  /// In single precision too, where sin(a r) / r would lose its derivative by cancellation: it is about -a^3 r / 3.
  @Test
  void besselFunctionsHaveSlopesCloseToZero() {
    BesselBasis basis = new BesselBasis(C, N);
    for (double r : new double[] {1e-6, 1e-4, 1e-2}) {
      double[][] single = derivatives(basis, r);
      for (int k = 0; k < N; k++) {
        double a = (k + 1) * Math.PI / C;
        assertEquals(-Math.sqrt(2 / C) * Math.pow(a, 3) * r / 3, single[1][k], 3e-3 * r * a * a * a, "r " + r);
      }
    }
  }

  @Test
  void gaussiansAtZeroAndAtTheLastCenter() {
    GaussianBasis basis = new GaussianBasis(Centers.spanning(0, C, N));
    double w = C / (N - 1);
    for (double r : new double[] {0, C}) {
      IntToDoubleFunction d = k -> (r - k * w) / w;
      IntToDoubleFunction y = k -> Math.exp(-0.5 * d.applyAsDouble(k) * d.applyAsDouble(k));
      assertDerivatives(at(basis, r), each(N, y), each(N, k -> -d.applyAsDouble(k) / w * y.applyAsDouble(k)),
          each(N, k -> (d.applyAsDouble(k) * d.applyAsDouble(k) - 1) / (w * w) * y.applyAsDouble(k)));
    }
  }

  /// T_k(1) = 1, T_k'(1) = k^2, T_k''(1) = k^2 (k^2 - 1) / 3; at -1 with the signs of x^k. dx/dr = 2 / c.
  @Test
  void chebyshevPolynomialsAtZeroAndAtTheCutoff() {
    ChebyshevBasis basis = new ChebyshevBasis(C, 6);
    for (int sign : new int[] {-1, 1}) {
      IntToDoubleFunction even = k -> sign < 0 && k % 2 != 0 ? -1 : 1;
      assertDerivatives(at(basis, sign < 0 ? 0 : C), each(6, even),
          each(6, k -> even.applyAsDouble(k) * sign * k * k * 2 / C),
          each(6, k -> even.applyAsDouble(k) * k * k * (k * k - 1.0) / 3 * 4 / (C * C)));
    }
    double[][] middle = at(basis, 0.3 * C);
    double angle = Math.acos(2 * 0.3 - 1);
    assertArrayEquals(each(6, k -> Math.cos(k * angle)), middle[0], 1e-12);
  }

  /// At their own ends, and everywhere outside, all derivatives are 0; at a center d = 0 the exponent is -2 d^2 + ....
  @Test
  void smoothFiniteFunctionsAtTheEndsAndAtACenter() {
    SmoothFiniteBasis basis = new SmoothFiniteBasis(Centers.inside(0, C, N));
    double step = C / (N + 1);
    for (double r : new double[] {-1, 0, C, 7}) {
      assertDerivatives(at(basis, r), new double[N], new double[N], new double[N]);
    }
    assertDerivatives(at(basis, 2 * step), each(N, k -> k == 1 ? 1.14136 : 0), new double[N],
        each(N, k -> k == 1 ? -4 * 1.14136 / (step * step) : 0));
  }

  @Test
  void cosinesAtACenterAndAtTheNext() {
    CosineBasis basis = new CosineBasis(Centers.spanning(0, C, N));
    double step = C / (N - 1);
    double half = Math.PI / 2 / step;
    assertDerivatives(at(basis, 0), each(N, k -> k == 0 ? 1 : 0), new double[N],
        each(N, k -> k == 0 ? -half * half : 0));
    double[][] between = at(basis, 1.5 * step);
    assertArrayEquals(new double[] {0, Math.sqrt(0.5), Math.sqrt(0.5), 0}, between[0], 1e-12);
    assertArrayEquals(new double[] {0, -half * Math.sqrt(0.5), half * Math.sqrt(0.5), 0}, between[1], 1e-12);
  }

  @Test
  void wavesAtTheEnds() {
    double scale = 1 / Math.sqrt(0.25 + N / 2.0);
    double turn = Math.PI / C;
    FourierBasis cosines = new FourierBasis(Waves.COSINES, 0, C, N);
    assertDerivatives(at(cosines, 0), each(N, k -> scale), new double[N], each(N, k -> -scale * turn * turn * k * k));
    FourierBasis sines = new FourierBasis(Waves.SINES, 0, C, N);
    for (double r : new double[] {-1, 0, C, 7}) {
      assertDerivatives(at(sines, r), new double[N], new double[N], new double[N]);
    }
    double r = 0.4 * C;
    assertDerivatives(at(sines, r), each(N, k -> scale * Math.sin((k + 1) * turn * r)),
        each(N, k -> scale * (k + 1) * turn * Math.cos((k + 1) * turn * r)),
        each(N, k -> -scale * Math.pow((k + 1) * turn, 2) * Math.sin((k + 1) * turn * r)));
  }

  @Test
  void envelopesEndSmoothly() {
    double turn = Math.PI / C;
    assertDerivatives(at(new CosineEnvelope(C), 0), new double[] {1}, new double[1],
        new double[] {-turn * turn / 2});
    double[] zero = new double[1];
    double[][] before = at(new CosineEnvelope(C), C * (1 - 1e-9));
    assertArrayEquals(new double[] {0, 0, turn * turn / 2}, new double[] {before[0][0], before[1][0], before[2][0]},
        1e-7);
    assertDerivatives(at(new CosineEnvelope(C), C), zero, zero, zero);
    for (int p = 3; p < 9; p++) {
      PolynomialEnvelope envelope = new PolynomialEnvelope(C, p);
      assertDerivatives(at(envelope, 0), new double[] {1}, zero, zero);
      assertDerivatives(at(envelope, C), zero, zero, zero);
      assertDerivatives(at(envelope, 1e6 * C), zero, zero, zero);
      double[][] close = at(envelope, C * (1 - 1e-6));
      assertTrue(DoubleStream.of(close[0][0], close[1][0], close[2][0]).allMatch(y -> Math.abs(y) < 1e-2)
          && close[0][0] > 0, "power " + p);
    }
  }

  /// The formula as it was published, which cancels close to c.
  @Test
  void thePolynomialEnvelopeIsThePublishedPolynomial() {
    for (int p = 1; p < 9; p++) {
      for (double x = 0.05; x < 1; x += 0.1) {
        double published = 1 - (p + 1) * (p + 2) / 2.0 * Math.pow(x, p) + p * (p + 2) * Math.pow(x, p + 1)
            - p * (p + 1) / 2.0 * Math.pow(x, p + 2);
        assertEquals(published, at(new PolynomialEnvelope(C, p), x * C)[0][0], 1e-12, "power " + p + ", x " + x);
      }
    }
  }

  /// The squares of smooth finite functions, cosines and waves sum to about 1, which is what their factors are for.
  @Test
  void squaresSumToAboutOne() {
    for (Layer basis : List.of(new SmoothFiniteBasis(Centers.inside(0, 1, 6)), new CosineBasis(Centers.inside(0, 1, 6)),
        new FourierBasis(Waves.SINES, 0, 1, 6))) {
      double sum = 0;
      for (int i = 0; i < 50; i++) {
        sum += DoubleStream.of(at(basis, 0.25 + 0.01 * i)[0]).map(y -> y * y).sum() / 50;
      }
      assertEquals(1, sum, 0.12, basis.toString());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertEquals("radial basis: distances [3, 2]; [rows, 1] is required",
        assertThrows(IllegalArgumentException.class, () -> new BesselBasis(1, 3).of(Tensor.ones(3, 2))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new CosineEnvelope(1).of(Tensor.ones(3)));
    assertThrows(IllegalArgumentException.class, () -> new BesselBasis(0, 3));
    assertThrows(IllegalArgumentException.class, () -> new ChebyshevBasis(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new PolynomialEnvelope(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Centers.spanning(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Centers.inside(1, 1, 2));
  }
}
