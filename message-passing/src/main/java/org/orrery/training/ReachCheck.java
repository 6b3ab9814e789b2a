package org.orrery.training;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// Compares the parameters that a loss depends on with those that are trained or frozen.
final class ReachCheck {
  private ReachCheck() {
  }

  /// Refuses a loss that depends on a parameter which is neither trained nor frozen.
  ///
  /// @param named the model's parameters
  /// @return the names of trained parameters that the loss does not depend on
  /// @throws IllegalArgumentException naming the parameters that would stay as they are
  static List<String> unreached(Tensor loss, Map<String, Parameter> named, Collection<Parameter> trained,
      Collection<Parameter> frozen) {
    Map<Tensor, String> names = new HashMap<>();
    named.forEach((name, parameter) -> names.put(parameter.value(), name));
    Set<Tensor> expected = Collections.newSetFromMap(new IdentityHashMap<>());
    trained.forEach(parameter -> expected.add(parameter.value()));
    frozen.forEach(parameter -> expected.add(parameter.value()));
    List<Tensor> reached = Variable.valuesIn(loss);
    List<String> forgotten = new ArrayList<>();
    for (Tensor value : reached) {
      if (!expected.contains(value)) {
        forgotten.add(names.getOrDefault(value, "one " + value.shape() + " that is no part of the model"));
      }
    }
    Require.that(forgotten.isEmpty(), "trainer", "the loss depends on parameters that no optimizer was given: "
        + String.join(", ", forgotten) + "; hand them over, or freeze them by name");
    Set<Tensor> found = Collections.newSetFromMap(new IdentityHashMap<>());
    found.addAll(reached);
    List<String> unreached = new ArrayList<>();
    for (Parameter parameter : trained) {
      if (!found.contains(parameter.value()) && !frozen.contains(parameter)) {
        unreached.add(names.getOrDefault(parameter.value(), parameter.shape().toString()));
      }
    }
    return unreached;
  }
}
