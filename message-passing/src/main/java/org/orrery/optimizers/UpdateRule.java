package org.orrery.optimizers;

import java.util.List;
import org.orrery.nn.Block;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// How one parameter changes with its gradient: the part of an optimizer that a paper describes.
///
/// Rules are immutable; [#on(Block)] makes the optimizer, which holds what the rule remembers of each parameter.
public interface UpdateRule {
  /// The names of the arrays that it remembers of a parameter, each of the parameter's shape.
  List<String> slots();

  /// What an array holds before the first step.
  default double initial(String slot) {
    return 0;
  }

  /// How strongly parameters are pulled to 0 where no group says otherwise.
  double weightDecay();

  /// Changes one parameter and what is remembered of it. Runs unrecorded, in a scope of its own.
  ///
  /// @param rate the learning rate, the group's factor included
  /// @param weightDecay the group's
  void update(ParameterState state, Tensor gradient, double rate, double weightDecay);

  /// Changes several parameters that took as many steps, in one pass where the rule has one.
  ///
  /// @param gradients one for each
  default void update(List<ParameterState> states, List<Tensor> gradients, double rate, double weightDecay) {
    for (int i = 0; i < states.size(); i++) {
      ParameterState state = states.get(i);
      Tensor gradient = gradients.get(i);
      Scope.run(scope -> update(state, gradient, rate, weightDecay));
    }
  }

  /// An optimizer of all trainable parameters of a model with this rule's weight decay.
  default Optimizer on(Block model) {
    return on(List.of(new ParameterGroup(model.trainable(), weightDecay(), 1)));
  }

  /// An optimizer of these groups.
  ///
  /// @throws IllegalArgumentException where a parameter stands in two places
  default Optimizer on(List<ParameterGroup> groups) {
    return new RuleOptimizer(this, groups);
  }
}
