package org.orrery.optimizers;

import java.util.ArrayList;
import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// RMSprop: g = gradient + weightDecay w; s = alpha s + (1 - alpha) g^2; w -= rate g / (sqrt s + epsilon).
///
/// `centered` takes the square of a running mean of g off s (Graves 2013); with momentum
/// b = momentum b + g / (sqrt s + epsilon) and w -= rate b. Tieleman & Hinton 2012, in the form and with the numbers of
/// `torch.optim.RMSprop`: epsilon stands outside the root.
///
/// @param alpha how much of s stays
/// @param epsilon keeps the quotient finite
/// @param momentum how much of the last step goes into the next
/// @param centered whether s becomes a variance
/// @param weightDecay added to the gradient, times w
public record RmsProp(double alpha, double epsilon, double momentum, boolean centered, double weightDecay)
    implements
      UpdateRule {
  private static final String SQUARE = "square_average";
  private static final String MEAN = "gradient_average";
  private static final String MOMENTUM = "momentum";

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming the one that does not do
  public RmsProp {
    Require.that(alpha >= 0 && alpha <= 1, "rmsprop", "alpha " + alpha + "; 0 to 1 is required");
    Require.notNegative("rmsprop", "epsilon", epsilon);
    Require.notNegative("rmsprop", "momentum", momentum);
    Require.notNegative("rmsprop", "weight decay", weightDecay);
  }

  /// alpha 0.99, epsilon 1e-8, no momentum, no decay.
  public RmsProp() {
    this(0.99, 1e-8, 0, false, 0);
  }

  /// With this alpha.
  public RmsProp withAlpha(double value) {
    return new RmsProp(value, epsilon, momentum, centered, weightDecay);
  }

  /// With this epsilon.
  public RmsProp withEpsilon(double value) {
    return new RmsProp(alpha, value, momentum, centered, weightDecay);
  }

  /// With this momentum.
  public RmsProp withMomentum(double value) {
    return new RmsProp(alpha, epsilon, value, centered, weightDecay);
  }

  /// With the mean of the gradient taken off.
  public RmsProp withCentering() {
    return new RmsProp(alpha, epsilon, momentum, true, weightDecay);
  }

  /// With this weight decay.
  public RmsProp withWeightDecay(double value) {
    return new RmsProp(alpha, epsilon, momentum, centered, value);
  }

  @Override
  public List<String> slots() {
    List<String> slots = new ArrayList<>(List.of(SQUARE));
    if (centered) {
      slots.add(MEAN);
    }
    if (momentum > 0) {
      slots.add(MOMENTUM);
    }
    return slots;
  }

  @Override
  public void update(ParameterState state, Tensor gradient, double rate, double decay) {
    Tensor value = state.value();
    Tensor g = decay == 0 ? gradient : gradient.add(value.multiply(decay));
    Tensor s = state.refill(SQUARE, state.slot(SQUARE).value().multiply(alpha).add(g.square().multiply(1 - alpha)));
    if (centered) {
      Tensor mean = state.refill(MEAN, state.slot(MEAN).value().multiply(alpha).add(g.multiply(1 - alpha)));
      s = s.subtract(mean.square()).relu(); // rounding must not make a variance negative
    }
    Tensor direction = g.divide(s.sqrt().add(epsilon));
    if (momentum > 0) {
      direction = state.refill(MOMENTUM, state.slot(MOMENTUM).value().multiply(momentum).add(direction));
    }
    state.parameter().refill(value.subtract(direction.multiply(rate)));
  }
}
