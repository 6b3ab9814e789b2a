package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.nn.Activation;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// A graph layer that can apply the activation behind it in its own last pass, without an array of what comes before it.
public interface ActivatedGraphLayer extends GraphLayer {
  /// f of the result, in one pass where f allows it. [GraphSequential] calls it where nobody observes the parts.
  ///
  /// @param activation f
  /// @return `[receivers, out]`, what the activation gives for the result of [GraphLayer#apply]
  Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Activation activation,
      Mode mode);
}
