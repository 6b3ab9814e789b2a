package org.orrery.tensor.backend;

/// One step of an optimizer in place, without intermediate arrays.
public interface OptimizerKernels {
  /// g = gradient + weightDecay parameter (or, decoupled, parameter (1 - rate weightDecay) first);
  /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
  /// parameter -= rate (m / correction1) / (sqrt(v / correction2) + epsilon). Counts the refills.
  void adam(Buffer parameter, Buffer gradient, Buffer m, Buffer v, double rate, double beta1, double beta2,
      double epsilon, double weightDecay, boolean decoupled, double correction1, double correction2);
}
