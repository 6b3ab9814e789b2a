package org.orrery.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Every parameter and running statistic of a model by name, as values: what a checkpoint holds.
public final class State {
  private State() {
  }

  /// A copy of the present values, in the order described. It outlives refills and scopes.
  public static Map<String, Tensor> of(Block module) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    module.parameters().forEach((name, parameter) -> values.put(name, copy(parameter.value().detach())));
    return Collections.unmodifiableMap(values);
  }

  /// Overwrites every parameter and running statistic with the value of its name. Values of another backend are moved.
  ///
  /// A scalar may come as `[]` or as `[1]`.
  ///
  /// @throws IllegalArgumentException listing every name that is missing, unknown or of another shape; then nothing has
  /// changed
  public static void load(Block module, Map<String, Tensor> values) {
    load("state", module, values);
  }

  /// The same for values from a named source, with which the message starts.
  ///
  /// @throws IllegalArgumentException listing every name that is missing, unknown or of another shape; then nothing has
  /// changed
  public static void load(String source, Block module, Map<String, Tensor> values) {
    Map<String, Parameter> parameters = module.parameters();
    List<String> problems = new ArrayList<>();
    parameters.forEach((name, parameter) -> {
      Tensor value = values.get(name);
      if (value == null) {
        problems.add("tensor " + name + " " + parameter.shape() + " is missing");
      } else if (!fits(value.shape(), parameter.shape())) {
        problems.add("tensor " + name + " is " + value.shape() + ", the model wants " + parameter.shape());
      }
    });
    for (String name : values.keySet()) {
      if (!parameters.containsKey(name)) {
        problems.add("the model has no tensor " + name);
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(source + ": " + String.join("\n" + source + ": ", problems));
    }
    values.forEach((name, value) -> {
      Parameter parameter = parameters.get(name);
      if (parameter != null) {
        parameter.refill(moved(value, parameter));
      }
    });
  }

  /// Overwrites the values of one model with those of another that has the same names.
  ///
  /// @throws IllegalArgumentException listing every name that only one has, or with two shapes; then nothing has changed
  public static void copy(Block from, Block to) {
    load(from.getClass().getSimpleName(), to, of(from));
  }

  private static boolean fits(Shape came, Shape required) {
    boolean scalars = came.elements() == 1 && required.elements() == 1;
    return came.equals(required) || (scalars && came.rank() <= 1 && required.rank() <= 1);
  }

  @SuppressWarnings("ReferenceEquality") // backends are compared by identity
  private static Tensor moved(Tensor value, Parameter parameter) {
    Tensor target = parameter.value();
    if (value.backend() == target.backend()) {
      return value.detach().reshape(target.shape());
    }
    Supplier<Tensor> upload = () -> Tensor.of(value.toDoubles(), target.shape().elements()).reshape(target.shape());
    return Backends.with(target.backend(), upload);
  }

  /// A statistic copies what it is given, outside every scope.
  private static Tensor copy(Tensor value) {
    return Parameter.statistic(value).value();
  }
}
