package org.orrery.layers;

import org.orrery.messagepassing.Aggregation;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// What features a self loop gets that is added to a graph whose edges have some.
public sealed interface LoopFill {
  /// One value in every column.
  ///
  /// @param value of every column
  record Constant(double value) implements LoopFill {
  }

  /// An aggregate of the features of the edges that the node receives.
  ///
  /// @param aggregation mean, sum, maximum, ...
  record Incoming(Aggregation aggregation) implements LoopFill {
  }

  /// The mean of the incoming edges' features.
  static LoopFill mean() {
    return new Incoming(Aggregation.mean());
  }

  /// The features of one loop for each node, `[nodes, width]`.
  ///
  /// @param edges the features of the other edges
  /// @param byReceiver those edges grouped by the node they go to
  default Tensor features(Tensor edges, Segments byReceiver) {
    return switch (this) {
      case Constant(double value) -> Backends.with(edges.backend(),
          () -> Tensor.full(Shape.of(byReceiver.count(), edges.columns()), value));
      case Incoming(Aggregation aggregation) -> aggregation.apply(edges, byReceiver);
    };
  }
}
