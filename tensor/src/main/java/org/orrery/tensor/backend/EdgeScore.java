package org.orrery.tensor.backend;

import org.jspecify.annotations.Nullable;

/// How much row i of a compressed sparse row structure attends to column j before the softmax, head by head. Tables have
/// one row for each column or row of the structure; heads of several channels lie side by side.
public sealed interface EdgeScore {
  /// The table of the columns.
  Storage column();

  /// The table of the rows.
  Storage row();

  /// LeakyReLU(`column[j, h]` + `row[i, h]` + `edge[e, h]`), tables `[.., heads]`.
  ///
  /// @param edge one row for each edge e; null for 0
  /// @param slope of the rectifier where it is negative
  record Sum(Storage column, Storage row, @Nullable Storage edge, double slope) implements EdgeScore {
  }

  /// The sum over k of `vector[h c + k]` LeakyReLU(`column[j, h c + k]` + `row[i, h c + k]`), tables `[.., heads c]`.
  ///
  /// @param vector `[heads c]`
  /// @param width heads c
  /// @param slope of the rectifier where it is negative
  record RectifiedSum(Storage column, Storage row, Storage vector, int width, double slope) implements EdgeScore {
  }

  /// scale times the sum over k of `row[i, h c + k]` `column[j, h c + k]`, tables `[.., heads c]`.
  ///
  /// @param width heads c
  record Product(Storage column, Storage row, int width, double scale) implements EdgeScore {
  }
}
