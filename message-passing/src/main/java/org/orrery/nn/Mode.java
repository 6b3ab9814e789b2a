package org.orrery.nn;

import org.orrery.tensor.Key;

/// Whether a model is being trained or used. It is the only way to ask for noise: dropout without a key does not exist.
public sealed interface Mode {
  /// Training: noise comes from the key.
  ///
  /// @param key fresh for each step
  record Training(Key key) implements Mode {
  }

  /// Using: no noise.
  record Inference() implements Mode {
  }

  /// Using a trained model: no noise, running statistics as they are.
  static Mode inference() {
    return new Inference();
  }

  /// Training with noise from this key.
  static Mode training(Key key) {
    return new Training(key);
  }

  /// The mode for an inner part: the same, with noise of its own. A module that has several parts hands each a
  /// different number.
  default Mode part(int number) {
    return this instanceof Training(Key key) ? new Training(key.fold(number)) : this;
  }

  /// Whether running statistics are to be updated and noise to be drawn.
  default boolean isTraining() { return this instanceof Training; }
}
