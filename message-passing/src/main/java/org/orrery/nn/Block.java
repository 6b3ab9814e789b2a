package org.orrery.nn;

import java.util.List;
import java.util.Map;

/// A part of a model: something with parameters. Its own parts are found, not listed: record components and final fields
/// (inherited ones first) that hold a [Parameter], a block, or an array, a list, a map or an optional of them, under
/// their own names, in declaration order.
///
/// ```java
/// record Network(Linear first, List<Linear> layers, @Nullable Parameter bias) implements Block {
///   // first.weight, first.bias, layers.0.weight, ..., bias
/// }
/// ```
/// Checkpoints, summaries and optimizers go by these names. A parameter that is met twice (tied weights) counts and is
/// saved once, under its first name. What would be overlooked is an error that names it: a part in a field that is not
/// final, and one that is reached only through something else, such as a set, a supplier, an object that is no block, or
/// what a lambda captures.
public interface Block {
  /// Gives parts other names than those of their fields, for checkpoints of other programs. What it does not name keeps
  /// its own, so nothing can be left out.
  default void describe(Parts parts) {
  }

  /// Every parameter and running statistic by its dotted name, each once even if it is shared.
  ///
  /// @throws IllegalStateException where two parts have one name, or a part would be overlooked
  default Map<String, Parameter> parameters() {
    return Parts.of(this).named();
  }

  /// The parameters that an optimizer changes, each once even if it is shared.
  default List<Parameter> trainable() {
    return parameters().values().stream().filter(Parameter::isTrainable).toList();
  }
}
