package org.orrery.optimizers;

import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// Gradient descent with momentum: g = gradient + weightDecay w; b = momentum b + (1 - dampening) g, b = g at the first
/// step; w -= rate b, or rate (g + momentum b) with Nesterov's look ahead.
///
/// Sutskever et al. 2013, in the form of `torch.optim.SGD`.
///
/// @param momentum how much of the last step goes into the next
/// @param dampening how much of the gradient stays out of the momentum
/// @param nesterov whether to look ahead; wants momentum and no dampening
/// @param weightDecay added to the gradient, times w
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) implements UpdateRule {
  private static final String MOMENTUM = "momentum";

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming the one that does not do
  public Sgd {
    Require.notNegative("sgd", "momentum", momentum);
    Require.notNegative("sgd", "weight decay", weightDecay);
    Require.that(!nesterov || (momentum > 0 && dampening == 0), "sgd", "Nesterov's momentum with momentum " + momentum
        + " and dampening " + dampening + "; a positive momentum and no dampening are required");
  }

  /// Plain gradient descent.
  public Sgd() {
    this(0, 0, false, 0);
  }

  /// With this momentum.
  public Sgd withMomentum(double value) {
    return new Sgd(value, dampening, nesterov, weightDecay);
  }

  /// With this dampening.
  public Sgd withDampening(double value) {
    return new Sgd(momentum, value, nesterov, weightDecay);
  }

  /// With Nesterov's look ahead and this momentum.
  public Sgd withNesterov(double value) {
    return new Sgd(value, 0, true, weightDecay);
  }

  /// With this weight decay.
  public Sgd withWeightDecay(double value) {
    return new Sgd(momentum, dampening, nesterov, value);
  }

  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : List.of(MOMENTUM);
  }

  @Override
  public void update(ParameterState state, Tensor gradient, double rate, double decay) {
    Tensor value = state.value();
    Tensor g = decay == 0 ? gradient : gradient.add(value.multiply(decay));
    Tensor direction = g;
    if (momentum != 0) {
      Tensor before = state.slot(MOMENTUM).value();
      Tensor b = state.refill(MOMENTUM,
          state.steps() == 1 ? g : before.multiply(momentum).add(g.multiply(1 - dampening)));
      direction = nesterov ? g.add(b.multiply(momentum)) : b;
    }
    state.parameter().refill(value.subtract(direction.multiply(rate)));
  }
}
