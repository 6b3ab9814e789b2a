package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.orrery.graph.Grid.Padding;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

class GridTest {
  private static Grid valid(int height, int width, int kernel) {
    return Grid.of(Window.of(Axis.of(height, kernel), Axis.of(width, kernel)));
  }

  /// The weight of each edge, by the kernel offset that is its type.
  private static Tensor weights(Grid grid, Tensor kernel) {
    return kernel.flatten().gatherRows(Objects.requireNonNull(grid.sparse().types()));
  }

  /// Row (r, c) of the matrix has w[i, j] at pixel (r + i, c + j).
  @Test
  void aKernelOnAnImageIsTheConvolutionMatrix() {
    Tensor kernel = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3);
    Grid grid = valid(4, 4, 3);
    assertArrayEquals(new float[] { //
      1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0, //
      0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, //
      0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, //
      0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9}, grid.sparse().toDense(weights(grid, kernel)).toArray());
  }

  /// The course's image: each output is the mean of nine pixels, as in (3 + 3 + 2 + 0 + 0 + 1 + 3 + 1 + 2) / 9 = 1.67.
  @Test
  void aMeanKernelOnTheCoursesImage() {
    Tensor image = Tensor.of(new double[] {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1},
        25, 1);
    Grid grid = valid(5, 5, 3);
    Tensor means = grid.sparse().toDense(weights(grid, Tensor.ones(3, 3).divide(9))).matmul(image);
    double[] expected = {1.7, 1.7, 1.7, 1.0, 1.2, 1.8, 1.1, 0.8, 1.3};
    for (int i = 0; i < 9; i++) {
      assertEquals(expected[i], Math.round(means.toArray()[i] * 10) / 10.0, 1e-6, "output " + i);
    }
  }

  /// floor((n + before + after - dilation (kernel - 1) - 1) / stride) + 1; n - kernel + 1 for the plain one.
  @Test
  void sizesOfOutputs() {
    assertEquals(List.of(4, 5), valid(6, 7, 3).window().outputSizes());
    assertEquals(6, new Axis(11, 5, 2, 1, 2, 2).outputs());
    assertEquals(3, new Axis(9, 3, 2, 2, 0, 0).outputs()); // (9 - 4 - 1) / 2 + 1
    assertEquals(4, new Axis(8, 2, 2, 1, 0, 1).outputs());
  }

  /// Receivers of a star hear its center, those of a cycle both sides, those of a complete graph all others.
  @Test
  void theCoursesAdjacencyMatrices() {
    assertArrayEquals(new float[] {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0},
        matrix(new int[][] {{0, 1}, {0, 2}, {0, 3}}));
    assertArrayEquals(new float[] {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0},
        matrix(new int[][] {{0, 1}, {1, 2}, {2, 3}, {3, 0}}));
    assertArrayEquals(new float[] {0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0},
        matrix(new int[][] {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
  }

  private static float[] matrix(int[][] pairs) {
    int[] from = new int[pairs.length];
    int[] to = new int[pairs.length];
    for (int e = 0; e < pairs.length; e++) {
      from[e] = pairs[e][0];
      to[e] = pairs[e][1];
    }
    Sparse edges = Sparse.of(4, Indices.of(from), Indices.of(to)).undirected().edges();
    return edges.toDense(edges.unitWeights()).toArray();
  }

  /// A window of 3 over 0, 1, 2, 3 with one cell before and after.
  @Test
  void whatStandsBeyondTheBox() {
    Window window = Window.of(new Axis(4, 3, 3, 1, 1, 1)); // outputs see -1 0 1 and 2 3 4
    assertEquals(List.of(0, 1, 2, 3), sendersOf(Grid.of(window)));
    assertEquals(List.of(3, 0, 1, 2, 3, 0), sendersOf(Grid.of(window, Padding.CIRCULAR)));
    assertEquals(List.of(1, 0, 1, 2, 3, 2), sendersOf(Grid.of(window, Padding.REFLECT)));
    assertEquals(List.of(0, 0, 1, 2, 3, 3), sendersOf(Grid.of(window, Padding.REPLICATE)));
  }

  private static List<Integer> sendersOf(Grid grid) {
    assertEquals(grid.edges(), grid.sparse().edges());
    return IntStream.of(grid.sparse().senderOf().toArray()).boxed().toList();
  }

  @Test
  void aReversedGridLeadsFromOutputsToCells() {
    Grid grid = valid(4, 5, 2).times(2);
    Grid back = grid.reversed();
    assertEquals(grid.senders(), back.receivers());
    assertEquals(grid.sparse().senderOf(), back.sparse().receiverOf());
    assertEquals(grid.sparse().types(), back.sparse().types());
    assertEquals(grid, back.reversed());
  }

  @Test
  void imagesOfOneGridAreAUnionOfGrids() {
    Grid one = valid(3, 4, 2);
    DisjointUnion union = DisjointUnion.of(List.of(one, one.times(2)));
    Grid three = one.times(3);
    assertEquals(Optional.of(three), Grid.in(union));
    assertEquals(three.sparse().senderOf(), union.sparse().senderOf());
    assertEquals(three.sparse().types(), union.sparse().types());
    assertTrue(Grid.in(DisjointUnion.of(List.of(one, valid(3, 3, 2)))).isEmpty());
    assertTrue(Grid.in(one.sparse()).isEmpty());
  }

  /// A pixel in the corner hears 4, one at an edge 6, one inside 9.
  @Test
  void anImageIsAGraph() {
    Graph graph = Grid.image(Tensor.range(24).reshape(3, 4, 2));
    assertArrayEquals(new float[] {2, 3}, graph.nodes().select(0, 1).toArray());
    assertEquals(Indices.of(4, 6, 6, 4, 6, 9, 9, 6, 4, 6, 6, 4), graph.adjacency().sparse().inDegree());
    assertEquals(70, JGraphT.toJGraphT(graph.adjacency()).edgeSet().size());
  }

  @Test
  void errorsSayWhatCameAndWhatIsRequired() {
    IllegalArgumentException large = assertThrows(IllegalArgumentException.class, () -> new Axis(3, 6, 1, 1, 1, 1));
    assertEquals("window: a kernel of 6 taps is larger than the padded input of 5 cells (3 and padding 1 + 1)",
        large.getMessage());
    IllegalArgumentException spread = assertThrows(IllegalArgumentException.class, () -> new Axis(4, 3, 1, 2, 0, 0));
    assertTrue(String.valueOf(spread.getMessage()).contains("with dilation 2 spans 5 cells"));
    assertThrows(IllegalArgumentException.class,
        () -> Grid.of(Window.of(new Axis(3, 3, 1, 1, 3, 3)), Padding.REFLECT));
    assertThrows(IllegalArgumentException.class, () -> valid(3, 3, 2).times(-1));
    assertThrows(ArithmeticException.class, () -> valid(1000, 1000, 3).times(3000));
  }
}
