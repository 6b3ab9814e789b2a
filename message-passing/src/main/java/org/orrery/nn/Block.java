package org.orrery.nn;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// A part of a model: something with parameters that lists its parts once, in [#describe(Parts)].
///
/// Dotted names (`layers.0.weight`) follow from the list, and with them checkpoints, summaries and optimizers.
public interface Block {
  /// Names each parameter, running statistic and inner module, in a fixed order.
  void describe(Parts parts);

  /// Every parameter and running statistic by its dotted name, in the order described.
  ///
  /// @throws IllegalStateException where two parts have one name
  default Map<String, Parameter> parameters() {
    Parts parts = new Parts();
    describe(parts);
    return parts.named();
  }

  /// The parameters that an optimizer changes, each once even if it is shared.
  default List<Parameter> trainable() {
    return new ArrayList<>(new LinkedHashSet<>(
        parameters().values().stream().filter(Parameter::isTrainable).toList()));
  }
}
