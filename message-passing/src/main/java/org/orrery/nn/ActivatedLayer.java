package org.orrery.nn;

import org.orrery.tensor.Tensor;

/// A layer that can apply the activation behind it in its own pass.
public interface ActivatedLayer extends Layer {
  /// f of the result, in one pass where f allows it and nobody observes. There is no noise, so no mode is needed.
  Tensor apply(Tensor x, Activation activation);
}
