package org.orrery.optimizers;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.orrery.tensor.Tensor;

/// What an optimizer or an average remembers between steps, to be saved and restored.
///
/// @param tensors by name, `layers.0.weight.first_moment`
/// @param counts by name: how often something was changed
public record SavedState(Map<String, Tensor> tensors, Map<String, Long> counts) {
  /// Copies both maps.
  public SavedState {
    tensors = Collections.unmodifiableMap(new TreeMap<>(tensors));
    counts = Collections.unmodifiableMap(new TreeMap<>(counts));
  }
}
