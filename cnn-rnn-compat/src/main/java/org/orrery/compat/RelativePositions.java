package org.orrery.compat;

import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// A bias of attention for how far a key lies behind its query, head by head: `bias[h, i, j] = table[d, h]` with the distance d = i - j
/// limited to +-reach. Shaw et al. 2018; Raffel et al. 2020, without buckets.
///
/// @param weight `[2 reach + 1, heads]`, from the key that lies furthest ahead to the one furthest behind
public record RelativePositions(Parameter weight) implements Block {
  /// Checks the shape.
  ///
  /// @throws IllegalArgumentException where there is no distance 0 in the middle
  public RelativePositions {
    if (weight.shape().rank() != 2 || weight.shape().size(0) % 2 != 1) {
      throw new IllegalArgumentException(
          "RelativePositions: weight " + weight.shape() + "; [2 reach + 1, heads] is required");
    }
  }

  /// Zeros.
  public static RelativePositions create(int reach, int heads) {
    return new RelativePositions(Parameter.of(Tensor.zeros(2 * reach + 1, heads)));
  }

  /// The bias `[heads, queries, keys]`; the last query stands where the last key does.
  public Tensor bias(int queries, int keys) {
    int reach = weight.shape().size(0) / 2;
    int[] rows = new int[Math.multiplyExact(queries, keys)];
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        rows[i * keys + j] = reach + Math.clamp((long) i + keys - queries - j, -reach, reach);
      }
    }
    return weight.value().gatherRows(Indices.of(rows)).transpose().reshape(weight.shape().size(1), queries, keys);
  }
}
