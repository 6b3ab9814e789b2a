package org.orrery.equivariant;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Clebsch-Gordan coefficients C_ijk of O(3) in the real basis: z_k = sum_ij C_ijk x_i y_j is equivariant.
///
/// Each coefficient of the complex basis is the root of a rational number, found in whole numbers by Racah's formula and
/// rounded once; the real basis combines a few of them in double precision. Frobenius norm 1 (Wigner 3j). Basis of e3nn
/// 0.5: m from -l to l, polar axis y, so that degree 1 is (x, y, z). Sources: Racah 1942; e3nn, Geiger & Smidt 2022.
public final class ClebschGordan {
  private static final Map<Triple, double[]> KNOWN = new ConcurrentHashMap<>();
  private static final MathContext DIGITS = new MathContext(40);

  private record Triple(int left, int right, int out) {}

  private ClebschGordan() {}

  /// Coefficients of the path from l1 and l2 to l3: row-major `[2 l1 + 1, 2 l2 + 1, 2 l3 + 1]`, computed on first use and
  /// kept; the caller owns the copy.
  ///
  /// @throws IllegalArgumentException for a degree outside 0 to 11, or l3 outside |l1 - l2| to l1 + l2
  public static double[] of(int left, int right, int out) {
    for (int degree : new int[] {left, right, out}) {
      if (degree < 0 || degree > Irrep.MAX_DEGREE) {
        throw new IllegalArgumentException(
            "Clebsch-Gordan: degree " + degree + ", required 0 to " + Irrep.MAX_DEGREE);
      }
    }
    if (out < Math.abs(left - right) || out > left + right) {
      throw new IllegalArgumentException("Clebsch-Gordan: path " + left + " x " + right + " to " + out
          + ", required an output degree from " + Math.abs(left - right) + " to " + (left + right));
    }
    return KNOWN.computeIfAbsent(new Triple(left, right, out), ClebschGordan::inRealBasis).clone();
  }

  private static double[] inRealBasis(Triple path) {
    int l1 = path.left();
    int l2 = path.right();
    int l3 = path.out();
    double[] real = new double[(2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1)];
    for (int m1 = -l1; m1 <= l1; m1++) {
      for (int m2 = Math.max(-l2, -l3 - m1); m2 <= Math.min(l2, l3 - m1); m2++) {
        double complex = inComplexBasis(l1, m1, l2, m2, l3);
        for (int i : columns(m1)) {
          for (int j : columns(m2)) {
            for (int k : columns(m1 + m2)) {
              double size = amplitude(m1, i) * amplitude(m2, j) * amplitude(m1 + m2, k);
              int turns = turns(l1, m1, i) + turns(l2, m2, j) - turns(l3, m1 + m2, k);
              double cosine = switch (Math.floorMod(turns, 4)) {
                case 0 -> 1;
                case 2 -> -1;
                default -> 0;
              };
              int at = ((i + l1) * (2 * l2 + 1) + j + l2) * (2 * l3 + 1) + k + l3;
              real[at] += cosine * size * complex;
            }
          }
        }
      }
    }
    return real;
  }

  /// The real components that complex component m combines.
  private static int[] columns(int m) {
    return m == 0 ? new int[] {0} : new int[] {-Math.abs(m), Math.abs(m)};
  }

  /// Size of the entry (m, column) of the change of basis, without its phase; the sign is in the phase.
  private static double amplitude(int m, int column) {
    return m == 0 && column == 0 ? 1 : Math.sqrt(0.5);
  }

  /// Phase of the entry (m, column) in quarter turns, with the factor (-i)^l.
  private static int turns(int degree, int m, int column) {
    int phase = -degree;
    if (column < 0) {
      phase += m < 0 ? -1 : 1;
    }
    return m > 0 && m % 2 != 0 ? phase + 2 : phase;
  }

  /// <l1 m1 l2 m2 | l3 m1+m2> / sqrt(2 l3 + 1).
  private static double inComplexBasis(int l1, int m1, int l2, int m2, int l3) {
    int m3 = m1 + m2;
    int first = Math.max(0, Math.max(l2 - l3 - m1, l1 - l3 + m2));
    int last = Math.min(l1 + l2 - l3, Math.min(l1 - m1, l2 + m2));
    BigInteger common = factorial(l1 + l2 + l3 + 1).pow(6);
    BigInteger sum = BigInteger.ZERO;
    for (int k = first; k <= last; k++) {
      BigInteger below = factorial(k).multiply(factorial(l1 + l2 - l3 - k)).multiply(factorial(l1 - m1 - k))
          .multiply(factorial(l2 + m2 - k)).multiply(factorial(l3 - l2 + m1 + k))
          .multiply(factorial(l3 - l1 - m2 + k));
      BigInteger term = common.divide(below);
      sum = k % 2 == 0 ? sum.add(term) : sum.subtract(term);
    }
    BigInteger above = factorial(l3 + l1 - l2).multiply(factorial(l3 - l1 + l2)).multiply(factorial(l1 + l2 - l3))
        .multiply(factorial(l3 + m3)).multiply(factorial(l3 - m3)).multiply(factorial(l1 - m1))
        .multiply(factorial(l1 + m1)).multiply(factorial(l2 - m2)).multiply(factorial(l2 + m2))
        .multiply(sum).multiply(sum);
    BigInteger below = factorial(l1 + l2 + l3 + 1).multiply(common).multiply(common);
    double root = new BigDecimal(above).divide(new BigDecimal(below), DIGITS).sqrt(DIGITS).doubleValue();
    return sum.signum() * root;
  }

  private static BigInteger factorial(int n) {
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= n; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return product;
  }
}
