package org.orrery.optimizers;

import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// Adagrad: g = gradient + weightDecay w; s = s + g^2; w -= rate / (1 + (t - 1) rateDecay) g / (sqrt s + epsilon).
///
/// Duchi, Hazan & Singer 2011, in the form and with the numbers of `torch.optim.Adagrad`.
///
/// @param rateDecay how the rate falls with the steps of a parameter
/// @param initialSum what s is before the first step
/// @param epsilon keeps the quotient finite
/// @param weightDecay added to the gradient, times w
public record Adagrad(double rateDecay, double initialSum, double epsilon, double weightDecay)
    implements
      UpdateRule {
  private static final String SUM = "square_sum";

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming the one that does not do
  public Adagrad {
    Require.notNegative("adagrad", "rate decay", rateDecay);
    Require.notNegative("adagrad", "initial sum", initialSum);
    Require.notNegative("adagrad", "epsilon", epsilon);
    Require.notNegative("adagrad", "weight decay", weightDecay);
  }

  /// No rate decay, no initial sum, epsilon 1e-10, no weight decay.
  public Adagrad() {
    this(0, 0, 1e-10, 0);
  }

  /// With this fall of the rate.
  public Adagrad withRateDecay(double value) {
    return new Adagrad(value, initialSum, epsilon, weightDecay);
  }

  /// With this sum before the first step.
  public Adagrad withInitialSum(double value) {
    return new Adagrad(rateDecay, value, epsilon, weightDecay);
  }

  /// With this epsilon.
  public Adagrad withEpsilon(double value) {
    return new Adagrad(rateDecay, initialSum, value, weightDecay);
  }

  /// With this weight decay.
  public Adagrad withWeightDecay(double value) {
    return new Adagrad(rateDecay, initialSum, epsilon, value);
  }

  @Override
  public List<String> slots() {
    return List.of(SUM);
  }

  @Override
  public double initial(String slot) {
    return initialSum;
  }

  @Override
  public void update(ParameterState state, Tensor gradient, double rate, double decay) {
    Tensor value = state.value();
    Tensor g = decay == 0 ? gradient : gradient.add(value.multiply(decay));
    Tensor s = state.refill(SUM, state.slot(SUM).value().add(g.square()));
    double present = rate / (1 + (state.steps() - 1) * rateDecay);
    state.parameter().refill(value.subtract(g.divide(s.sqrt().add(epsilon)).multiply(present)));
  }
}
