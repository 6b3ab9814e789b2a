package org.orrery.equivariant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// An irreducible representation of O(3): degree l, size 2l + 1, and parity p = ±1 under inversion.
///
/// Written `0e` (scalar), `0o` (pseudoscalar), `1o` (vector), `1e` (pseudovector). Order: by degree, and within a
/// degree first (-1)^l, the parity of the spherical harmonics: `0e, 0o, 1o, 1e, 2e, 2o`. Source: e3nn, Geiger & Smidt
/// 2022.
///
/// @param degree l, from 0 to [#MAX_DEGREE]
/// @param parity 1 for even, -1 for odd
public record Irrep(int degree, int parity) implements Comparable<Irrep> {
  /// The highest degree that the library supports.
  public static final int MAX_DEGREE = 11;

  /// Checks both numbers.
  ///
  /// @throws IllegalArgumentException for a degree outside 0 to 11 or a parity other than 1 and -1
  public Irrep {
    if (degree < 0 || degree > MAX_DEGREE) {
      throw new IllegalArgumentException("irrep: degree " + degree + ", required 0 to " + MAX_DEGREE);
    }
    if (parity != 1 && parity != -1) {
      throw new IllegalArgumentException("irrep: parity " + parity + ", required 1 (even) or -1 (odd)");
    }
  }

  /// Reads `1o` or `2e`.
  ///
  /// @throws IllegalArgumentException if the parity is left out, the degree is above 11, or the text is neither
  public static Irrep parse(String text) {
    String trimmed = text.strip();
    if (!trimmed.matches("[0-9]{1,9}[eo]")) {
      throw new IllegalArgumentException(
          "irrep: \"" + trimmed + "\", required a degree and its parity, as in 0e or 1o");
    }
    int last = trimmed.length() - 1;
    return new Irrep(Integer.parseInt(trimmed.substring(0, last)), trimmed.charAt(last) == 'e' ? 1 : -1);
  }

  /// Number of components, 2l + 1.
  public int size() {
    return 2 * degree + 1;
  }

  /// The irreps of the product with `other`: l from |l1 - l2| to l1 + l2, parity p1 p2.
  ///
  /// @throws IllegalArgumentException if l1 + l2 is above 11
  public List<Irrep> times(Irrep other) {
    if (degree + other.degree > MAX_DEGREE) {
      throw new IllegalArgumentException("irrep product: " + this + " x " + other + " reaches degree "
          + (degree + other.degree) + ", required at most " + MAX_DEGREE);
    }
    List<Irrep> out = new ArrayList<>();
    for (int l = Math.abs(degree - other.degree); l <= degree + other.degree; l++) {
      out.add(new Irrep(l, parity * other.parity));
    }
    return List.copyOf(out);
  }

  /// Whether the product `left` x `right` contains this irrep: |l1 - l2| <= l <= l1 + l2 and p = p1 p2.
  public boolean isIn(Irrep left, Irrep right) {
    return Math.abs(left.degree - right.degree) <= degree && degree <= left.degree + right.degree
        && parity == left.parity * right.parity;
  }

  @Override
  public int compareTo(Irrep other) {
    return Comparator.comparingInt(Irrep::degree).thenComparingInt(Irrep::unnatural).compare(this, other);
  }

  private int unnatural() {
    return parity == (degree % 2 == 0 ? 1 : -1) ? 0 : 1;
  }

  @Override
  public String toString() {
    return degree + (parity == 1 ? "e" : "o");
  }
}
