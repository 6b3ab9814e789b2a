package org.orrery.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
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

  /// A copy of the present values, tied weights once. It outlives refills and scopes.
  public static Map<String, Tensor> of(Block module) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    module.parameters().forEach((name, parameter) -> values.put(name, copy(parameter.value().detach())));
    return Collections.unmodifiableMap(values);
  }

  /// Overwrites every parameter and running statistic with the value of its name. Values of another backend are moved.
  ///
  /// A scalar may come as `[]` or as `[1]`. Tied weights may come under each of their names, with the same values.
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
  public static void load(String source, Block module, Map<String, Tensor> all) {
    Parts parts = Parts.of(module);
    Map<String, Parameter> parameters = parts.named();
    Map<String, Tensor> values = withoutTies(all, parts);
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
        problems.add(parts.everyName().containsKey(name)
            ? "tensor " + name + " is tied to another of the model, and has other values"
            : "the model has no tensor " + name);
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

  /// The values without those that tied weights have under their further names. Where two names of one parameter have
  /// different values both stay, so that the further one is refused.
  private static Map<String, Tensor> withoutTies(Map<String, Tensor> values, Parts parts) {
    Map<Parameter, String> first = new HashMap<>();
    parts.named().forEach((name, parameter) -> first.put(parameter, name));
    Map<String, Tensor> once = new LinkedHashMap<>(values);
    parts.everyName().forEach((name, parameter) -> {
      String kept = first.get(parameter);
      Tensor value = values.get(name);
      if (kept != null && value != null && !kept.equals(name)) {
        Tensor before = once.putIfAbsent(kept, value);
        if (before == null || Arrays.equals(before.toDoubles(), value.toDoubles())) {
          once.remove(name);
        }
      }
    });
    return once;
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
