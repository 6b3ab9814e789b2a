package org.orrery.equivariant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClebschGordanTest {
  @Test
  void componentsOfTheOutputAreOrthogonalAndTheNormIsOne() {
    int[][] paths = {{0, 0, 0}, {1, 1, 0}, {1, 1, 1}, {2, 1, 3}, {2, 2, 2}, {3, 2, 1}, {4, 3, 5}, {11, 11, 11}};
    for (int[] path : paths) {
      double[] c = ClebschGordan.of(path[0], path[1], path[2]);
      int width = 2 * path[2] + 1;
      for (int k = 0; k < width; k++) {
        for (int n = 0; n < width; n++) {
          double sum = 0;
          for (int ij = 0; ij < c.length; ij += width) {
            sum += c[ij + k] * c[ij + n];
          }
          assertEquals(k == n ? 1.0 / width : 0, sum, 1e-14);
        }
      }
    }
  }

  @Test
  void vectorsGiveTheirDotAndCrossProducts() {
    double[] dot = ClebschGordan.of(1, 1, 0);
    double[] cross = ClebschGordan.of(1, 1, 1);
    double sign = Math.signum(cross[5]);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(i == j ? 1 / Math.sqrt(3) : 0, dot[3 * i + j], 1e-15);
        for (int k = 0; k < 3; k++) {
          double levi = (i - j) * (j - k) * (k - i) / 2.0;
          assertEquals(sign * levi / Math.sqrt(6), cross[9 * i + 3 * j + k], 1e-15);
        }
      }
    }
  }

  @Test
  void everyPathCommutesWithRotations() {
    for (int l1 = 1; l1 <= 4; l1++) {
      for (int l2 = 1; l2 <= 4; l2++) {
        for (int l3 = Math.max(1, Math.abs(l1 - l2)); l3 <= l1 + l2; l3++) {
          assertInvariant(l1, l2, l3);
        }
      }
    }
  }

  @Test
  void signsAreThoseOfTheReference() {
    assertEquals(1 / Math.sqrt(6), ClebschGordan.of(1, 1, 1)[5], 1e-15);
    assertEquals(-1 / Math.sqrt(30), ClebschGordan.of(1, 1, 2)[2], 1e-15);
    assertEquals(1 / Math.sqrt(10), ClebschGordan.of(2, 1, 1)[2], 1e-15);
    assertEquals(-Math.sqrt(2.0 / 35), ClebschGordan.of(2, 2, 2)[2], 1e-15);
    assertEquals(1 / Math.sqrt(14), ClebschGordan.of(3, 2, 1)[2], 1e-15);
  }

  @Test
  void errorsNameThePathAndTheDegree() {
    assertError("path 1 x 1 to 3", () -> ClebschGordan.of(1, 1, 3));
    assertError("degree 12, required 0 to 11", () -> ClebschGordan.of(12, 1, 11));
  }

  private static void assertInvariant(int l1, int l2, int l3) {
    double[] c = ClebschGordan.of(l1, l2, l3);
    for (int axis = 0; axis < 3; axis++) {
      double[][] x = generator(l1, axis);
      double[][] y = generator(l2, axis);
      double[][] z = generator(l3, axis);
      int b = y.length;
      int w = z.length;
      for (int at = 0; at < c.length; at++) {
        int i = at / (b * w);
        int j = at / w % b;
        int k = at % w;
        double sum = 0;
        for (int n = 0; n < x.length; n++) {
          sum += x[i][n] * c[(n * b + j) * w + k];
        }
        for (int n = 0; n < b; n++) {
          sum += y[j][n] * c[(i * b + n) * w + k];
        }
        for (int n = 0; n < w; n++) {
          sum += z[k][n] * c[(i * b + j) * w + n];
        }
        assertEquals(0, sum, 1e-13, "path " + l1 + " x " + l2 + " to " + l3);
      }
    }
  }

  /// The generator of rotations about an axis: its sign is the one for which [X_0, X_1] = X_2.
  private static double[][] generator(int degree, int axis) {
    double scale = Math.sqrt(degree * (degree + 1.0) * (2 * degree + 1));
    double plus = mismatch(degree, scale);
    double minus = mismatch(degree, -scale);
    assertEquals(0, Math.min(plus, minus), 1e-12, "the generators of degree " + degree + " close under brackets");
    return slice(degree, axis, plus < minus ? scale : -scale);
  }

  private static double mismatch(int degree, double scale) {
    double[][] x = slice(degree, 0, scale);
    double[][] y = slice(degree, 1, scale);
    double[][] z = slice(degree, 2, scale);
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        double sum = -z[i][j];
        for (int n = 0; n < x.length; n++) {
          sum += x[i][n] * y[n][j] - y[i][n] * x[n][j];
        }
        worst = Math.max(worst, Math.abs(sum));
      }
    }
    return worst;
  }

  private static double[][] slice(int degree, int axis, double scale) {
    double[] c = ClebschGordan.of(1, degree, degree);
    int width = 2 * degree + 1;
    double[][] out = new double[width][width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        out[i][j] = scale * c[(axis * width + i) * width + j];
      }
    }
    return out;
  }

  private static void assertError(String part, Runnable action) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, action::run).getMessage());
    assertTrue(message.contains(part), message);
  }
}
