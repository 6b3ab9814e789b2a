package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.DMatrixSparseCSC;
import org.ejml.data.FMatrixRMaj;
import org.ejml.sparse.csc.CommonOps_DSCC;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class EjmlTest {
  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void theMatrixIsThatOfTheEdgeList(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    DMatrixSparseCSC matrix = Ejml.matrix(new WeightedEdges(edges, w));
    double[][] dense = Multigraphs.dense(edges, w);
    assertTrue(CommonOps_DSCC.checkStructure(matrix), "seed " + seed);
    for (int t = 0; t < Multigraphs.NODES; t++) {
      for (int s = 0; s < Multigraphs.NODES; s++) {
        assertEquals(dense[t][s], matrix.get(t, s), 1e-12, "seed " + seed + ", entry " + t + ", " + s);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void itsProductIsWhatEachNodeReceives(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    Tensor x = Tensor.normal(Key.of(seed), Multigraphs.NODES, 3);
    Tensor received = x.gatherRows(edges.bySender()).multiply(w.unsqueeze(1)).segmentSum(edges.byReceiver());
    DMatrixRMaj product = new DMatrixRMaj(Multigraphs.NODES, 3);
    CommonOps_DSCC.mult(Ejml.matrix(new WeightedEdges(edges, w)),
        new DMatrixRMaj(Multigraphs.NODES, 3, true, x.toDoubles()), product);
    assertArrayEquals(product.data, received.toDoubles(), 1e-5, "seed " + seed);
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void thereAndBackIsTheSameMatrix(long seed) {
    Sparse edges = Multigraphs.of(seed);
    WeightedEdges back = Ejml.edges(Ejml.matrix(new WeightedEdges(edges, Multigraphs.weights(seed, edges.edges()))));
    Tensor given = edges.toDense(Multigraphs.weights(seed, edges.edges()));
    assertArrayEquals(given.toArray(), back.toDense().toArray(), 1e-6f, "seed " + seed);
  }

  @Test
  void unweightedEdgesAreCounted() {
    DMatrixSparseCSC matrix = Ejml.matrix(Sparse.of(3, 2, Indices.of(0, 2, 0), Indices.of(1, 1, 1), null));
    assertEquals(2, matrix.numRows);
    assertEquals(3, matrix.numCols);
    assertEquals(2, matrix.get(1, 0));
    assertEquals(1, matrix.get(1, 2));
    assertEquals(2, matrix.nz_length);
  }

  @Test
  void featuresGoBothWaysToTheBit() {
    Tensor x = Tensor.normal(Key.of(1), 4, 3);
    FMatrixRMaj matrix = Ejml.matrix(x);
    assertEquals(x.toArray()[5], matrix.get(1, 2));
    assertArrayEquals(x.toArray(), Ejml.tensor(matrix).toArray());
    matrix.set(0, 0, 100);
    assertTrue(x.toArray()[0] != 100f, "the tensor must not change with the matrix");
    matrix.reshape(2, 2); // keeps the longer array
    assertEquals(4, Ejml.tensor(matrix).toArray().length);
    var error = assertThrows(IllegalArgumentException.class, () -> Ejml.matrix(Tensor.ones(3)));
    assertEquals("ejml: features [3]; [rows, columns] is required", error.getMessage());
  }

  @Test
  void brokenMatricesAreRefused() {
    DMatrixSparseCSC matrix = new DMatrixSparseCSC(2, 2, 2);
    matrix.set(0, 1, 1e39);
    var large = assertThrows(IllegalArgumentException.class, () -> Ejml.edges(matrix));
    assertEquals("ejml: entry [0, 1] is 1.0E39, beyond float32", large.getMessage());
    matrix.set(0, 1, 1);
    matrix.col_idx[1] = 5;
    assertThrows(IllegalArgumentException.class, () -> Ejml.edges(matrix));
    matrix.col_idx[1] = 0;
    matrix.nz_rows[0] = 7;
    assertThrows(IndexOutOfBoundsException.class, () -> Ejml.edges(matrix));
  }
}
