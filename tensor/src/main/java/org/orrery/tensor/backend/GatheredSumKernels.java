package org.orrery.tensor.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Sums of gathered rows without an array for each table.
public interface GatheredSumKernels {
  /// `y[i, :]` is own[i, :] plus the sum over the tables t of `tables[t][rows[t][i], :]`, added in this order.
  ///
  /// @param own `[members, width]`; null for 0
  /// @param tables at least one
  Storage gatheredSum(@Nullable Storage own, List<Storage> tables, List<Indices> rows, int width);
}
