package org.orrery.compat;

import org.orrery.nn.Block;
import org.orrery.nn.Initializer;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// What a position adds to an embedding, learned: a row of a table for each. Gehring et al. 2017.
///
/// @param weight `[positions, width]`
public record LearnedPositions(Parameter weight) implements Block {
  /// Normal rows of standard deviation 0.02.
  ///
  /// @throws IllegalArgumentException where a size is not positive
  public static LearnedPositions create(int positions, int width, Key key) {
    if (positions < 1 || width < 1) {
      throw new IllegalArgumentException(
          "LearnedPositions: " + positions + " positions of width " + width + "; positive sizes are required");
    }
    return new LearnedPositions(Parameter.of(Initializer.normal(0, 0.02).values(Shape.of(positions, width), key)));
  }

  /// The rows of the positions `first`, `first + 1`, ... : `[length, width]`.
  ///
  /// @throws IllegalArgumentException where the table has fewer
  public Tensor rows(int first, int length) {
    int count = weight.shape().size(0);
    if (first < 0 || length < 0 || first > count - length) {
      throw new IllegalArgumentException("LearnedPositions: " + length + " from " + first + "; 0 to " + (count - 1)
          + " are known");
    }
    return weight.value().slice(0, first, first + length);
  }
}
