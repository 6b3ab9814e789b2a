package org.orrery.equivariant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class IrrepsTest {
  @Test
  void whatIsPrintedIsReadBack() {
    Irreps irreps = Irreps.parse("32x0e+16x1o + 2e");
    assertEquals("32x0e + 16x1o + 1x2e", irreps.toString());
    assertEquals(irreps, Irreps.parse(irreps.toString()));
    assertEquals(new Irreps(List.of()), Irreps.parse(""));
  }

  @Test
  void slicesCoverTheWidthWithoutGaps() {
    Irreps irreps = Irreps.parse("32x0e + 16x1o + 0x3e + 2x2e");
    int at = 0;
    for (Irreps.Slice slice : irreps.slices()) {
      assertEquals(at, slice.start());
      at = slice.end();
    }
    assertEquals(32 + 48 + 10, at);
    assertEquals(at, irreps.width());
  }

  @Test
  void aProductOfIrrepsKeepsTheDimension() {
    for (int l = 0; l <= 5; l++) {
      for (int k = 0; k <= 6; k++) {
        Irrep left = new Irrep(l, -1);
        Irrep right = new Irrep(k, 1);
        List<Irrep> product = left.times(right);
        assertEquals(left.size() * right.size(), product.stream().mapToInt(Irrep::size).sum());
        assertTrue(product.stream().allMatch(out -> out.isIn(left, right) && out.parity() == -1));
      }
    }
  }

  @Test
  void selectionRulesForbidDegreeAndParity() {
    Irrep vector = Irrep.parse("1o");
    assertTrue(Irrep.parse("2e").isIn(vector, vector));
    assertTrue(!Irrep.parse("2o").isIn(vector, vector));
    assertTrue(!Irrep.parse("3e").isIn(vector, vector));
    assertTrue(!Irrep.parse("0e").isIn(vector, Irrep.parse("2o")));
  }

  @Test
  void sortingGoesByDegreeAndNaturalParityAndKeepsTheCopies() {
    Irreps irreps = Irreps.parse("2x2o + 1e + 3x0o + 1o + 0e + 2e + 4x1o");
    assertEquals("1x0e + 3x0o + 1x1o + 4x1o + 1x1e + 1x2e + 2x2o", irreps.sorted().toString());
    assertEquals("1x0e + 3x0o + 5x1o + 1x1e + 1x2e + 2x2o", irreps.sorted().simplified().toString());
    assertEquals(5, irreps.count(Irrep.parse("1o")));
  }

  @Test
  void simplifyingMovesNoColumn() {
    assertEquals("3x0e + 1x1o + 1x0e", Irreps.parse("0e + 0x2e + 2x0e + 1o + 0e").simplified().toString());
  }

  @Test
  void sumsAndMultiplesAddTheirWidths() {
    Irreps irreps = Irreps.parse("2x0e + 1o");
    assertEquals("2x0e + 1x1o + 1x2e", irreps.plus(Irreps.parse("2e")).toString());
    assertEquals(3 * irreps.width(), irreps.times(3).width());
    assertEquals("1x0e + 1x1o + 1x2e", Irreps.ofHarmonics(2).toString());
    assertEquals(144, Irreps.ofHarmonics(11).width());
  }

  @Test
  void errorsSayWhatIsRequired() {
    assertError("parity, as in 0e or 1o", () -> Irreps.parse("16x1"));
    assertError("degree 12, required 0 to 11", () -> Irreps.parse("12e"));
    assertError("degree 12, required 0 to 11", () -> Irreps.ofHarmonics(12));
    assertError("degree -1, required 0 to 11", () -> Irreps.ofHarmonics(-1));
    assertError("a form like 16x1o", () -> Irreps.parse("-2x1o"));
    assertError("as in 0e or 1o", () -> Irreps.parse("0e + "));
    assertError("parity 0", () -> new Irrep(1, 0));
    assertError("reaches degree 12", () -> new Irrep(6, 1).times(new Irrep(6, 1)));
    assertError("factor -1", () -> Irreps.parse("0e").times(-1));
  }

  private static void assertError(String part, Runnable action) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, action::run).getMessage());
    assertTrue(message.contains(part), message);
  }
}
