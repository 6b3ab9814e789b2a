package org.orrery.tensor.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// A network of one hidden layer at every slot of a compressed structure, reduced row by row: some rows at a time in cache,
/// so that neither the hidden layer nor what the network gives is ever held for all slots.
public interface EdgeNetworkKernels {
  /// `m[s] = W f(z[s]; alpha) + b`, where `z[s]` is `own[s]` plus the sum over the tables t of `tables[t][rows[t][s]]`.
  ///
  /// @param own `[slots, hidden]`; null for 0
  /// @param tables at least one, of `hidden` columns
  /// @param rows one row of each table for each slot
  /// @param hidden columns of z
  /// @param function f
  /// @param alpha the number of f
  /// @param weight W, `[width, hidden]`
  /// @param bias b, `[width]`; null for 0
  /// @param width columns of m
  record Network(@Nullable Buffer own, List<Buffer> tables, List<Indices> rows, int hidden, Unary function,
      double alpha, Buffer weight, @Nullable Buffer bias, int width) {
  }

  /// `y[r, k width + c]` is reduction k of `m[s, c]` over the slots `offsets[r]` up to `offsets[r + 1]`; 0 where there are none.
  ///
  /// @param kinds sums, maxima and minima
  Buffer edgeNetwork(Indices offsets, Network network, List<Reduction> kinds);

  /// The gradient by z, behind it those by W and by b: `[slots hidden + width hidden + width]`, where y is the result and
  /// upstream the gradient by it. Equal maxima share alike.
  Buffer edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Buffer y, Buffer upstream);
}
