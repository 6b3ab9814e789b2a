package org.orrery.optimizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// What an optimizer remembers of one parameter. Its arrays live outside every scope.
public final class ParameterState {
  private final Parameter parameter;
  private final Map<String, Variable> slots = new LinkedHashMap<>();
  private long steps;

  ParameterState(Parameter parameter, UpdateRule rule) {
    this.parameter = parameter;
    Tensor zeros = Tensor.unrecorded(() -> parameter.value().detach().multiply(0));
    for (String slot : rule.slots()) {
      Tensor initial = Tensor.where(zeros, zeros, zeros.add(rule.initial(slot)));
      slots.put(slot, new Variable("optimizer " + slot + " " + parameter.shape(), initial, false));
    }
  }

  /// The parameter.
  public Parameter parameter() {
    return parameter;
  }

  /// The parameter's present values, untracked.
  public Tensor value() {
    return parameter.value().detach();
  }

  /// A remembered array.
  ///
  /// @throws IllegalArgumentException where the rule does not list it
  public Variable slot(String name) {
    Variable cell = slots.get(name);
    if (cell == null) {
      throw new IllegalArgumentException("optimizer: no array " + name + "; there are " + slots.keySet());
    }
    return cell;
  }

  /// Overwrites a remembered array and gives the new values.
  public Tensor refill(String name, Tensor values) {
    Variable cell = slot(name);
    cell.refill(values);
    return cell.value();
  }

  /// How many steps there were, the present one included.
  public long steps() {
    return steps;
  }

  void countStep() {
    steps++;
  }

  void steps(long count) {
    steps = count;
  }

  Map<String, Variable> slots() {
    return slots;
  }
}
