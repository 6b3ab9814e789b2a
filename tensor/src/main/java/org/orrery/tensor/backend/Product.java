package org.orrery.tensor.backend;

/// The sizes of a batched matrix product `c[n, i, j] = sum_k a[n, i, k] b[n, k, j]`.
///
/// @param batch how many products
/// @param aBatched whether a has a leading batch axis; if not, one a serves all
/// @param bBatched likewise for b
/// @param rows i runs over these
/// @param inner k runs over these
/// @param columns j runs over these
/// @param transposeA whether a is stored `[inner, rows]`
/// @param transposeB whether b is stored `[columns, inner]`
public record Product(int batch, boolean aBatched, boolean bBatched, int rows, int inner, int columns,
    boolean transposeA, boolean transposeB) {
  private static final long PANEL = 64;
  private static final long SLAB_BLOCK = 256;
  private static final long LEAST_SLAB = 2048;
  private static final long MOST_SLABS = 32;

  /// The most numbers that a product holds beside its operands and its result: b in panels; where a is read transposed, a
  /// in rows, or the result turned; and where a result has many terms, sums of slabs of them.
  public long scratch() {
    long padded = columns + PANEL;
    long packed = inner * padded;
    long turned = transposeA ? (long) rows * inner + (long) rows * columns : 0;
    long slabs = inner < 2 * LEAST_SLAB ? 0 : Math.min(MOST_SLABS, inner / LEAST_SLAB + 1);
    long summed = slabs * (rows + SLAB_BLOCK) * padded;
    long one = Math.max(packed + turned, summed);
    return batch == 0 ? 0 : Math.min(batch, Runtime.getRuntime().availableProcessors()) * one;
  }
}
