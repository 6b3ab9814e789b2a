package org.orrery.graph;

import java.util.Arrays;
import org.ejml.data.DMatrixSparseCSC;
import org.ejml.data.FMatrixRMaj;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// To and from the matrices of [EJML](https://ejml.org), for small linear algebra: factorizations, eigenvalues of a
/// Laplacian, solvers. All are copies: EJML's matrices can be changed, tensors cannot.
///
/// Adjacency is the matrix A with A[t, s] = sum of w_st over the edges s -> t, `[receivers, senders]`, so that A x is what
/// each node receives; features are dense matrices `[rows, columns]`.
public final class Ejml {
  private Ejml() {
  }

  /// The matrix A in compressed columns, one column a sender, rows ascending; repeated edges become their sum, added in
  /// edge order in double precision.
  ///
  /// @throws IllegalArgumentException where an edge has several weights
  public static DMatrixSparseCSC matrix(WeightedEdges weighted) {
    Sparse edges = weighted.edges();
    if (weighted.weights().rank() != 1) {
      throw new IllegalArgumentException("ejml: weights " + weighted.weights().shape() + "; one an edge, ["
          + edges.edges() + "], is required");
    }
    double[] weights = weighted.weights().toDoubles();
    DMatrixSparseCSC matrix = new DMatrixSparseCSC(edges.receivers(), edges.senders(), edges.edges());
    // Edges in receiver order, then stably by sender: each column's rows ascend and repeated edges stand together.
    Indices inRows = edges.byReceiver().order();
    Segments columns = Segments.of(edges.columns(), edges.senders());
    Indices order = columns.order();
    int entries = 0;
    for (int s = 0; s < edges.senders(); s++) {
      int start = entries;
      for (int p = columns.offsets().at(s); p < columns.offsets().at(s + 1); p++) {
        int slot = order == null ? p : order.at(p);
        int edge = inRows == null ? slot : inRows.at(slot);
        int row = edges.receiverOf().at(edge);
        if (entries > start && matrix.nz_rows[entries - 1] == row) {
          matrix.nz_values[entries - 1] += weights[edge];
        } else {
          matrix.nz_rows[entries] = row;
          matrix.nz_values[entries++] = weights[edge];
        }
      }
      matrix.col_idx[s + 1] = entries;
    }
    matrix.nz_length = entries;
    matrix.indicesSorted = true;
    return matrix;
  }

  /// The matrix A of edges that weigh 1 each: entries count repeated edges.
  public static DMatrixSparseCSC matrix(Adjacency adjacency) {
    Sparse edges = adjacency.sparse();
    return matrix(new WeightedEdges(edges, Tensor.ones(edges.edges())));
  }

  /// An edge s -> t with weight A[t, s], rounded to float32, for each stored entry, column by column; entries that are
  /// stored zeros are edges too.
  ///
  /// @throws IllegalArgumentException where the structure of the matrix is broken, or an entry is beyond float32
  public static WeightedEdges edges(DMatrixSparseCSC matrix) {
    requireSound(matrix);
    int entries = matrix.nz_length;
    int[] senders = new int[entries];
    for (int s = 0; s < matrix.numCols; s++) {
      Arrays.fill(senders, matrix.col_idx[s], matrix.col_idx[s + 1], s);
    }
    for (int p = 0; p < entries; p++) {
      double value = matrix.nz_values[p];
      if (Double.isFinite(value) && Math.abs(value) > Float.MAX_VALUE) {
        throw new IllegalArgumentException("ejml: entry [" + matrix.nz_rows[p] + ", " + senders[p] + "] is " + value
            + ", beyond float32");
      }
    }
    Sparse edges = Sparse.of(matrix.numCols, matrix.numRows, Indices.of(senders),
        Indices.of(Arrays.copyOf(matrix.nz_rows, entries)), null);
    return new WeightedEdges(edges, Tensor.of(Arrays.copyOf(matrix.nz_values, entries), entries));
  }

  private static void requireSound(DMatrixSparseCSC matrix) {
    int entries = matrix.nz_length;
    boolean sound = entries >= 0 && entries <= matrix.nz_rows.length && entries <= matrix.nz_values.length
        && matrix.col_idx.length > matrix.numCols && matrix.col_idx[0] == 0
        && matrix.col_idx[matrix.numCols] == entries;
    for (int s = 0; sound && s < matrix.numCols; s++) {
      sound = matrix.col_idx[s] <= matrix.col_idx[s + 1];
    }
    if (!sound) {
      throw new IllegalArgumentException("ejml: the column starts of a " + matrix.numRows + " x " + matrix.numCols
          + " matrix do not rise from 0 to its " + entries + " entries");
    }
  }

  /// A table of features `[rows, columns]` as a dense matrix.
  ///
  /// @throws IllegalArgumentException where the tensor is not a matrix
  public static FMatrixRMaj matrix(Tensor features) {
    if (features.rank() != 2) {
      throw new IllegalArgumentException("ejml: features " + features.shape() + "; [rows, columns] is required");
    }
    return new FMatrixRMaj(features.rows(), features.columns(), true, features.toArray());
  }

  /// A dense matrix as a tensor `[rows, columns]`.
  public static Tensor tensor(FMatrixRMaj matrix) {
    return Tensor.of(Shape.of(matrix.numRows, matrix.numCols),
        Arrays.copyOf(matrix.data, Math.multiplyExact(matrix.numRows, matrix.numCols)));
  }
}
