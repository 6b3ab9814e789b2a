package org.orrery.training;

import org.orrery.optimizers.ParameterGradients;

/// What happens to gradients between the sweep and the optimizer: where those of other machines come in.
///
/// Each machine has a model with the same weights and trains on a [Loader#shard] of the data; an exchange that gives every
/// machine the same mean keeps their weights the same to the bit. It adds in a fixed order, by rank, whatever order the
/// gradients arrive in. Where shards are of one size and the loss is a mean, the mean of gradients is that of the whole
/// batch, up to rounding; running statistics stay those of each machine.
@FunctionalInterface
public interface Exchange {
  /// The gradients that the optimizer gets. Called once a step, with a gradient for each parameter that the own loss
  /// reaches, before they are clipped; the result lives in the scope of the step.
  ///
  /// @param step counted over all epochs from 0
  ParameterGradients exchanged(ParameterGradients own, long step);

  /// One machine: the own gradients.
  static Exchange none() {
    return (own, step) -> own;
  }
}
