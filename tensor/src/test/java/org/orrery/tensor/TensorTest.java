package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
  private static final Tensor M = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});

  @Test
  void broadcastingFollowsTheLastAxes() {
    Tensor row = Tensor.of(new float[] {10, 20, 30});
    Tensor column = Tensor.of(new float[] {100, 200}, 2, 1);
    assertArrayEquals(new float[] {111, 122, 133, 214, 225, 236}, M.add(row).add(column).toArray());
    assertMessage("add: [2, 3] and [2]; from the last axis on, sizes must be equal or 1", () -> M.add(Tensor.ones(2)));
  }

  @Test
  void slicesStepInBothDirections() {
    assertArrayEquals(new float[] {2, 3, 5, 6}, M.slice(1, 1, 3).toArray());
    assertArrayEquals(new float[] {3, 1, 6, 4}, M.slice(1, 2, -1, -2).toArray());
    assertArrayEquals(new float[] {4, 5, 6, 1, 2, 3}, M.flip(0).toArray());
    assertArrayEquals(new float[] {4, 5, 6}, M.select(0, -1).toArray());
    assertMessage("slice: entries 1 to 4 in steps of 1 of axis 1 of [2, 3]", () -> M.slice(1, 1, 4));
  }

  @Test
  void stackingAndConcatenating() {
    assertEquals(Shape.of(2, 2, 3), Tensor.stack(0, List.of(M, M)).shape());
    assertEquals(Shape.of(2, 3, 2), Tensor.stack(-1, List.of(M, M)).shape());
    assertArrayEquals(new float[] {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6}, Tensor.stack(-1, List.of(M, M)).toArray());
    assertEquals(Shape.of(2, 6), Tensor.concat(1, M, M).shape());
    assertMessage("concat: [2, 3] and [3, 2]; sizes other than that of axis 0 must be equal",
        () -> Tensor.concat(0, M, M.transpose()));
  }

  @Test
  void paddingAndSplitting() {
    assertArrayEquals(new float[] {0, 1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0}, M.pad(1, 1, 2).toArray());
    List<Tensor> parts = M.split(1, 1, 2);
    assertArrayEquals(new float[] {1, 4}, parts.get(0).toArray());
    assertArrayEquals(new float[] {2, 3, 5, 6}, parts.get(1).toArray());
  }

  @Test
  void reductionsAlongEachAxis() {
    assertEquals(21, M.sum().item());
    assertArrayEquals(new float[] {5, 7, 9}, M.sum(0).toArray());
    assertArrayEquals(new float[] {2, 5}, M.mean(-1).toArray());
    assertArrayEquals(new float[] {6, 120}, M.product(1).toArray());
    assertArrayEquals(new float[] {4, 5, 6}, M.max(0).toArray());
    assertEquals(1, M.min().item());
    assertArrayEquals(new float[] {2f / 3, 2f / 3}, M.variance(1).toArray(), 1e-6f);
    assertEquals(1, Tensor.ones(49).mean().item());
  }

  @Test
  void positionsOfExtremes() {
    Tensor x = Tensor.of(new float[][] {{3, 9, 9}, {7, -1, 2}});
    assertEquals(Indices.of(1, 0), x.argmax(1));
    assertEquals(Indices.of(1, 0, 0), x.argmax(0));
    assertEquals(Indices.of(0, 1), x.argmin(1));
    TopK top = x.topK(2);
    assertArrayEquals(new float[] {9, 9, 7, 2}, top.values().toArray());
    assertEquals(Indices.of(1, 2, 0, 2), top.positions());
    assertArrayEquals(new float[] {3, 9, 9, -1, 2, 7}, x.sort().toArray());
  }

  @Test
  void selectionClampingPowersAndRunningSums() {
    assertArrayEquals(new float[] {0, 0, 0, 4, 5, 6}, Tensor.where(M.greater(3), M, Tensor.of(0)).toArray());
    assertArrayEquals(new float[] {2, 2, 3, 4, 5, 5}, M.clamp(2, 5).toArray());
    assertArrayEquals(new float[] {1, 8, 27, 64, 125, 216}, M.pow(3).toArray(), 1e-3f);
    assertArrayEquals(new float[] {1, 3, 6, 4, 9, 15}, M.cumulativeSum(1).toArray());
    assertArrayEquals(new float[] {1, 2, 3, 5, 7, 9}, M.cumulativeSum(0).toArray());
  }

  @Test
  void matrixProductsFoldLeadingAxes() {
    Tensor w = Tensor.of(new float[][] {{1, 0}, {0, 1}, {1, 1}});
    assertArrayEquals(new float[] {4, 5, 10, 11}, M.matmul(w).toArray());
    assertEquals(Shape.of(7, 2, 2), Tensor.ones(7, 2, 3).matmul(w).shape());
    assertEquals(Shape.of(4, 7, 2, 5), Tensor.ones(4, 7, 2, 3).matmul(Tensor.ones(4, 7, 3, 5)).shape());
    assertEquals(Shape.of(7, 2, 5), Tensor.ones(2, 3).matmul(Tensor.ones(7, 3, 5)).shape());
    assertEquals(Shape.of(4, 7, 2, 5), Tensor.ones(7, 2, 3).matmul(Tensor.ones(4, 1, 3, 5)).shape());
    assertArrayEquals(M.matmul(w).toArray(), M.matmulTransposed(w.transpose()).toArray());
    assertArrayEquals(M.matmul(w).toArray(), M.transpose().transposedMatmul(w).toArray());
    assertMessage("matmul: [2, 3] and [2, 3]; inner sizes must agree", () -> M.matmul(M));
  }

  @Test
  void textShowsBothEndsAndTheShape() {
    assertEquals("[[1, 2, 3],\n [4, 5, 6]] [2, 3]", M.toString());
    assertEquals("[0, 1, 2, ..., 97, 98, 99] [100]", Tensor.range(100).toString());
    assertEquals("1.5000 []", Tensor.of(1.5).toString());
    assertEquals("[] [0]", Tensor.zeros(0).toString());
  }

  @Test
  void segmentsInAnyOrderWithEmptyOnes() {
    Segments segments = Segments.of(Indices.of(2, 0, 2), 4);
    Tensor x = Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}});
    assertArrayEquals(new float[] {3, 4, 0, 0, 6, 8, 0, 0}, x.segmentSum(segments).toArray());
    assertArrayEquals(new float[] {3, 4, 0, 0, 3, 4, 0, 0}, x.segmentMean(segments).toArray());
    assertArrayEquals(new float[] {3, 4, 0, 0, 5, 6, 0, 0}, x.segmentMax(segments).toArray());
    assertMessage(IndexOutOfBoundsException.class, "segments: entry 1 is 9; 0 to 3 are allowed",
        () -> Segments.of(Indices.of(0, 9), 4));
  }

  @Test
  void shapesThatDoNotFitFailBeforeAnyWork() {
    assertMessage("tensor: 3 values for shape [2, 2], which holds 4", () -> Tensor.of(new float[3], 2, 2));
    assertMessage("reshape: [2, 3] and [4]; the number of values must stay 6", () -> M.reshape(4));
    assertMessage("axis 2 of shape [2, 3]", () -> M.sum(2));
    assertMessage("permute: [2, 3]; order [0, 0] must name each axis from 0 to 1 once", () -> M.permute(0, 0));
    assertMessage("affine: [2, 3] and [4, 2]; the last sizes must agree (x [..., in], weight [out, in])",
        () -> M.affine(Tensor.ones(4, 2), null));
    assertMessage(IndexOutOfBoundsException.class, "gather: entry 0 is 2; 0 to 1 are allowed",
        () -> M.gatherRows(Indices.of(2)));
    assertMessage("axis 9 of shape [2, 3]", () -> Tensor.concat(9, M));
    Exception product = assertThrows(IllegalArgumentException.class,
        () -> Tensor.zeros(70000, 1).matmul(Tensor.zeros(1, 70000)));
    assertTrue(product.toString().contains("a tensor holds at most"), product.toString());
    Exception large = assertThrows(IllegalArgumentException.class, () -> Shape.of(65536, 65536));
    assertTrue(String.valueOf(large.getMessage()).contains("a tensor holds at most 2147483647 values"),
        large.toString());
  }

  private static void assertMessage(String message, Runnable body) {
    assertMessage(IllegalArgumentException.class, message, body);
  }

  private static void assertMessage(Class<? extends Exception> kind, String message, Runnable body) {
    assertEquals(message, assertThrows(kind, body::run).getMessage());
  }
}
