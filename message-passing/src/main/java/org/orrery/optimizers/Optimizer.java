package org.orrery.optimizers;

import java.util.List;
import java.util.Map;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Gradients;

/// Changes parameters so that a loss falls. Made from an [UpdateRule], as in `new Adam().on(model)`. Its text says its
/// numbers, by which a [org.orrery.training.Trainer] that resumes knows it again.
public interface Optimizer {
  /// What it changes.
  List<ParameterGroup> groups();

  /// One step with these gradients.
  ///
  /// @param rate the learning rate, which each group multiplies by its factor
  /// @throws IllegalArgumentException where there are gradients, and none is for a parameter of its own
  void step(ParameterGradients gradients, double rate);

  /// What it remembers between steps, by the names of the parameters.
  ///
  /// @param names a model's parameters by name: [org.orrery.nn.Block#parameters()]
  /// @throws IllegalArgumentException where a parameter of this optimizer has no name
  SavedState state(Map<String, Parameter> names);

  /// Takes over what another remembered; its further steps are the same to the bit.
  ///
  /// @throws IllegalArgumentException listing everything missing, left over or of another shape, before any change
  void restore(SavedState state, Map<String, Parameter> names);

  /// One step with what a sweep found for the parameters of all groups.
  default void step(Gradients sweep, double rate) {
    step(ParameterGradients.of(sweep, parameters()), rate);
  }

  /// The parameters of all groups.
  default List<Parameter> parameters() {
    return groups().stream().flatMap(group -> group.parameters().stream()).toList();
  }
}
