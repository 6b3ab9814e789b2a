package org.orrery.optimizers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// Values by name: copies of parameters, and how they are put back.
public final class Weights {
  private Weights() {
  }

  /// Copies that later steps do not change, outside every scope.
  public static Map<String, Variable> copy(Map<String, Parameter> parameters) {
    Map<String, Variable> copies = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> copies.put(name, Scope.outside(
        () -> new Variable("copy of " + name, parameter.value().detach(), false))));
    return copies;
  }

  /// Copies that nothing changes, outside every scope.
  public static Map<String, Variable> copyOf(Map<String, Tensor> values) {
    Map<String, Variable> copies = new LinkedHashMap<>();
    values
        .forEach((name, value) -> copies.put(name, Scope.outside(() -> new Variable("copy of " + name, value, false))));
    return copies;
  }

  /// Overwrites the parameters that have a copy.
  public static void fill(Map<String, Parameter> parameters, Map<String, Variable> copies) {
    parameters.forEach((name, parameter) -> parameter.refill(at(copies, name).value()));
  }

  /// The values of copies.
  public static Map<String, Tensor> values(Map<String, Variable> cells) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    cells.forEach((name, cell) -> values.put(name, cell.value()));
    return values;
  }

  /// The present values.
  public static Map<String, Tensor> present(Map<String, Parameter> parameters) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> values.put(name, parameter.value()));
    return values;
  }

  /// Everything missing, left over or of another shape, in the order of the names.
  ///
  /// @param prefix what the names begin with in messages
  public static List<String> differences(String prefix, Map<String, Tensor> wanted, Map<String, Tensor> found) {
    List<String> complaints = new ArrayList<>();
    new TreeMap<>(wanted).forEach((name, cell) -> {
      Tensor tensor = found.get(name);
      if (tensor == null) {
        complaints.add("tensor " + prefix + name + " " + cell.shape() + " is missing");
      } else if (!tensor.shape().equals(cell.shape())) {
        complaints.add("tensor " + prefix + name + " is " + tensor.shape() + ", the model wants " + cell.shape());
      }
    });
    new TreeMap<>(found).forEach((name, tensor) -> {
      if (!wanted.containsKey(name)) {
        complaints.add("tensor " + prefix + name + " " + tensor.shape() + " is left over");
      }
    });
    return complaints;
  }

  /// Everything in which what was saved does not fit what is there.
  public static List<String> differences(String prefix, SavedState wanted, SavedState found) {
    List<String> complaints = differences(prefix, wanted.tensors(), found.tensors());
    if (!wanted.counts().keySet().equals(found.counts().keySet())) {
      complaints.add(prefix + " counts " + found.counts().keySet() + ", not " + wanted.counts().keySet());
    }
    return complaints;
  }

  /// The value of that name.
  ///
  /// @throws IllegalArgumentException where there is none
  public static <T> T at(Map<String, T> values, String name) {
    T value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    return value;
  }
}
