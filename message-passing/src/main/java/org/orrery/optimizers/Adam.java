package org.orrery.optimizers;

import java.util.List;
import org.orrery.tensor.Tensor;

/// Adam: g = gradient + weightDecay w; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
///
/// Kingma & Ba 2015; with `amsgrad` the largest v so far stands for v (Reddi, Kale & Kumar 2018). The form and the
/// numbers are those of `torch.optim.Adam`.
///
/// @param beta1 how much of m stays
/// @param beta2 how much of v stays
/// @param epsilon keeps the quotient finite
/// @param amsgrad whether the largest v so far is used
/// @param weightDecay added to the gradient, times w
public record Adam(double beta1, double beta2, double epsilon, boolean amsgrad, double weightDecay)
    implements
      UpdateRule {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming the one that does not do
  public Adam {
    AdamStep.check("adam", beta1, beta2, epsilon, weightDecay);
  }

  /// beta1 0.9, beta2 0.999, epsilon 1e-8, no decay.
  public Adam() {
    this(0.9, 0.999, 1e-8, false, 0);
  }

  /// With these betas.
  public Adam withBetas(double first, double second) {
    return new Adam(first, second, epsilon, amsgrad, weightDecay);
  }

  /// With this epsilon.
  public Adam withEpsilon(double value) {
    return new Adam(beta1, beta2, value, amsgrad, weightDecay);
  }

  /// With the largest v so far.
  public Adam withAmsgrad() {
    return new Adam(beta1, beta2, epsilon, true, weightDecay);
  }

  /// With this weight decay.
  public Adam withWeightDecay(double value) {
    return new Adam(beta1, beta2, epsilon, amsgrad, value);
  }

  @Override
  public List<String> slots() {
    return AdamStep.slots(amsgrad);
  }

  @Override
  public void update(ParameterState state, Tensor gradient, double rate, double decay) {
    update(List.of(state), List.of(gradient), rate, decay);
  }

  @Override
  public void update(List<ParameterState> states, List<Tensor> gradients, double rate, double decay) {
    if (!states.isEmpty()) {
      AdamStep.of(states.getFirst(), rate, beta1, beta2, epsilon, decay, false, amsgrad).run(states, gradients);
    }
  }
}
