package org.orrery.tensor.backend;

import java.util.List;

/// One step of Adam in place, without intermediate arrays.
public interface AdamKernels {
  /// A parameter, its gradient and what Adam remembers of it, all of one size.
  ///
  /// @param m mean of the gradients
  /// @param v mean of their squares
  record Moments(Storage parameter, Storage gradient, Storage m, Storage v) {
  }

  /// For every parameter: g = gradient + weightDecay parameter (or, decoupled, parameter (1 - rate weightDecay) first);
  /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
  /// parameter -= rate (m / correction1) / (sqrt(v / correction2) + epsilon). Counts the refills.
  void adam(List<Moments> all, double rate, double beta1, double beta2, double epsilon, double weightDecay,
      boolean decoupled, double correction1, double correction2);

  /// The same for one parameter.
  default void adam(Storage parameter, Storage gradient, Storage m, Storage v, double rate, double beta1, double beta2,
      double epsilon, double weightDecay, boolean decoupled, double correction1, double correction2) {
    adam(List.of(new Moments(parameter, gradient, m, v)), rate, beta1, beta2, epsilon, weightDecay, decoupled,
        correction1, correction2);
  }
}
