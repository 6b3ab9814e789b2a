package org.orrery.optimizers;

import java.util.List;
import org.orrery.tensor.Tensor;

/// Adam with decoupled weight decay: w = (1 - rate weightDecay) w first, then a step of [Adam] with the bare gradient.
///
/// Loshchilov & Hutter 2019, in the form and with the numbers of `torch.optim.AdamW`.
///
/// @param beta1 how much of m stays
/// @param beta2 how much of v stays
/// @param epsilon keeps the quotient finite
/// @param amsgrad whether the largest v so far is used
/// @param weightDecay the share of w, times the rate, that goes at each step
public record AdamW(double beta1, double beta2, double epsilon, boolean amsgrad, double weightDecay)
    implements
      UpdateRule {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming the one that does not do
  public AdamW {
    AdamStep.check("adamw", beta1, beta2, epsilon, weightDecay);
  }

  /// beta1 0.9, beta2 0.999, epsilon 1e-8, decay 0.01.
  public AdamW() {
    this(0.9, 0.999, 1e-8, false, 0.01);
  }

  /// With these betas.
  public AdamW withBetas(double first, double second) {
    return new AdamW(first, second, epsilon, amsgrad, weightDecay);
  }

  /// With this epsilon.
  public AdamW withEpsilon(double value) {
    return new AdamW(beta1, beta2, value, amsgrad, weightDecay);
  }

  /// With the largest v so far.
  public AdamW withAmsgrad() {
    return new AdamW(beta1, beta2, epsilon, true, weightDecay);
  }

  /// With this weight decay.
  public AdamW withWeightDecay(double value) {
    return new AdamW(beta1, beta2, epsilon, amsgrad, value);
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
      AdamStep.of(states.getFirst(), rate, beta1, beta2, epsilon, decay, true, amsgrad).run(states, gradients);
    }
  }
}
