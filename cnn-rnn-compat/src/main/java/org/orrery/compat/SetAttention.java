package org.orrery.compat;

import java.util.Arrays;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// What attention between sets and learned points has in common.
final class SetAttention {
  private SetAttention() {
  }

  static TransformerEncoderLayer layer(int width, int heads, int hidden, Key key) {
    return TransformerEncoderLayer.create(width, heads, hidden, TransformerEncoderLayer.Options.plain(), key);
  }

  static void requirePoints(String who, int points) {
    if (points < 1) {
      throw new IllegalArgumentException(who + ": " + points + " points, seeds or layers; at least 1 is required");
    }
  }

  static void require(String who, TransformerEncoderLayer layer, Parameter points) {
    int width = layer.attention().width();
    if (points.shape().rank() != 2 || points.shape().size(0) < 1 || points.shape().size(1) != width) {
      throw new IllegalArgumentException(
          who + ": points " + points.shape() + " for attention of width " + width + "; [points, width] is required");
    }
  }

  /// The numbers of members, set by set.
  ///
  /// @throws IllegalArgumentException where they do not stand one after the other
  static Indices sizes(Segments sets) {
    if (sets.order() != null) {
      throw new IllegalArgumentException("sets: members in the order " + sets.order()
          + "; those of a set must stand together, set after set");
    }
    Indices offsets = sets.offsets();
    int[] sizes = new int[sets.count()];
    Arrays.setAll(sizes, s -> offsets.at(s + 1) - offsets.at(s));
    return Indices.wrap(sizes);
  }

  static Indices repeated(int size, int count) {
    int[] sizes = new int[count];
    Arrays.fill(sizes, size);
    return Indices.wrap(sizes);
  }

  /// The points once for each set.
  static Tensor repeated(Parameter points, int count) {
    int[] rows = new int[points.shape().size(0) * count];
    Arrays.setAll(rows, i -> i % points.shape().size(0));
    return points.value().gatherRows(Indices.wrap(rows));
  }
}
