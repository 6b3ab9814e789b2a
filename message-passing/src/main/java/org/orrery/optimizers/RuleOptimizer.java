package org.orrery.optimizers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// The same rule for every parameter.
final class RuleOptimizer implements Optimizer {
  private final UpdateRule rule;
  private final List<ParameterGroup> groups;
  private final Map<Parameter, ParameterState> states = new LinkedHashMap<>();

  RuleOptimizer(UpdateRule rule, List<ParameterGroup> groups) {
    this.rule = rule;
    this.groups = List.copyOf(groups);
    for (Parameter parameter : parameters()) {
      Require.that(!states.containsKey(parameter), "optimizer",
          "a parameter " + parameter.shape() + " stands in two groups, or twice in one");
      states.put(parameter, Scope.outside(() -> new ParameterState(parameter, rule)));
    }
  }

  @Override
  public List<ParameterGroup> groups() {
    return groups;
  }

  @Override
  public void step(ParameterGradients gradients, double rate) {
    Require.notNegative("optimizer", "learning rate", rate);
    Require.that(gradients.isEmpty() || gradients.byParameter().keySet().stream().anyMatch(states::containsKey),
        "optimizer",
        "gradients of other parameters " + gradients.byParameter().keySet().stream().map(Parameter::shape).toList()
            + " than its own; they are those of another model");
    for (ParameterGroup group : groups) {
      Map<Long, Moved> bySteps = new LinkedHashMap<>();
      for (Parameter parameter : group.parameters()) {
        Tensor gradient = gradients.of(parameter);
        ParameterState state = states.get(parameter);
        if (gradient != null && state != null) {
          state.countStep();
          bySteps.computeIfAbsent(state.steps(), steps -> new Moved()).add(state, gradient);
        }
      }
      for (Moved moved : bySteps.values()) {
        Tensor.unrecorded(() -> {
          rule.update(moved.states, moved.gradients, rate * group.rateFactor(), group.weightDecay());
          return moved;
        });
      }
    }
  }

  /// Parameters that have taken as many steps.
  private static final class Moved {
    private final List<ParameterState> states = new ArrayList<>();
    private final List<Tensor> gradients = new ArrayList<>();

    void add(ParameterState state, Tensor gradient) {
      states.add(state);
      gradients.add(gradient);
    }
  }

  @Override
  public SavedState state(Map<String, Parameter> names) {
    Map<String, Tensor> tensors = new TreeMap<>();
    Map<String, Long> steps = new TreeMap<>();
    named(names).forEach((name, state) -> {
      state.slots().forEach((slot, cell) -> tensors.put(name + "." + slot, cell.value()));
      steps.put(name, state.steps());
    });
    return new SavedState(tensors, steps);
  }

  @Override
  public void restore(SavedState saved, Map<String, Parameter> names) {
    List<String> complaints = Weights.differences("", state(names), saved);
    Require.that(complaints.isEmpty(), "optimizer", String.join("; ", complaints));
    named(names).forEach((name, state) -> {
      state.slots().forEach((slot, cell) -> cell.refill(Weights.at(saved.tensors(), name + "." + slot)));
      state.steps(saved.counts().getOrDefault(name, 0L));
    });
  }

  private Map<String, ParameterState> named(Map<String, Parameter> names) {
    Map<Parameter, String> reversed = new HashMap<>();
    names.forEach((name, parameter) -> reversed.putIfAbsent(parameter, name));
    Map<String, ParameterState> named = new LinkedHashMap<>();
    List<String> nameless = new ArrayList<>();
    states.forEach((parameter, state) -> {
      @Nullable
      String name = reversed.get(parameter);
      if (name == null) {
        nameless.add(parameter.shape().toString());
      } else {
        named.put(name, state);
      }
    });
    Require.that(nameless.isEmpty(), "optimizer", "the model does not list parameters " + nameless
        + " that it changes; they could not be saved");
    return named;
  }

  @Override
  public String toString() {
    return rule.toString();
  }
}
