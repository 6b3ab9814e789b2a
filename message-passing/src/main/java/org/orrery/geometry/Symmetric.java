package org.orrery.geometry;

import java.util.List;

/// A model that claims symmetries.
@FunctionalInterface
public interface Symmetric {
  /// The groups under whose action the output stays, or moves along.
  List<Symmetry> symmetries();
}
