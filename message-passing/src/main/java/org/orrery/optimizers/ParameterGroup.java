package org.orrery.optimizers;

import java.util.List;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;

/// Parameters that an optimizer treats alike.
///
/// A usual choice is decay on the weights and none on biases and norms:
/// ```java
/// List<ParameterGroup> groups = List.of(
///     new ParameterGroup(weights, 1e-2, 1),
///     new ParameterGroup(biases, 0, 1));
/// ```
///
/// @param parameters each trainable, none twice
/// @param weightDecay how strongly they are pulled to 0
/// @param rateFactor what the learning rate is multiplied by
public record ParameterGroup(List<Parameter> parameters, double weightDecay, double rateFactor) {
  /// Copies the list.
  ///
  /// @throws IllegalArgumentException where a parameter is a statistic, or a number is negative or not finite
  public ParameterGroup {
    parameters = List.copyOf(parameters);
    for (Parameter parameter : parameters) {
      if (!parameter.isTrainable()) {
        throw new IllegalArgumentException("parameter group: a statistic " + parameter.shape()
            + "; the model changes it, no optimizer may");
      }
    }
    Require.notNegative("parameter group", "weight decay", weightDecay);
    Require.notNegative("parameter group", "rate factor", rateFactor);
  }

  /// All trainable parameters of a model, without decay, at the schedule's rate.
  public static ParameterGroup of(Block model) {
    return new ParameterGroup(model.trainable(), 0, 1);
  }
}
