package org.orrery.inference;

import java.util.List;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// The last part of a model for inference: from a summary of each example to a posterior of its parameters.
///
/// The summary `[examples, width]` may come from any network. The head's own network turns it into the numbers of the
/// posterior, over parameters that a [org.orrery.training.Scaler] standardizes; losses, densities and posteriors are in
/// the parameters' own units.
/// ```java
/// GaussianHead head = GaussianHead.create(32, Scaler.standard(trainTheta), GaussianHead.Covariance.FULL, key);
/// Tensor loss = head.loss(network.apply(x, mode), theta, mode);         // in training
/// List<Posterior> posteriors = head.posteriors(network.apply(x, Mode.inference()));
/// ```
public interface PosteriorHead extends Block {
  /// How many parameters are inferred.
  int dimensions();

  /// -log p(theta | summary) of each example, constants included: `[examples, width]` and `[examples, dimensions]` to
  /// `[examples]`.
  ///
  /// @throws IllegalArgumentException where the shapes do not fit
  Tensor negativeLogDensity(Tensor summary, Tensor theta, Mode mode);

  /// What training makes small, shape `[]`: the mean of [#negativeLogDensity], unless the head has a loss of its own.
  ///
  /// @throws IllegalArgumentException where the shapes do not fit
  default Tensor loss(Tensor summary, Tensor theta, Mode mode) {
    return negativeLogDensity(summary, theta, mode).mean();
  }

  /// The posterior of each example. They hold numbers of their own: later training does not change them.
  ///
  /// @param summary `[examples, width]`
  /// @throws IllegalArgumentException where the shape does not fit, or a network gives numbers that are not finite
  List<Posterior> posteriors(Tensor summary);
}
