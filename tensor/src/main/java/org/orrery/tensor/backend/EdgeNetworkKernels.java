package org.orrery.tensor.backend;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// A network of one hidden layer at every slot of a compressed structure, reduced row by row: some rows at a time in cache,
/// so that neither the hidden layer nor what the network gives is ever held for all slots.
public interface EdgeNetworkKernels {
  /// `m[s] = W f(z[s]; alpha) + b`, where `z[s]` is `U features[s]` plus the sum over the tables t of `tables[t][rows[t][s]]`.
  ///
  /// @param features `[slots, featureWidth]`; null for none
  /// @param featureWidth columns of the features, 0 for none
  /// @param featureWeight U, `[hidden, featureWidth]`; null for none
  /// @param tables at least one, of `hidden` columns
  /// @param rows one row of each table for each slot
  /// @param hidden columns of z
  /// @param function f
  /// @param alpha the number of f
  /// @param weight W, `[width, hidden]`
  /// @param bias b, `[width]`; null for 0
  /// @param width columns of m
  record Network(@Nullable Storage features, int featureWidth, @Nullable Storage featureWeight, List<Storage> tables,
      List<Indices> rows, int hidden, Unary function, double alpha, Storage weight, @Nullable Storage bias, int width) {
    /// How many numbers the gradients have: by each table, by the features where they are wanted, by U where there is one, by W
    /// and by b.
    public List<Integer> gradientSizes(boolean byFeatures) {
      List<Integer> sizes = new ArrayList<>(tables.stream().map(Storage::size).toList());
      if (byFeatures && features != null) {
        sizes.add(features.size());
      }
      if (featureWeight != null) {
        sizes.add(featureWeight.size());
      }
      sizes.addAll(List.of(weight.size(), width));
      return sizes;
    }
  }

  /// `y[r, k width + c]` is reduction k of `m[s, c]` over the slots `offsets[r]` up to `offsets[r + 1]`; 0 where there are none.
  ///
  /// @param kinds sums, maxima and minima
  Storage edgeNetwork(Indices offsets, Network network, List<Reduction> kinds);

  /// The gradients by each table, by the features where they are wanted, by U where there is one, by W and by b (there or not),
  /// where y is the result and upstream the gradient by it. Equal maxima share alike.
  List<Storage> edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Storage y,
      Storage upstream,
      boolean byFeatures);
}
