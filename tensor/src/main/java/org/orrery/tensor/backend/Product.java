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
}
